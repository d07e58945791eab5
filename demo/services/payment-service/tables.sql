create table if not exists payment (
  order_id text primary key,
  state text not null check (state in ('authorized', 'declined', 'voided', 'void_rejected')),
  amount_cents int not null,
  correlation_id text,
  traceparent text,
  version bigint not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);

create index if not exists payment_to_void_again on payment (updated_at) where state = 'void_rejected';

create sequence if not exists posting_number start 500001;

-- Numbers the postings of each account 1, 2, 3 …, and says what they come to.
create table if not exists account (
  account_id text primary key,
  version bigint not null,
  balance_cents bigint not null,
  updated_at timestamptz not null default clock_timestamp()
);

create table if not exists posting (
  posting_id text primary key,
  account_id text not null,
  version bigint not null,
  amount_cents int not null,
  requested_at timestamptz not null default clock_timestamp(),
  unique (account_id, version)
);

-- What ledger-service said that it booked, and what each account stands at.
create table if not exists booking_view (
  posting_id text primary key,
  account_id text not null,
  amount_cents int not null,
  updated_at timestamptz not null default clock_timestamp()
);

create table if not exists account_view (
  account_id text primary key,
  balance_cents bigint not null,
  version bigint not null,
  updated_at timestamptz not null default clock_timestamp()
);
