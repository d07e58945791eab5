import fc from "fast-check";
import { expect, test } from "vitest";
import { isPathMasked, printPayloadPath, readPayloadPath } from "./payload-path.rules";
import { type Condition, parseQuery, printQuery, type Query, QueryFault } from "./query.rules";
import { type Field, fieldNames, fields, isOrdered } from "./query-fields.rules";
import { instantOf } from "./query-values.rules";

const one = (field: string, ...values: string[]) => ({ field, path: null, not: false, compare: "=", values });

test.each<[string, string, Partial<Query>]>([
  ["a value", "zone:orders", { conditions: [one("zone", "orders") as Condition] }],
  ["what is left out", "-zone:orders", { conditions: [{ ...one("zone", "orders"), not: true } as Condition] }],
  ["a list", "state:parked,redelivering", { conditions: [one("state", "parked", "redelivering") as Condition] }],
  ["a value in quotation marks", 'error:"A, \\"B\\"",C', { conditions: [one("error", 'A, "B"', "C") as Condition] }],
  ["an age", "age:>2h", { conditions: [{ ...one("age", "2h"), compare: ">" } as Condition] }],
  ["a number", "attempts:>=3", { conditions: [{ ...one("attempts", "3"), compare: ">=" } as Condition] }],
  ["a time", "parked:<2026-11-27T10:00", { conditions: [{ ...one("parked", "2026-11-27T10:00"), compare: "<" } as Condition] }],
  ["text among conditions", "boom zone:a bang", { conditions: [one("zone", "a") as Condition], text: "boom bang" }],
  ["a colon in quotation marks", '"foo: bar"', { text: "foo: bar" }],
  ["a sentence of a log", "IllegalState: no row for 12", { text: "IllegalState: no row for 12" }],
  ["a stack", "Error: x\n  at zone:12", { text: "Error: x\n  at zone:12" }],
  ["the old span", "last:<7d", { conditions: [{ ...one("last", "7d"), compare: "<" } as Condition] }],
  ["the old span without a mark", "last:7d", { conditions: [one("last", "7d") as Condition] }],
  ["nothing", "   ", {}],
])("a query reads %s", (_, text, expected) => {
  expect(parseQuery(text)).toEqual({ conditions: [], text: null, ...expected });
});

test("a path of the payload is read as it is written", () => {
  const read = (text: string) => parseQuery(text).conditions[0];
  expect(read("payload.customer.id:42")).toMatchObject({
    field: null,
    path: [{ name: "customer" }, { name: "id" }],
    values: ["42"],
  });
  expect(read('payload.lines[0]."odd name"[*]:>7')).toMatchObject({
    path: [{ name: "lines" }, { index: 0 }, { name: "odd name" }, { index: "*" }],
    compare: ">",
  });
});

test.each([
  ["zon:a", 1, /there is no zon\. Known: zone,/],
  ["zone:a -foo:b", 9, /there is no foo/],
  ["zone:", 6, /say which zone/],
  ["zone:a,", 8, /say which zone/],
  ["zone:>a", 6, /zone has no order/],
  ["age:2h", 5, /age is compared: write age:>2h/],
  ["age:>2y", 6, /age takes a span such as 30m/],
  ["attempts:many", 10, /attempts takes a whole number; "many" is none/],
  ["parked:<yesterday", 9, /parked takes a time such as/],
  ["state:odd", 7, /state is one of open, parked/],
  ["attempts:>3,4", 1, /compared with one value/],
  ['zone:"a', 6, /quotation is not closed/],
  ["payload:1", 1, /a path into the payload is written/],
  ["payload..a:1", 1, /a path into the payload is written/],
  ["payload.a:>x", 12, /compared with a number/],
  [`payload${".a".repeat(13)}:1`, 1, /at most 12 steps/],
  [`zone:${"a".repeat(301)}`, 6, /at most 300 characters/],
  [`zone:${"a,".repeat(50)}a`, 106, /at most 50 values/],
  ["zone:a ".repeat(31), 211, /at most 30 conditions/],
  ["a".repeat(4_001), 4_001, /at most 4000 characters/],
  ["zone:\u0000", 1, /leave that out/],
] as [string, number, RegExp][])("%.40s is refused at column %i: %s", (text, column, words) => {
  const fault = (() => {
    try {
      return parseQuery(text);
    } catch (error) {
      return error;
    }
  })() as QueryFault;
  expect(fault).toBeInstanceOf(QueryFault);
  expect([fault.column, fault.kind]).toEqual([column, "invalid"]);
  expect(fault.message).toMatch(words);
});

// No half of a surrogate pair and no NUL: neither can be stored, and both are refused above.
const value = fc
  .oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
    fc.constantFrom("a b", 'say "x"', "a,b", "<3", "\\", "zone:a", "-x"),
  )
  .filter((text) => text.trim() !== "" && !text.includes("\u0000"));
const kindValues: Record<string, fc.Arbitrary<string>> = {
  number: fc.nat(999_999).map(String),
  foretold: fc.constantFrom("12.stale", "7.deliver"),
  id: fc.nat(999_999).map(String),
  span: fc.tuple(fc.nat(999), fc.constantFrom("s", "m", "h", "d")).map(([n, unit]) => `${n}${unit}`),
  instant: fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((date) => date.toISOString()),
};
const condition: fc.Arbitrary<Condition> = fc.constantFrom(...fieldNames).chain((field) => {
  const { kind } = fields[field] as Field;
  const values = typeof kind === "object" ? fc.constantFrom(...kind.words) : (kindValues[kind] ?? value);
  const compare = isOrdered(field)
    ? field === "last"
      ? fc.constant("<")
      : fc.constantFrom("<", "<=", ">", ">=")
    : fc.constant("=");
  return fc.record({
    field: fc.constant(field),
    path: fc.constant(null),
    not: fc.boolean(),
    compare: compare as fc.Arbitrary<Condition["compare"]>,
    values: fc.array(values, { minLength: 1, maxLength: isOrdered(field) ? 1 : 4 }),
  });
});
const step = fc.oneof(
  value.map((name) => ({ name })),
  fc.record({ index: fc.oneof(fc.nat(99), fc.constant("*" as const)) }),
);
const inPayload: fc.Arbitrary<Condition> = fc.record({
  field: fc.constant(null),
  path: fc.array(step, { minLength: 1, maxLength: 5 }),
  not: fc.boolean(),
  compare: fc.constant("=" as const),
  values: fc.array(value, { minLength: 1, maxLength: 3 }),
});
const query: fc.Arbitrary<Query> = fc.record({
  conditions: fc.array(fc.oneof(condition, inPayload), { maxLength: 6 }),
  text: fc.option(value),
});

test("what is printed of a query is read as the same query", () => {
  fc.assert(
    fc.property(query, (asked) => {
      expect(parseQuery(printQuery(asked))).toEqual(asked);
    }),
  );
});

test("whatever somebody types is a query or a refusal with a column in it, never a fault", () => {
  const typed = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 80 }),
    fc
      .array(fc.constantFrom("zone", ":", "-", '"', "payload", ".", "[", "]", "*", ">", "=", ",", " ", "\\", "a", "3", "h"), {
        maxLength: 30,
      })
      .map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(typed, (text) => {
      try {
        expect(parseQuery(printQuery(parseQuery(text)))).toEqual(parseQuery(text));
      } catch (error) {
        if (!(error instanceof QueryFault)) throw error;
        expect(error.column).toBeGreaterThan(0);
        expect(error.column).toBeLessThanOrEqual(text.length + 1);
      }
    }),
  );
});

test.each([
  ["payload.customer.email", ["$.customer.email"], true],
  ["payload.customer.email", ["$.customer"], true],
  ["payload.customer.email", ["$.customer.*"], true],
  ["payload.customer.email", ["$.*"], true],
  ["payload.customer.email", ["$..email"], true],
  ["payload.customer.email", ["$.customer.phone"], false],
  ["payload.customer", ["$.customer.email"], false],
  ["payload.lines[*].note", ["$.lines[0].note"], true],
  ["payload.lines[3].note", ["$.lines[*].note"], true],
  ["payload.lines[3].note", ["$.lines[0].note"], false],
  ["payload[0].customer.email", ["$.customer.email"], true],
  ["payload[*].sku", ["$..note"], false],
  ["payload.a.b", ["not a path"], true],
  ['payload."odd name"', ["$['odd name']"], true],
])("%s under %j: masked is %s", (text, masking, expected) => {
  expect(isPathMasked(readPayloadPath(text.slice("payload".length))!, masking)).toBe(expected);
});

test("a path is printed as it was read, and a time without a zone is UTC", () => {
  expect(printPayloadPath(readPayloadPath('.a[0]."b c"[*]')!)).toBe('payload.a[0]."b c"[*]');
  expect(instantOf("2026-11-27T10:00")).toBe(Date.UTC(2026, 10, 27, 10));
  expect(instantOf("2026-11-27T10:00+01:00")).toBe(Date.UTC(2026, 10, 27, 9));
  expect([instantOf("2026-13-01"), instantOf("today")]).toEqual([null, null]);
});
