require "json"
# PAD
class OrderFailed < StandardError; end

class Stock
  ROWS = {}

  def reserve(key) = ROWS[key].quantity
  def release(key) = ROWS[key].quantity
  def connect(key) = raise(IOError, "connect to 10.0.0.#{key.length}:5432 refused")

  def wrapped(step, key)
    send(step, key)
  rescue StandardError
    raise OrderFailed, "could not reserve #{key}"
  end

  def rows(rows) = raise(ArgumentError, "Rows failed: #{rows.join(', ')}")
  def coupon(code) = raise("duplicate key value violates unique constraint \"coupon_code_key\" Detail: Key (code)=(#{code}) already exists.")
  def booking(code) = [code].each { |each| raise KeyError, "Booking #{each} not found" }
end

stock = Stock.new
failures = {
  "reserve" => ->(key, *) { [key].map { |each| stock.reserve(each) } },
  "release" => ->(key, *) { [key].map { |each| stock.release(each) } },
  "wrapped connect" => ->(key, *) { stock.wrapped(:connect, key) },
  "wrapped reserve" => ->(key, *) { stock.wrapped(:reserve, key) },
  "rows" => ->(_, rows, *) { stock.rows(rows) },
  "coupon" => ->(_, _, code, *) { stock.coupon(code) },
  "booking" => ->(_, _, _, booking) { stock.booking(booking) },
  "json" => ->(*, booking) { JSON.parse("{\"#{booking}\"") }
}
inputs = [["ORD-1", [12, 15, 19], "SPRING", "X7K2PQ"], ["ORD-77", [12], "early (bird)", "QF9ZL1"]]
failures.each do |label, fail|
  inputs.each do |input|
    fail.call(*input)
  rescue StandardError => e
    print [label, e.class.name, e.message, e.full_message(highlight: false, order: :top)].join("\x1f"), "\x1e"
  end
end
