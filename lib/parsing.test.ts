import { readdirSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { parseOpen } from "./cases/input";
import { parseInvitation, parseOperatorChange } from "./operators/input";
import { isStorable, parsed } from "./parsing";
import { Refusal } from "./refusal";
import { parseTokenRequest } from "./tokens/input";

type Parser = (input: Record<string, unknown>) => unknown;

// The parsers of files have fuzz tests of their own, and those of the environment refuse at the start of a process.
const nouns = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "contracts")
  .map((entry) => entry.name)
  .filter((noun) => readdirSync(path.join(import.meta.dirname, noun)).includes("input.ts"));
const parsers: [string, Parser][] = [];
for (const noun of nouns)
  for (const [name, parser] of Object.entries(await import(`./${noun}/input.ts`)))
    if (/^parse[A-Z]/.test(name)) parsers.push([`${noun} ${name}`, parser as Parser]);

const hostileText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 400 }),
  fc.constantFrom(
    "",
    " ",
    "\u0000",
    "a\u0000b",
    "\ud800",
    "\udc00x",
    "%00",
    "'; drop table zone; --",
    "../../etc",
    "__proto__",
    "constructor",
    "NaN",
    "Infinity",
    "-0",
    "0",
    "-1",
    "1e400",
    "9".repeat(15),
    "9".repeat(16),
    "9".repeat(400),
    "99999999999-1",
    "1-99999999999999999999",
    "<7d",
    "7d",
    ">7d",
    "99999d",
    "30m",
    "none",
    "order-commitment",
    "true",
    "null",
    "[]",
    "{}",
    "2147483648-1",
    "-12345-7",
    "8640000000000001",
    "🦔".repeat(150),
    "a".repeat(100_000),
  ),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
);
const hostileValue = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  fc.array(hostileText, { maxLength: 6 }),
  fc.double(),
  fc.constantFrom(
    undefined,
    null,
    true,
    0,
    -1,
    2 ** 53,
    1e300,
    Number.NaN,
    [],
    {},
    [[]],
    Array.from({ length: 6_000 }, (_, i) => i),
  ),
  fc.jsonValue(),
);
const names = [
  "zoneId",
  "groupId",
  "operationId",
  "operatorId",
  "sessionId",
  "messageId",
  "id",
  "zone",
  "-zone",
  "consumer",
  "-consumer",
  "event",
  "-event",
  "error",
  "-error",
  "version",
  "-version",
  "key",
  "last",
  "q",
  "after",
  "before",
  "state",
  "outcome",
  "range",
  "limit",
  "since",
  "until",
  "action",
  "result",
  "targetKind",
  "targetId",
  "selection",
  "reason",
  "ticket",
  "email",
  "name",
  "role",
  "zones",
  "active",
  "current",
  "next",
  "password",
  "__proto__",
  "toString",
];
const hostileInput = fc.oneof(
  fc.dictionary(fc.constantFrom(...names), hostileValue, { maxKeys: 8 }),
  fc.record({
    selection: fc.record({ messages: hostileValue, groups: hostileValue, asOf: hostileValue }, { requiredKeys: [] }),
    reason: hostileText,
    ticket: hostileText,
    key: fc.constant("press-1"),
  }),
);

test("the parsers of every noun are here", () => {
  expect(nouns).toEqual(expect.arrayContaining(["audit", "dead-letters", "operations", "operators", "zones"]));
  expect(parsers.length).toBeGreaterThan(20);
});

test.each(parsers)("%s answers any input with a value or a refusal in words", (_name, parse) => {
  fc.assert(
    fc.property(hostileInput, (input) => {
      try {
        parse(input);
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal);
        expect(["invalid", "not_found"]).toContain((error as Refusal).kind);
        expect((error as Refusal).message).toMatch(/^[^\n]{5,400}\.$/u);
        expect((error as Refusal).message).not.toMatch(/undefined|\[object|Invalid|\.\.$/);
      }
    }),
    { numRuns: 150 },
  );
});

test("what the store cannot hold is told from what it can", () => {
  expect(["a", "", "é", "🦔", "\u200f", "\n"].every(isStorable)).toBe(true);
  expect(["\u0000", "a\u0000", "\ud800", "\udc00🦔"].some(isStorable)).toBe(false);
});

test("a refusal names the field, and the whole when there is none", () => {
  const schema = z.object({ deep: z.array(z.string()) });
  expect(() => parsed(schema, { deep: [1] })).toThrow(/^deep\.0: .*\.$/);
  expect(() => parsed(schema, 7)).toThrow(/^The input: /);
});

test.each([
  ["that turns what follows", "Ada\u202egnitepmoc"],
  ["that nobody sees", "Ada\u200b"],
  ["that breaks the line", "Ada\nAdministrator"],
  ["that controls a terminal", "Ada\u001b[31m"],
])("S18: a name with a character %s is refused, wherever one is given", (_what, name) => {
  const words = "holds a character that cannot be seen";
  const person = { email: "ada@example.test", name, role: "viewer" };
  expect(() => parseInvitation(person)).toThrow(`name: ${words}`);
  expect(() => parseOperatorChange({ operatorId: "00000000-0000-4000-8000-000000000001", name })).toThrow(words);
  expect(() => parseTokenRequest({ name, role: "viewer", expiresInDays: 1, key: "k" })).toThrow(words);
  expect(() => parseOpen({ zoneId: "orders", title: name, key: "k" })).toThrow(words);
  expect(parseInvitation({ ...person, name: "Zoë Ní Dhónaill 李小龍 👩🏽‍🔧" }).name).toContain("李小龍");
});
