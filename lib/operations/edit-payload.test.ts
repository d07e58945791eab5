import fc from "fast-check";
import { expect, test } from "vitest";
import { payloadProblems } from "../contracts/payload-schema";
import type { Judging } from "./edit.rules";
import { editPayload } from "./edit-payload";
import { shownEdit, shownPatch } from "./edit-shown";
import { misfitWords, patchWords } from "./edit-words";
import { isSame, type Patch, parsePatch, patchLimits } from "./patch.rules";

const free: Judging = { masking: [], problems: () => [] };
const read = (patch: unknown): Patch => {
  const parsed = parsePatch(typeof patch === "string" ? patch : JSON.stringify(patch));
  if (!parsed.ok) throw new Error(patchWords(parsed.problem));
  return parsed.patch;
};
const edited = (payload: string, patch: unknown, judging: Judging = free) => editPayload(payload, read(patch), judging);
const words = (payload: string, patch: unknown, judging: Judging = free): string[] => {
  const answer = edited(payload, patch, judging);
  return answer.ok ? [] : answer.misfits.map(misfitWords);
};

test("numbers keep every digit that the patch does not name, and those that it does", () => {
  const payload = '{"id":9007199254740993,"amount":1.10,"rate":1e400,"lines":[{"qty":1,"price":12345678901234567890.00}]}';
  expect(
    edited(
      payload,
      '[{"op":"replace","path":"/lines/0/qty","value":2.50},{"op":"add","path":"/big","value":18446744073709551616}]',
    ),
  ).toEqual({
    ok: true,
    changed: true,
    payload:
      '{"id":9007199254740993,"amount":1.10,"rate":1e400,"lines":[{"qty":2.50,"price":12345678901234567890.00}],"big":18446744073709551616}',
  });
});

test.each([
  ["add", '{"a":[1,3]}', [{ op: "add", path: "/a/1", value: 2 }], '{"a":[1,2,3]}'],
  ["add at the end", '{"a":[1]}', [{ op: "add", path: "/a/-", value: { b: null } }], '{"a":[1,{"b":null}]}'],
  ["remove", '{"a":1,"b":2}', [{ op: "remove", path: "/a" }], '{"b":2}'],
  ["replace", '{"a/b":{"~":1}}', [{ op: "replace", path: "/a~1b/~0", value: [] }], '{"a/b":{"~":[]}}'],
  ["move", '{"a":{"x":1},"b":{}}', [{ op: "move", from: "/a/x", path: "/b/y" }], '{"a":{},"b":{"y":1}}'],
  ["copy", '{"a":{"x":1}}', [{ op: "copy", from: "/a", path: "/b" }], '{"a":{"x":1},"b":{"x":1}}'],
  [
    "test, of numbers as numbers",
    '{"a":1.10}',
    [
      { op: "test", path: "/a", value: 1.1 },
      { op: "add", path: "/b", value: 0 },
    ],
    '{"a":1.10,"b":0}',
  ],
  ["the whole payload", '{"a":1}', [{ op: "replace", path: "", value: { c: 3 } }], '{"c":3}'],
])("%s is carried out as RFC 6902 says", (_, payload, patch, payloadAfter) => {
  expect(edited(payload, patch)).toEqual({ ok: true, changed: true, payload: payloadAfter });
});

test.each([
  ["remove of nothing", '{"a":1}', [{ op: "remove", path: "/b" }], "/b does not exist."],
  ["replace of what every object has", '{"a":1}', [{ op: "replace", path: "/toString", value: 1 }], "/toString does not exist."],
  ["an index that is none", '{"a":[1]}', [{ op: "replace", path: "/a/01", value: 1 }], "/a/01 does not exist."],
  [
    "an index beyond the end",
    '{"a":[1]}',
    [{ op: "add", path: "/a/3", value: 1 }],
    "/a/3 does not fit the list that it is put into.",
  ],
  [
    "add into a number",
    '{"a":1.10}',
    [{ op: "add", path: "/a/$number", value: 1 }],
    "/a/$number has nothing that it could be put into.",
  ],
  ["copy from nowhere", "{}", [{ op: "copy", from: "/x", path: "/y" }], "/x does not exist."],
  ["another value", '{"a":1}', [{ op: "test", path: "/a", value: 2 }], "/a is another value than the patch tests for."],
  [
    "null in place of all",
    "{}",
    [{ op: "replace", path: "", value: null }],
    "the payload would be null, which a source cannot tell from an unchanged payload.",
  ],
])("%s does not fit, and is told by its path", (_, payload, patch, sentence) => {
  expect(words(payload, patch)).toEqual([sentence]);
});

test.each([
  ["no JSON", "[{", "The patch is not JSON."],
  ["no list", '{"op":"add"}', "The patch is not a list of operations."],
  ["too long", `[${" ".repeat(patchLimits.charsMax)}]`, "The patch is longer than 50,000 characters."],
  ["too many", JSON.stringify(Array(101).fill({ op: "remove", path: "/a" })), "The patch has more than 100 operations."],
  [
    "an op of another standard",
    '[{"op":"merge","path":"/a"}]',
    "Operation 1, /a, has no op of add, remove, replace, move, copy, test.",
  ],
  [
    "no pointer",
    '[{"op":"remove","path":"a.b"}]',
    "Operation 1, a.b, has no path that is a JSON Pointer such as /customer/country.",
  ],
  ["no value", '[{"op":"remove","path":"/a"},{"op":"add","path":"/b"}]', "Operation 2, /b, has no value, which add needs."],
  [
    "a prototype in a path",
    '[{"op":"add","path":"/__proto__/x","value":1}]',
    "Operation 1, /__proto__/x, names __proto__, which no edit may.",
  ],
  [
    "a prototype in a value",
    '[{"op":"add","path":"/a","value":{"__proto__":{"x":1}}}]',
    "Operation 1, /a, has a value that names __proto__, which no edit may.",
  ],
  [
    "a constructor",
    '[{"op":"add","path":"/constructor/prototype/x","value":1}]',
    "Operation 1, /constructor/prototype/x, names constructor, which no edit may.",
  ],
  ["a move into itself", '[{"op":"move","from":"/a","path":"/a/b"}]', "Operation 1, /a/b, moves a value into itself."],
  [
    "a masked sign",
    '[{"op":"add","path":"/a","value":[{"$masked":"14 chars"}]}]',
    "Operation 1, /a, would write the sign of a masked value in place of the value: leave masked values as they are.",
  ],
])("%s is no patch, and why names the operation and its path", (_, text, sentence) => {
  const parsed = parsePatch(text);
  expect(parsed.ok ? "" : patchWords(parsed.problem)).toBe(sentence);
  expect(({} as Record<string, unknown>).x).toBeUndefined();
});

test("copies of copies end before they fill the memory", () => {
  const doubling = Array.from({ length: 90 }, (_, i) => ({ op: "copy", from: "/a", path: `/a/x${i}` }));
  expect(words('{"a":{"text":"some words that double each time"}}', doubling)).toEqual([
    expect.stringMatching(/^\/a\/x\d+ makes more than 1 MB of the payload\.$/),
  ]);
});

test("what is equal but for order and digits is unchanged, and keeps its text", () => {
  const payload = '{"b":1.10,"a":[1,2]}';
  expect(edited(payload, [{ op: "replace", path: "/b", value: 1.1 }])).toEqual({ ok: true, changed: false, payload });
});

const masking = ["$.customer.email", "$.lines[*].pan"];
const secret =
  '{"customer":{"email":"bob@example.com","country":"DEX"},"lines":[{"pan":"4111111111111111","qty":1}],"note":"ask bob@example.com"}';
const masked: Judging = { masking, problems: () => [] };

test.each([
  ["reads it by a test", { op: "test", path: "/customer/email", value: "bob@example.com" }, "/customer/email"],
  ["reads it by a test of what holds it", { op: "test", path: "/customer", value: { email: "x", country: "DEX" } }, "/customer"],
  ["reads it by a test of where else it stands", { op: "test", path: "/note", value: "ask bob@example.com" }, "/note"],
  ["writes it", { op: "replace", path: "/customer/email", value: "eve@example.com" }, "/customer/email"],
  ["writes what holds it", { op: "replace", path: "/customer", value: { email: "eve@example.com" } }, "/customer/email"],
  ["writes a list with it", { op: "add", path: "/lines/-", value: { pan: "4222222222222222" } }, "/lines/1/pan"],
  ["copies it", { op: "copy", from: "/customer/email", path: "/note" }, "/customer/email"],
  ["copies what holds it", { op: "copy", from: "/customer", path: "/other" }, "/customer"],
  ["moves it to where it is seen", { op: "move", from: "/customer/email", path: "/note" }, "/note"],
  ["moves what holds it", { op: "move", from: "/customer", path: "/client" }, "/client/email"],
  ["goes below it", { op: "add", path: "/customer/email/x", value: 1 }, "/customer/email/x"],
  ["writes its shape into a text", { op: "replace", path: "/note", value: "ask [domain example.com]" }, "/note"],
])("an edit that %s is refused, and the words tell nothing of the value", (_, op, at) => {
  expect(words(secret, [op], masked)).toEqual([`${at} is masked here: no edit reads, writes or moves what a contract masks.`]);
});

test("an edit beside what is masked leaves it whole in the source, and the diff shows it nowhere", () => {
  const patch = [
    { op: "replace", path: "/customer/country", value: "DE" },
    { op: "add", path: "/lines/0", value: { qty: 7 } },
  ];
  const answer = edited(secret, patch, masked);
  if (!answer.ok) throw new Error(misfitWords(answer.misfits[0]!));
  expect(JSON.parse(answer.payload)).toEqual({
    customer: { email: "bob@example.com", country: "DE" },
    lines: [{ qty: 7 }, { pan: "4111111111111111", qty: 1 }],
    note: "ask bob@example.com",
  });
  const shown = shownEdit(secret, read(patch), masking);
  expect(`${shown.before}${shown.after}`).not.toMatch(/bob|4111/);
  // Taken away where it is masked, it is not seen where else it stands.
  const without = [{ op: "remove", path: "/customer" }];
  expect(edited(secret, without, masked).ok && shownEdit(secret, read(without), masking).after).toContain(
    '"note": "ask [domain example.com]"',
  );
});

test.each([
  ["writes it beside", [{ op: "add", path: "/guess", value: "GUESS" }]],
  ["writes it among others", [{ op: "replace", path: "/customer/country", value: "eve GUESS ann" }]],
  ["writes it where it stands in a text", [{ op: "replace", path: "/note", value: "ask GUESS" }]],
  [
    "tests what was written",
    [
      { op: "add", path: "/guess", value: "GUESS" },
      { op: "test", path: "/guess", value: "GUESS" },
    ],
  ],
  ["names a field after it", [{ op: "add", path: "/GUESS", value: 1 }]],
  ["asks for a field of its name", [{ op: "remove", path: "/by/GUESS" }]],
])("a guess of what is masked that %s is answered the same when it is right and when it is wrong", (_, ops) => {
  const payload = secret.replace(/}$/, ',"by":{"bob@example.com":1}}');
  const answerTo = (guess: string) => {
    const patch = read(JSON.stringify(ops).replaceAll("GUESS", guess));
    const { payload: _, ...answer } = { payload: "", ...editPayload(payload, patch, masked) };
    return JSON.stringify([answer, answer.ok && shownEdit(payload, patch, masking)]).replaceAll(guess, "GUESS");
  };
  expect(answerTo("bob@example.com")).toBe(answerTo("eve@example.com"));
});

test("what a schema says of what is masked, and of names that say it, is told without it", () => {
  const schema = {
    additionalProperties: { type: "object", additionalProperties: false },
    properties: {
      customer: { properties: { email: { pattern: "^[0-9]+$" } } },
      by: { additionalProperties: { type: "string" } },
    },
  };
  const judging: Judging = { masking: ["$.customer"], problems: (payload) => payloadProblems(schema, payload) };
  const payload = '{"customer":{"email":"bob@example.com"},"by":{"bob@example.com":1},"a":{"bob@example.com":1}}';
  expect(words(payload, [{ op: "add", path: "/n", value: {} }], judging).sort()).toEqual([
    "/a does not fit its schema in what is masked here.",
    "/by does not fit its schema in what is masked here.",
    "/customer does not fit its schema in what is masked here.",
  ]);
});

test("bytes that say a text are masked by what they say, so no edit shows or changes them", () => {
  const bytes = JSON.stringify(Buffer.from(JSON.stringify({ ...JSON.parse(secret), more: "Ab1".repeat(99) })).toString("base64"));
  expect(words(bytes, [{ op: "replace", path: "", value: {} }], masked)).toEqual([
    "the payload is bytes, which no edit can follow.",
  ]);
  expect(words(JSON.stringify(secret), [{ op: "replace", path: "", value: {} }], masked)).toEqual([
    "the payload is masked here: no edit reads, writes or moves what a contract masks.",
  ]);
});

test("a patch is shown without what contracts mask by now, and else as it was written", () => {
  const text = `[
    {"op": "add", "path": "/customer/email", "value": "eve@example.com"}, {"op": "add", "path": "/lines/-", "value": {"pan": "4222"}},
    {"op": "add", "path": "/lines/0/qty", "value": 1.10}, {"op": "replace", "path": "/customer", "value": {"email": "eve@example.com"}}]`;
  expect(shownPatch(text, [])).toBe(text);
  expect(shownPatch(text, ["$.total"])).toBe(text);
  expect(JSON.parse(shownPatch(text, masking)).map(({ value }: { value: unknown }) => value)).toEqual([
    { $masked: "domain example.com" },
    { $masked: "1 field" },
    1.1,
    { $masked: "1 field" },
  ]);
});

test("copies into copies end before they are too deep to be written", () => {
  const path = "/a".repeat(150);
  const deep = `${'{"a":'.repeat(160)}1${"}".repeat(160)}`;
  expect(words(deep, Array(3).fill({ op: "copy", from: "/a", path }))).toEqual([
    `${path} makes a payload that is nested deeper than 200 levels, which no edit can follow.`,
  ]);
});

test("one line of a list is masked: what would push it out of its place is refused", () => {
  const first: Judging = { masking: ["$.lines[0].pan"], problems: () => [] };
  expect(words(secret, [{ op: "add", path: "/lines/0", value: { qty: 1 } }], first)).toEqual([
    expect.stringMatching(/^\/lines\/1\/pan is masked/),
  ]);
});

test("a payload is held against its schema: every place that does not fit, and no value of it", () => {
  const schema = {
    type: "object",
    required: ["currency"],
    additionalProperties: false,
    properties: {
      currency: { enum: ["EUR", "USD"] },
      lines: { type: "array", items: { properties: { qty: { type: "integer", minimum: 1 } } } },
      big: { type: "integer" },
    },
  };
  const judging: Judging = { masking: [], problems: (payload) => payloadProblems(schema, payload) };
  expect(
    words(
      '{"currency":"EUR","lines":[{"qty":1}]}',
      [
        { op: "replace", path: "/currency", value: "euro" },
        { op: "replace", path: "/lines/0/qty", value: "2" },
        { op: "add", path: "/x", value: 1 },
      ],
      judging,
    ).sort(),
  ).toEqual([
    '/currency must be one of "EUR", "USD".',
    "/lines/0/qty must be integer.",
    "the payload must not have the field x.",
  ]);
  expect(edited('{"currency":"EUR"}', '[{"op":"add","path":"/big","value":9007199254740993}]', judging)).toMatchObject({
    ok: true,
    payload: '{"currency":"EUR","big":9007199254740993}',
  });
});

test("whatever the payload, an edit of one field changes no other", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 4 }), { noNullPrototype: true }),
      fc.jsonValue({ maxDepth: 3 }),
      (payload, value) => {
        if (/__proto__|constructor|prototype|\$masked|\$number/.test(JSON.stringify([payload, value]))) return;
        const answer = edited(JSON.stringify(payload), [{ op: "add", path: "/edited", value }]);
        expect(answer.ok && isSame(JSON.parse(answer.payload), JSON.parse(JSON.stringify({ ...payload, edited: value })))).toBe(
          true,
        );
      },
    ),
  );
});
