import { expect, test } from "vitest";
import { templateOf, wordingsOf } from "./template.rules";

test.each<[what: string, ...messages: string[]]>([
  ["numbers in a list", "Rows failed: 12, 15, 19", "Rows failed: 12", "Rows failed: 1 and 2", "Rows failed: 1, 2 and 3"],
  ["what was left out of a list", "Rows failed: 12", "Rows failed: 1, 2, 3, ...", "Rows failed: 12, 15 and 7 more"],
  ["quoted codes in brackets", 'no stock for ["A1","B2"]', 'no stock for ["A1"]', 'no stock for ["A1", "B2", "C3"]'],
  ["Python's lists", "no stock for ['A1', 'B2']", "no stock for ['A1']"],
  ["bare codes in brackets", "no stock for [A1, B2]", "no stock for [A1]"],
  ["sets", "no stock for {A1, B2}", "no stock for {A1}"],
  ["keys", "Missing orders ORD-1, ORD-2", "Missing orders ORD-3", "Missing orders ORD-3; ORD-7", "Missing orders ORD-1 ORD-2"],
  ["lists down the page", "Missing orders:\n- ORD-1\n- ORD-2", "Missing orders:\n- ORD-1"],
  ["lists with a word to each", "bad lines: 12 (qty), 13 (qty)", "bad lines: 12 (qty)"],
  [
    "lists of uuids",
    "ids: 0190b7a2-1111-7222-8333-444455556666, 0190b7a2-1111-7222-8333-444455556667",
    "ids: 0190b7a2-1111-7222-8333-444455556666",
  ],
  ["objects", 'wrong: [{"sku":"A1","qty":2},{"sku":"B22","qty":1}]', 'wrong: [{"sku":"A1","qty":2}]'],
  [
    "PostgreSQL's second brackets",
    'duplicate key value violates unique constraint "coupon_code_key" Detail: Key (code)=(SPRING) already exists.',
    'duplicate key value violates unique constraint "coupon_code_key" Detail: Key (code)=(it\'s (a) "b") already exists.',
    'duplicate key value violates unique constraint "coupon_code_key" Detail: Key (code)=() already exists.',
  ],
  [
    "keys of expressions",
    "Key (lower(code), tenant)=(spring, acme) already exists.",
    "Key (lower(code), tenant)=(x) y, z) already exists.",
  ],
  [
    "a server of another language",
    "Schlüssel »(code)=(SPRING)« existiert bereits.",
    "Schlüssel »(code)=(ein Wert)« existiert bereits.",
  ],
  ["a failing row", "Failing row contains (1, abc, null).", 'Failing row contains (2, "x) y", z).'],
  ["a refused value", 'invalid input value for enum order_state: "foo"', 'invalid input value for enum order_state: "bar baz"'],
  ["MySQL", "Duplicate entry 'SPRING' for key 'coupon.code'", "Duplicate entry 'it''s' for key 'coupon.code'"],
  ["SQL Server", "The duplicate key value is (SPRING).", "The duplicate key value is (a, b)."],
  ["MongoDB", 'E11000 dup key: { code: "SPRING" }', 'E11000 dup key: { code: "x", b: 2 }'],
  ["codes", "Booking X7K2PQ not found", "Booking QF9ZL1 not found", "Booking AB12CD not found", "Booking 1A2B3C not found"],
  ["short hashes", "commit a1b2c3d is gone", "commit 1234567 is gone", "commit 0f9e8d7 is gone"],
  ["durations of ISO 8601", "took PT1H23M4.5S", "took PT45M", "took P1DT2H", "took PT0S"],
  ["durations of Go", "took 1h23m4.5s", "took 45s", "took 250ms"],
  [
    "marks within numbers",
    "sum 1 234,56 EUR",
    "sum 1\u00a0234,56 EUR",
    "sum 1\u202f234,56 EUR",
    "sum 234,56 EUR",
    "sum 1'234.56 EUR",
  ],
  ["digits of other scripts", "sum ١٢٣٤", "sum ١٢٬٣٤٥٫٥", "sum 12", "sum १२", "sum １２"],
  ["shares", "cannot open \\\\srv1\\share\\a.txt", "cannot open \\\\srv2\\x\\y\\b.txt", "cannot open C:\\x\\a.txt"],
  ["seats", "Seat 12A is taken", "Seat 14C is taken"],
])("one failure: %s", (_what, ...messages) => {
  for (const message of messages) expect(templateOf(message)).toBe(templateOf(messages[0]!));
});

test.each([
  ["Oracle's codes", "ORA-00001: failed", "ORA-01400: failed"],
  ["SQL states", "SQLSTATE[23505]: failed", "SQLSTATE[40001]: failed"],
  ["statuses of HTTP", "Request failed with status code 404", "Request failed with status code 503"],
  ["exit codes", "ended with exit code 137", "ended with exit code 1"],
  ["columns", 'column "amount" does not exist', 'column "currency" does not exist'],
  ["names in a list", 'missing ["amount"]', 'missing ["currency"]'],
  ["names with a digit", "Reserve2 failed", "Reserve3 failed"],
  ["algorithms", "SHA256 does not agree", "SHA512 does not agree"],
  ["encodings", "not valid UTF-8", "not valid UTF-16"],
  [
    "what is wrong with a key",
    'Key (id)=(1) is not present in table "orders".',
    'Key (id)=(1) is still referenced from table "orders".',
  ],
])("two failures: %s", (_what, one, other) => {
  expect(templateOf(one)).not.toBe(templateOf(other));
});

test("private characters of a message are not taken for hidden digits", () => {
  expect(templateOf("a \ue041 b")).toBe("a b");
});

test("T13: a message that was pasted finds its group, and a number alone does not find every group", () => {
  expect(wordingsOf("Order ORD-7 has no line 12")).toEqual(["Order ORD-7 has no line 12", "Order <key> has no line <n>"]);
  expect(wordingsOf("12")).toEqual(["12"]);
  expect(wordingsOf("ORD-7")).toEqual(["ORD-7"]);
});
