import { expect, test } from "vitest";
import { testValues, valueContract } from "./values.testing";

/** Values and settings of services' databases, each row of the cases by its number. */
const { estate, found, afresh } = testValues();

test.each<[row: string, authority: [string, string], projection: [string, string], tolerance: string, agree: boolean]>([
  ["V1", ["numeric", "1.10"], ["numeric", "1.11"], "{ value: 0.01 }", true],
  ["V2", ["numeric", "12345678901234567.01"], ["numeric", "12345678901234567.99"], "{ value: 0.01 }", false],
  ["V3", ["numeric", "0.0000001"], ["float8", "1e-07"], "{}", true],
  ["V3", ["numeric", "1000000000000000000000"], ["float8", "1e21"], "{}", true],
  ["V4", ["numeric", "1e400"], ["numeric", "2e400"], "{ value: 1 }", false],
  ["V6", ["jsonb", '{"a": 1.10}'], ["jsonb", '{"a": 1.1}'], "{}", true],
  ["V6", ["json", '{"b":1, "a":1.10}'], ["jsonb", '{"a": 1.1, "b": 1}'], "{}", true],
  ["V6", ["jsonb", `{"a": 1.10, "t": "${"x".repeat(5_000)}"}`], ["jsonb", `{"a": 1.1, "t": "${"x".repeat(5_000)}"}`], "{}", true],
  ["V6", ["jsonb", '{"a": 9007199254740993}'], ["jsonb", '{"a": 9007199254740992}'], "{}", false],
  [
    "V7",
    ["timestamptz", "2026-01-01 00:00:00.123456+00"],
    ["timestamptz(3)", "2026-01-01 00:00:00.123456+00"],
    "{ value: 1ms }",
    true,
  ],
  ["a tolerance of text", ["text", " ANNA"], ["text", "Anna"], "{ value: [trim, case] }", true],
  ["bytes", ["bytea", "\\x00ff"], ["bytea", "\\x00ff"], "{}", true],
  ["intervals", ["interval", "1 day 02:00"], ["interval", "1 day 02:00"], "{}", true],
  ["lists", ["numeric[]", "{1.50,2}"], ["float8[]", "{1.5,2}"], "{}", true],
  ["ranges", ["numrange", "[1.50,2)"], ["numrange", "[1.5,2.0)"], "{}", true],
  [
    "lists of times",
    ["timestamptz[]", "{2026-01-01 10:00:00.1234+00}"],
    ["timestamptz(3)[]", "{2026-01-01 10:00:00.123+00}"],
    "{ value: 1ms }",
    true,
  ],
  ["ranges of ranges", ["nummultirange", "{[1.50,2)}"], ["nummultirange", "{[1.5,2)}"], "{}", true],
  ["uuids", ["uuid", "0190b7a2-1111-7222-8333-44445555666a"], ["text", "0190B7A2-1111-7222-8333-44445555666A"], "{}", true],
  ["truth", ["boolean", "t"], ["text", "true"], "{}", true],
  ["ranges of times", ["tstzrange", "[2026-01-01 10:00:00+00,)"], ["tsrange", "[2026-01-01 10:00:00,)"], "{}", true],
  ["lists of JSON", ["jsonb[]", String.raw`{"{\"a\": 1.10}"}`], ["jsonb[]", String.raw`{"{\"a\": 1.1}"}`], "{}", true],
  ["negative zero", ["float8", "-0"], ["numeric", "0"], "{}", true],
  ["a float and text", ["float8", "1e-7"], ["text", "0.0000001"], "{}", true],
  ["no numbers", ["numeric", "NaN"], ["float8", "NaN"], "{ value: 1 }", true],
  ["infinity", ["numeric", "Infinity"], ["float8", "-Infinity"], "{ value: 1 }", false],
])("%s: a value of %s and one of %s, tolerating %s", async (_row, [type, value], [otherType, other], tolerance, agree) => {
  await estate().apply(valueContract(tolerance));
  const answer = await found(["text", type, [["K", value]]], ["text", otherType, [["K", other]]]);
  expect(answer).toMatchObject({ found: agree ? [] : ["K mismatch"], error: null });
  await estate().apply(valueContract());
});

test("V5: money is refused in words before anything is compared", async () => {
  expect((await found(["text", "money", [["K", "1234.50"]]], ["text", "numeric", [["K", "1234.50"]]])).error).toMatch(
    /value of payment is money, whose text depends on the database's locale/,
  );
});

test("V7: two precisions are noted at once, unless the rule tolerates the difference", async () => {
  const at = "2026-01-01 00:00:00.123+00";
  const run = () => found(["text", "timestamptz", [["K", at]]], ["text", "timestamptz(3)", [["K", at]]]);
  expect((await run()).notes.join()).toMatch(/value keeps 3 digits of a second, the authority's value 6/);
  await afresh();
  await estate().apply(valueContract("{ value: 1ms }"));
  expect((await run()).notes.join()).not.toMatch(/digits of a second/);
  await estate().apply(valueContract());
});

test("V12: settings of a database that shape text make no difference", async () => {
  const settings = {
    datestyle: "SQL, DMY",
    intervalstyle: "iso_8601",
    extra_float_digits: "0",
    bytea_output: "escape",
    timezone: "Asia/Kolkata",
    xmloption: "document",
  };
  const name = (await estate().orders.query<{ name: string }>("select current_database() as name")).rows[0]!.name;
  for (const [setting, value] of Object.entries(settings))
    await estate().orders.query(`alter database "${name}" set ${setting} = '${value}'`);
  await estate().orders.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'accord%'",
  );
  try {
    for (const [type, value] of [
      ["timestamptz", "2026-03-04 05:06:07.89+00"],
      ["date", "2026-03-04"],
      ["interval", "1 year 2 mons 3 days 04:05:06"],
      ["float8", "0.1234567890123456"],
      ["bytea", "\\x00ff41"],
    ]) {
      expect(await found(["text", type!, [["K", value!]]], ["text", type!, [["K", value!]]])).toMatchObject({
        found: [],
        matchedN: 1,
        error: null,
      });
      await afresh();
    }
  } finally {
    for (const setting of Object.keys(settings)) await estate().orders.query(`alter database "${name}" reset ${setting}`);
  }
});
