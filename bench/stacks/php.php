<?php
namespace App;
// PAD
class OrderFailed extends \RuntimeException {}

class Stock {
  function reserve(string $key): int { return (null)->quantity($key); }
  function release(string $key): int { return (null)->quantity($key); }
  function connect(string $key): int { throw new \PDOException("connection to 10.0.0." . strlen($key) . ":5432 refused"); }
  function wrapped(string $step, string $key): void {
    try { $this->$step($key); } catch (\Throwable $cause) { throw new OrderFailed("could not reserve $key", 0, $cause); }
  }
  function rows(array $rows): void { throw new \RangeException("Rows failed: " . implode(", ", $rows)); }
  function coupon(string $code): void { throw new \PDOException("SQLSTATE[23505]: Unique violation: 7 ERROR:  duplicate key value violates unique constraint \"coupon_code_key\"\nDETAIL:  Key (code)=($code) already exists."); }
  function booking(string $code): void { array_map(function ($each) { throw new \LogicException("Booking $each not found"); }, [$code]); }
}

$stock = new Stock();
$failures = [
  "reserve" => fn($key) => array_map(fn($each) => $stock->reserve($each), [$key]),
  "release" => fn($key) => array_map(fn($each) => $stock->release($each), [$key]),
  "wrapped connect" => fn($key) => $stock->wrapped("connect", $key),
  "wrapped reserve" => fn($key) => $stock->wrapped("reserve", $key),
  "rows" => fn($key, $rows) => $stock->rows($rows),
  "coupon" => fn($key, $rows, $code) => $stock->coupon($code),
  "booking" => fn($key, $rows, $code, $booking) => $stock->booking($booking),
  "json" => fn($key) => json_decode("{" . $key, false, 512, JSON_THROW_ON_ERROR),
];
$inputs = [["ORD-1", [12, 15, 19], "SPRING", "X7K2PQ"], ["ORD-77", [12], "early (bird)", "QF9ZL1"]];
foreach ($failures as $label => $fail) {
  foreach ($inputs as $input) {
    try { $fail(...$input); } catch (\Throwable $e) {
      echo implode("\x1f", [$label, get_class($e), $e->getMessage(), (string) $e]), "\x1e";
    }
  }
}
