# PAD
defmodule Stock.Reserve do
  def reserve(key), do: Map.fetch!(%{}, String.to_atom(key)) + 1
  def release(key), do: hd([Map.fetch!(%{}, String.to_atom(key))]) + 1
  def rows(rows), do: raise(ArgumentError, "Rows failed: #{Enum.join(rows, ", ")}") |> ignore()
  def coupon(code), do: raise("duplicate key value violates unique constraint \"coupon_code_key\" Detail: Key (code)=(#{code}) already exists.") |> ignore()
  def booking(code), do: Enum.map([code], fn each -> raise(ArgumentError, "Booking #{each} not found") |> ignore() end) |> ignore()
  def quantity(n) when is_integer(n), do: n
  def clause(key), do: quantity(key) + 1
  def ignore(value), do: value
end

alias Stock.Reserve

failures = [
  {"rows", fn {_, rows, _, _} -> Reserve.rows(rows) end},
  {"coupon", fn {_, _, code, _} -> Reserve.coupon(code) end},
  {"booking", fn {_, _, _, booking} -> Reserve.booking(booking) end},
  {"clause", fn {key, _, _, _} -> Reserve.clause(key) end},
  {"reserve", fn {key, _, _, _} -> Reserve.reserve("a" <> key) end},
  {"release", fn {key, _, _, _} -> Reserve.release("a" <> key) end}
]

inputs = [{"ORD-1", [12, 15, 19], "SPRING", "X7K2PQ"}, {"ORD-77", [12], "early (bird)", "QF9ZL1"}]

for {label, fail} <- failures, input <- inputs do
  try do
    fail.(input)
  rescue
    error ->
      text = Exception.format(:error, error, __STACKTRACE__)
      IO.write(Enum.join([label, inspect(error.__struct__), Exception.message(error), text], "\x1f") <> "\x1e")
  end
end
