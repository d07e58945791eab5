import { expect, test } from "vitest";
import { type Rows, testValues } from "./values.testing";

/** Keys of services' databases, each row of the cases by its number. */
const { estate, found, afresh } = testValues();

test.each([
  ["smallint", "32767"],
  ["integer", "1000000001"],
  ["integer", "-2147483648"],
  ["bigint", "9223372036854775807"],
  ["bigint", "1000000000000000001"],
])("T1: a key of type %s with all its digits, %s, is reported when its values differ", async (type, key) => {
  const answer = await found(
    [
      type,
      "text",
      [
        [key, "a"],
        ["7", "a"],
      ],
    ],
    [
      type,
      "text",
      [
        [key, "WRONG"],
        ["7", "a"],
      ],
    ],
  );
  expect(answer).toMatchObject({ found: [`${key} mismatch`], matchedN: 1, error: null });
});

test("T1: of two sizes of integers the smaller one is asked for nothing beyond it, whichever side it is", async () => {
  const small: Rows = [1, 2, 3].map((n) => [String(n), "a"]);
  const large: Rows = [...small, ["40000", "a"], ["3000000000", "a"], ["9223372036854775807", "a"]];
  const beyond = ["3000000000", "40000", "9223372036854775807"];
  for (const [one, kind] of [
    ["authority", "missing"],
    ["projection", "unexpected"],
  ] as const) {
    const sides = [
      ["bigint", "text", large],
      ["smallint", "text", small],
    ] as const;
    const [a, p] = one === "authority" ? sides : [sides[1], sides[0]];
    const answer = await found([a[0], a[1], [...a[2]]], [p[0], p[1], [...p[2]]], 1);
    expect(answer).toMatchObject({ found: beyond.map((key) => `${key} ${kind}`), error: null });
    await afresh();
  }
});

test("V8: a uuid and its text in capitals are one key", async () => {
  const id = (n: number) => `0190b7a2-1111-7222-8333-44445555666${n}`;
  const small: Rows = [1, 2, 3].map((n) => [id(n), "a"]);
  const capitals: Rows = small.map(([key, value]) => [key.toUpperCase(), value]);
  capitals[1]![1] = "WRONG";
  for (const pageSize of [1, 200]) {
    expect(await found(["uuid", "text", small], ["text", "text", capitals], pageSize)).toMatchObject({
      found: [`${id(2)} mismatch`],
      error: null,
    });
    await afresh();
    expect(await found(["text", "text", capitals], ["uuid", "text", small], pageSize)).toMatchObject({
      found: [`${id(2)} mismatch`],
      error: null,
    });
    await afresh();
  }
});

test.each([
  ["numeric(10,2)", "100.00", "integer", "100"],
  ["numeric", "100.0", "bigint", "100"],
  ["double precision", "100", "numeric(10,2)", "100.00"],
  ["numeric(10,2)", "100.00", "text", "100"],
  ["numeric(10,2)", "100.00", "text", "100.00"],
  ["numeric(10,2)", "12.50", "numeric", "12.5"],
  ["numeric", "12.50", "text", "12.50"],
  ["numeric", "-0.50", "varchar", "-0.5"],
  ["float8", "1e21", "text", "1e+21"],
  ["float8", "1e-7", "numeric", "0.0000001"],
  ["float8", "-0", "integer", "0"],
  ["numeric", "NaN", "float8", "NaN"],
  ["float8", "Infinity", "numeric", "Infinity"],
  ["timestamptz", "2026-01-01 10:00:00+00", "text", "2026-01-01T10:00:00.000Z"],
  ["timestamp", "2026-01-01 10:00:00.5", "varchar(40)", "2026-01-01 10:00:00.5"],
  ["timestamptz", "infinity", "timestamp", "infinity"],
  ["date", "2026-01-01", "text", "2026-01-01"],
  ["date", "2026-01-01", "text", "2026-01-01T00:00:00Z"],
  ["date", "0044-03-15 BC", "timestamp", "0044-03-15 00:00:00 BC"],
  ["boolean", "true", "text", "t"],
  ["boolean", "false", "boolean", "f"],
  ["char(36)", "0190b7a2-1111-7222-8333-444455556661", "uuid", "0190b7a2-1111-7222-8333-444455556661"],
  ["varchar(20)", "ab", "text", "ab"],
  ["bytea", "\\x00ff", "bytea", "\\x00ff"],
  ["interval", "1 day 02:00", "interval", "1 day 02:00"],
  ["date", "2026-01-01", "timestamp", "2026-01-01 00:00:00"],
  ["timestamptz", "2026-01-01 10:00:00+00", "timestamp", "2026-01-01 10:00:00"],
  ["char(8)", "ab", "text", "ab"],
  ["integer", "7", "smallint", "7"],
  ["oid", "7", "bigint", "7"],
  ["real", "0.1", "numeric", "0.1"],
  ["real", "1e20", "numeric", "100000000000000000000"],
  ["numeric", "1e400", "numeric(1000,2)", "1e400"],
  ["numeric(20,0)", "12345678901234567890", "text", "12345678901234567890"],
  ["time", "10:00:00.5", "time(3)", "10:00:00.5"],
  ["int4range", "[1,3)", "int4range", "[1,2]"],
  ["jsonb", '{"a": 1}', "jsonb", '{"a":1}'],
  ["text", "TRUE", "boolean", "true"],
])("V9: a key of type %s, %s, is that of type %s, %s, in both directions", async (one, key, other, same) => {
  expect(await found([one, "text", [[key, "a"]]], [other, "text", [[same, "a"]]])).toMatchObject({
    found: [],
    matchedN: 1,
    error: null,
  });
  await afresh();
  expect(await found([other, "text", [[same, "a"]]], [one, "text", [[key, "a"]]])).toMatchObject({
    found: [],
    matchedN: 1,
    error: null,
  });
});

test("V10: a key that compares without regard to capitals is refused in words", async () => {
  expect((await found(["text", "text", [["a", "x"]]], ["citext", "text", [["A", "x"]]])).error).toMatch(
    /orders: The key id of payment compares without regard to case/,
  );
  for (const pool of [estate().payments, estate().orders]) {
    await pool.query("drop table payment");
    await pool.query(`create collation if not exists folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`);
  }
  expect((await found(['text collate "folded"', "text", [["a", "x"]]], ["text", "text", [["A", "x"]]])).error).toMatch(
    /payments: The key id of payment compares without regard to case/,
  );
});

test("V11: a key that is a list is refused in words", async () => {
  expect((await found(["text[]", "text", [["{a}", "x"]]], ["text[]", "text", [["{a}", "x"]]])).error).toMatch(
    /The key id of payment is a list/,
  );
});

test.each([
  ["date", "2026-01-01", "n/a"],
  ["date", "2026-01-01", "2026-13-45"],
  ["timestamptz", "2026-01-01 00:00:00+00", "soon"],
  ["uuid", "0190b7a2-1111-7222-8333-444455556661", "none"],
  ["boolean", "true", "perhaps"],
  ["inet", "10.0.0.1", "nowhere"],
  ["integer", "7", "007"],
])("V11: of a key of type %s, text that is none is unexpected, and nothing else is", async (type, key, none) => {
  const shown = type === "inet" ? "10.0.0.1/32" : key;
  const answer = await found(
    [type, "text", [[key, "a"]]],
    [
      "text",
      "text",
      [
        [shown, "a"],
        [none, "a"],
      ],
    ],
  );
  expect(answer).toMatchObject({ found: [`${none} unexpected`], error: null });
});

test("V11: so are words that an enum, or the check of a domain, does not have", async () => {
  await estate().payments.query(
    "create type state as enum ('paid', 'sent'); create domain positive as integer check (value > 0); create domain more as positive",
  );
  expect(
    await found(
      ["state", "text", [["paid", "a"]]],
      [
        "text",
        "text",
        [
          ["paid", "a"],
          ["refunded", "a"],
        ],
      ],
    ),
  ).toMatchObject({ found: ["refunded unexpected"], error: null });
  await afresh();
  expect(
    await found(
      ["more", "text", [["7", "a"]]],
      [
        "text",
        "text",
        [
          ["7", "a"],
          ["-7", "a"],
        ],
      ],
    ),
  ).toMatchObject({ found: ["-7 unexpected"], error: null });
});
