import { inspect } from "node:util";

// PAD
class OrderFailed extends Error {
  name = "OrderFailed";
}
const stock = new Map();
const retry = (work) => [1].map(() => work())[0];

function reserve(key) {
  return stock.get(key).quantity;
}
function release(key) {
  return stock.get(key).quantity;
}
function connect(key) {
  throw new Error(`connect ECONNREFUSED 10.0.0.${key.length}:5432`);
}
function wrapped(inner, key) {
  try {
    inner(key);
  } catch (cause) {
    throw new OrderFailed(`could not reserve ${key}`, { cause });
  }
}
const failures = {
  reserve: (key) => retry(() => reserve(key)),
  release: (key) => retry(() => release(key)),
  "wrapped connect": (key) => wrapped(connect, key),
  "wrapped reserve": (key) => wrapped(reserve, key),
  rows: (_key, rows) => {
    throw new RangeError(`Rows failed: ${rows.join(", ")}`);
  },
  coupon: (_key, _rows, code) => {
    throw new Error(
      `duplicate key value violates unique constraint "coupon_code_key" Detail: Key (code)=(${code}) already exists.`,
    );
  },
  booking: (_key, _rows, _code, booking) => {
    const check = () => {
      throw new Error(`Booking ${booking} not found`);
    };
    check();
  },
  json: (key) => JSON.parse(`{"order": ${key}`),
};
const inputs = [
  ["ORD-1", [12, 15, 19], "SPRING", "X7K2PQ"],
  ["ORD-77", [12], "early (bird)", "QF9ZL1"],
];
for (const [label, fail] of Object.entries(failures)) {
  for (const input of inputs) {
    try {
      fail(...input);
    } catch (error) {
      process.stdout.write(`${[label, error.name, error.message, inspect(error)].join("\x1f")}\x1e`);
    }
  }
}
