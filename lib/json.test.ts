import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJson, writeJson } from "./json";

test("T4: numbers keep the digits that they were written with", () => {
  const text = '{"id":9007199254740993,"price":1.10,"x":1e400,"y":-0.0,"z":[1,2.5,1E5],"s":"1.10 \\"9007199254740993\\""}';
  expect(parseJson(text)).toEqual({
    id: { $number: "9007199254740993" },
    price: { $number: "1.10" },
    x: { $number: "1e400" },
    y: { $number: "-0.0" },
    z: [1, 2.5, { $number: "1E5" }],
    s: '1.10 "9007199254740993"',
  });
  expect(writeJson(parseJson(text))).toBe(text);
});

test("T4: what is copied from a screen has lines, and the digits that it was stored with", () => {
  const copied = writeJson(
    parseJson('{"price": 1.10, "of": [1e400, {"id": 9007199254740993}], "text": "{\\"$number\\": \\"1\\"}"}'),
    2,
  );
  expect(copied.split("\n").map((line) => line.trim())).toEqual([
    "{",
    '"price": 1.10,',
    '"of": [',
    "1e400,",
    "{",
    '"id": 9007199254740993',
    "}",
    "],",
    '"text": "{\\"$number\\": \\"1\\"}"',
    "}",
  ]);
});

test("any JSON comes out as it went in", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(writeJson(parseJson(text))).toBe(JSON.stringify(JSON.parse(text)).replaceAll("-0", "-0"));
      expect(JSON.parse(writeJson(parseJson(text)))).toEqual(JSON.parse(text));
    }),
  );
});

test("no depth of nesting ends it, and what is no JSON is none", () => {
  const depth = 100_000;
  expect(() => parseJson("[".repeat(depth) + "]".repeat(depth))).not.toThrow();
  expect(() => parseJson("{1.10")).toThrow(SyntaxError);
});
