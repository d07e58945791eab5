use strict;
use warnings;
use Carp qw(longmess);
# PAD
my %stock;

sub failed { my ($message) = @_; die longmess($message); }
sub reserve { my ($key) = @_; failed("no stock for $key"); }
sub release { my ($key) = @_; failed("no stock for $key"); }
sub rows { failed("Rows failed: " . join(", ", @{$_[0]})); }
sub coupon { failed("duplicate key value violates unique constraint \"coupon_code_key\" Detail: Key (code)=($_[0]) already exists."); }
sub booking { failed("Booking $_[0] not found"); }

my @inputs = (["ORD-1", [12, 15, 19], "SPRING", "X7K2PQ"], ["ORD-77", [12], "early (bird)", "QF9ZL1"]);
my %failures = (
  reserve => sub { reserve($_[0]) },
  release => sub { release($_[0]) },
  rows => sub { rows($_[1]) },
  coupon => sub { coupon($_[2]) },
  booking => sub { booking($_[3]) },
);
for my $label (sort keys %failures) {
  for my $input (@inputs) {
    eval { $failures{$label}->(@$input); 1 } or do {
      my $stack = $@;
      my ($message) = $stack =~ /^(.*?) at \S+ line \d+\.?$/m;
      print join("\x1f", $label, "", $message, $stack), "\x1e";
    };
  }
}
