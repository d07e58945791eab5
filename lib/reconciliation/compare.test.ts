import fc from "fast-check";
import { expect, test } from "vitest";
import type { ReconciliationContract } from "../contracts/rules";
import type { ColumnKind, RelationRow, RelationShape } from "../sources/comparable";
import { compareKeys, comparisonOf, digestOf, instantOfText } from "./compare";

const shape = (kinds: ColumnKind[]): RelationShape => ({
  problem: null,
  notes: [],
  order: "bytes",
  keyType: "text",
  keyScale: null,
  keyLabels: null,
  collated: false,
  changedAtIndexed: false,
  kinds,
  precisions: [],
  estimatedN: null,
});
const side = (sourceId: string, columns: string[]) => ({
  sourceId,
  relation: "r",
  key: "id",
  columns,
  changedAt: "at",
  version: "v",
});
const rule = (over: Partial<ReconciliationContract> = {}): ReconciliationContract => ({
  rule: "agrees",
  everyMs: 60_000,
  authority: side("a", ["amount"]),
  projection: side("p", ["sum"]),
  map: { amount: "sum" },
  tolerance: {},
  repair: "case",
  ...over,
});
const row = (value: string | null, version: string | null = null, changedAt: string | null = null): RelationRow => ({
  key: "K",
  version,
  changedAt,
  values: [value],
});
const compare = (kind: ColumnKind, over: Partial<ReconciliationContract> = {}, masking: string[] = []) =>
  comparisonOf(rule(over), { authority: shape([kind]), projection: shape([kind]) }, masking);
const differ = (kind: ColumnKind, a: string | null, p: string | null, tolerance = 0): boolean =>
  compare(kind, { tolerance: { amount: tolerance } }).differenceOf({ key: "K", authority: [row(a)], projection: [row(p)] }) !==
  null;

test.each([
  ["number", "1.50", "1.5", false],
  ["number", "100", "1e2", false],
  ["number", "-0.0", "0", false],
  ["number", "9007199254740993", "9007199254740992", true],
  ["text", "1.50", "1.5", true],
  ["time", "2026-01-01 00:00:00+00", "2026-01-01", false],
  ["time", "2026-01-01 10:00:00.120+00", "2026-01-01 10:00:00.12", false],
  ["time", "2026-01-01 10:00:00.120001+00", "2026-01-01 10:00:00.12+00", true],
  ["text", null, null, false],
  ["text", null, "", true],
  ["number", "0", null, true],
] as const)("as a %s, %s and %s differ: %s", (kind, a, p, answer) => {
  expect(differ(kind, a, p)).toBe(answer);
});

test("a tolerance is agreement up to it, said with the field, and makes a number of a text", () => {
  expect(differ("text", "100", "103", 3)).toBe(false);
  expect(differ("number", "100", "104", 3)).toBe(true);
  const [field] = compare("number", { tolerance: { amount: 3 } }).fieldsOf({
    key: "K",
    authority: [row("100")],
    projection: [row("103")],
  });
  expect(field).toMatchObject({ column: "amount", projectionColumn: "sum", differs: false, why: "within the tolerance of 3" });
});

test("kinds and details: what is missing, unexpected, older, newer, of the same version, or there twice", () => {
  const of = (authority: RelationRow[], projection: RelationRow[]) =>
    compare("text").differenceOf({ key: "K", authority, projection });
  expect(of([row("x")], [])).toEqual({ kind: "missing", detail: null });
  expect(of([], [row("x")])).toEqual({ kind: "unexpected", detail: null });
  expect(of([row("y", "10")], [row("x", "9")])).toEqual({ kind: "mismatch", detail: "older" });
  expect(of([row("y", "9")], [row("x", "10")])).toEqual({ kind: "mismatch", detail: "newer" });
  expect(of([row("y", "9")], [row("x", "9")])).toEqual({ kind: "mismatch", detail: "other_values" });
  expect(of([row("y")], [row("x")])).toEqual({ kind: "mismatch", detail: null });
  expect(of([row("x")], [row("x"), row("x")])).toEqual({ kind: "duplicate", detail: null });
  expect(of([row("x", "9")], [row("x", "8")])).toBeNull();
  expect(of([], [])).toBeNull();
});

test("what the contract masks is shown by its shape only, whichever side names the column", () => {
  const pair = { key: "K", authority: [row("alice@example.com")], projection: [row(null)] };
  for (const path of ["$.amount", "$.order.sum", "$['amount']", "$.lines[*].sum", "$..amount[0]", "$.amount.currency", "$..*"])
    expect(compare("text", {}, [path]).fieldsOf(pair)[0]).toMatchObject({
      authority: { $masked: "domain example.com" },
      projection: null,
    });
  expect(compare("text", {}, ["$.amount_cents", "$.customer.email"]).fieldsOf(pair)[0]).toMatchObject({
    authority: "alice@example.com",
  });
});

test("keys are sorted as a server sorts bytes and numbers", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
      expect(Math.sign(compareKeys("bytes", a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
  fc.assert(
    fc.property(fc.bigInt(), fc.bigInt(), (a, b) => {
      expect(Math.sign(compareKeys("number", String(a), String(b)))).toBe(a < b ? -1 : a > b ? 1 : 0);
    }),
  );
});

test("a row is told from its next version by a microsecond, and a time that is none is none", () => {
  expect(digestOf(row("x", null, "2026-01-01 00:00:00.000001+00"))).not.toBe(digestOf(row("x", null, "2026-01-01 00:00:00+00")));
  expect(instantOfText("2026-01-01 00:00:00.123456+00")).toBe(Date.UTC(2026, 0, 1, 0, 0, 0, 123));
  expect(instantOfText("infinity")).toBeNull();
});
