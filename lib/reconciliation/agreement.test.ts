import { expect, test } from "vitest";
import type { Tolerance } from "../contracts/rules";
import type { ColumnKind } from "../sources/comparable";
import { agreementOf } from "./agreement";

const of = (a: string, p: string, kinds: ColumnKind | [ColumnKind, ColumnKind], tolerance?: Tolerance) =>
  agreementOf(a, p, Array.isArray(kinds) ? kinds : [kinds, kinds], tolerance);

test.each<
  [
    row: string,
    a: string,
    p: string,
    kinds: ColumnKind | [ColumnKind, ColumnKind],
    tolerance: Tolerance | undefined,
    answer: string,
  ]
>([
  ["V1", "1.10", "1.11", "number", 0.01, "within"],
  ["V1", "0.1", "0.3", "number", 0.2, "within"],
  ["V1", "1.10", "1.1100001", "number", 0.01, "differs"],
  ["V2", "12345678901234567.01", "12345678901234567.99", "number", 0.01, "differs"],
  ["V2", "9007199254740993", "9007199254740992", "number", 0, "differs"],
  ["V3", "0.0000001", "1e-07", "number", undefined, "same"],
  ["V3", "1000000000000000000000", "1e+21", "number", undefined, "same"],
  ["V3", "1.50", "1.5", "number", undefined, "same"],
  ["V3", "-0.0", "0", "number", undefined, "same"],
  ["V4", "1e400", "2e400", "number", 1, "differs"],
  ["V4", `1${"0".repeat(400)}`, "1e400", "number", undefined, "same"],
  ["V4", "NaN", "NaN", "number", 1, "same"],
  ["V4", "NaN", "1", "number", 1, "differs"],
  ["V4", "Infinity", "-Infinity", "number", 1, "differs"],
  ["a number and the text of one", "100.00", "100", ["number", "text"], undefined, "same"],
  ["a number and text with zeros before it", "7", "007", ["number", "text"], undefined, "differs"],
  ["two texts of a number", "1.50", "1.5", "text", undefined, "differs"],
  ["V6", '{"a": 1.10, "b": [1, {"c": null}]}', '{"b":[1.0,{"c":null}],"a":1.1}', "json", undefined, "same"],
  ["V6", '{"id": 9007199254740993}', '{"id": 9007199254740992}', "json", undefined, "differs"],
  ["V6", '{"a": "1.10"}', '{"a": "1.1"}', "json", undefined, "differs"],
  ["V6", '{"a":1,"a":2}', '{"a": 2}', "json", undefined, "same"],
  ["V6", '{"a": 1}', '{"a":1}', ["json", "text"], undefined, "same"],
  ["V6", "[1,2]", "[2,1]", "json", undefined, "differs"],
  ["V7", "2026-01-01 10:00:00.123456+00", "2026-01-01 10:00:00.123+00", "time", { withinMs: 1 }, "within"],
  ["V7", "2026-01-01 10:00:00.123456+00", "2026-01-01 10:00:00.125+00", "time", { withinMs: 1 }, "differs"],
  ["V7", "2026-01-01 10:00:00.120001+00", "2026-01-01 10:00:00.12+00", "time", undefined, "differs"],
  ["V7", "2026-01-01 00:00:00+00", "2026-01-01", "time", undefined, "same"],
  ["V7", "infinity", "infinity", "time", { withinMs: 1 }, "same"],
  ["V7", "infinity", "2026-01-01", "time", { withinMs: 1 }, "differs"],
  ["V7", "10:00:00.123456", "10:00:00.123", "text", { withinMs: 1 }, "within"],
  ["V7", "1 day 02:00:00.001", "1 day 02:00:00", "text", { withinMs: 1 }, "within"],
  ["V7", "1 day 02:00:00", "2 days 02:00:00", "text", { withinMs: 1 }, "differs"],
  ["V7", "-00:00:00.0005", "00:00:00.0005", "text", { withinMs: 1 }, "within"],
  ["a time and the text of one", "2026-01-01 10:00:00+00", "2026-01-01T10:00:00.000Z", ["time", "text"], undefined, "same"],
  ["a float and the text of a number", "1e+21", "1000000000000000000000", ["number", "text"], undefined, "same"],
  ["V3 in arrays", "{1.50,NULL,2}", "{1.5,NULL,2.0}", "number[]", undefined, "same"],
  ["V3 in arrays", "{1.50,NULL}", "{1.5,0}", "number[]", undefined, "differs"],
  ["V2 in arrays", "{9007199254740993}", "{9007199254740992}", "number[]", undefined, "differs"],
  ["V1 in arrays", "{{1.10,2},{3,4}}", "{{1.11,2},{3,4}}", "number[]", 0.01, "within"],
  ["arrays of two shapes", "{{1,2}}", "{1,2}", "number[]", undefined, "differs"],
  ["arrays of two lengths", "{1,2}", "{1,2,2}", "number[]", undefined, "differs"],
  ["V3 in ranges", "[1.50,2)", "[1.5,2.0)", "number[]", undefined, "same"],
  ["ranges of two bounds", "[1.5,2)", "[1.5,2]", "number[]", undefined, "differs"],
  ["ranges without an end", "[1.5,)", "[1.50,)", "number[]", undefined, "same"],
  ["V7 in ranges", '["2026-01-01 10:00:00.1+00",)', '["2026-01-01 10:00:00.1004+00",)', "time[]", { withinMs: 1 }, "within"],
  ["V6 in arrays", String.raw`{"{\"a\": 1.10}"}`, String.raw`{"{\"a\": 1.1}"}`, "json[]", undefined, "same"],
  ["texts in arrays", '{NULL,"a b"}', '{"NULL","a b"}', "text[]", undefined, "differs"],
  [
    "V8 in values",
    "0190b7a2-1111-7222-8333-44445555666a",
    "0190B7A2-1111-7222-8333-44445555666A",
    ["uuid", "text"],
    undefined,
    "same",
  ],
  ["V6", '{"$number":"1"}', "1", "json", undefined, "differs"],
  ["V6", '{"a": 1e400}', '{"a": 2e400}', "json", undefined, "differs"],
  ["V6", '{"a": -0}', '{"a": 0.0}', "json", undefined, "same"],
  ["a tolerance for times on a number", "1.50", "1.5", "number", { withinMs: 1 }, "same"],
  ["a tolerance for text on a time", "2026-01-01 10:00:00+00", "2026-01-01 10:00:00", "time", { ignore: ["trim"] }, "same"],
  ["text", " Anna ", "Anna", "text", { ignore: ["trim"] }, "within"],
  ["text", "ANNA", "Anna", "text", { ignore: ["case"] }, "within"],
  ["text", " ANNA", "Anna", "text", { ignore: ["trim", "case"] }, "within"],
  ["text", "ANNA", "Anna", "text", { ignore: ["trim"] }, "differs"],
])("%s: %s and %s", (_row, a, p, kinds, tolerance, answer) => {
  expect(of(a, p, kinds, tolerance)).toBe(answer);
  const turned: typeof kinds = Array.isArray(kinds) ? [kinds[1], kinds[0]] : kinds;
  expect(of(p, a, turned, tolerance)).toBe(answer);
});

test("JSON that is nested without end, or was cut off, agrees with the same text only", () => {
  const deep = "[".repeat(50_000) + "]".repeat(50_000);
  expect(of(deep, `${deep} `, "json")).toBe("differs");
  expect(of('{"a": 1… 3000 chars, md5 x', '{"a": 1… 3000 chars, md5 y', "json")).toBe("differs");
});
