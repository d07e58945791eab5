import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJson, writeJson } from "@/lib/json";
import { derivedPatch } from "./edit-text";
import { brokenLine, lineOf, linesOf } from "./json-places";

const text = `{
  "id": 9007199254740993,
  "a/b": { "": [
    1.10,
    { "qty": 2 }
  ] },
  "email": { "$masked": "14 chars" }
}`;

test("every value of a text has its line, and what is missing has the line of what would hold it", () => {
  const lines = linesOf(text);
  expect(["", "/id", "/a~1b//0", "/a~1b//1/qty", "/email", "/a~1b//7/x", "/nothing"].map((at) => lineOf(lines, at))).toEqual([
    1, 2, 4, 5, 7, 3, 1,
  ]);
});

test("what is no JSON is told by its line", () => {
  expect(brokenLine(text)).toBeNull();
  expect(brokenLine(text.replace("1.10,", "1.10 1,"))).toBe(4);
  expect(brokenLine('{\n"a": 1\n')).toBe(3);
});

test("what is no JSON is what the browser's own reader refuses", () => {
  const parts = ["{", "}", "[", "]", ",", ":", '"a"', "1", "01", "1.", "-", "null", "nul", '"\\x"', " ", "\n"];
  const reads = (text: string) => {
    try {
      return JSON.parse(text) !== undefined;
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(fc.constantFrom(...parts)).map((each) => each.join("")),
        fc.json(),
      ),
      (text) => {
        expect(brokenLine(text) === null).toBe(reads(text));
      },
    ),
  );
});

test("what was written is a patch of what was shown: digits as written, masked values left alone", () => {
  const shown = parseJson(text);
  const patchOf = (after: string) => {
    const { patch } = derivedPatch(shown, after);
    return patch === null ? null : writeJson(parseJson(patch));
  };
  expect(patchOf(text)).toBe("[]");
  expect(patchOf(text.replace("1.10", "1.20").replace('"qty": 2', '"qty": 18446744073709551616'))).toBe(
    '[{"op":"replace","path":"/a~1b//0","value":1.20},{"op":"replace","path":"/a~1b//1/qty","value":18446744073709551616}]',
  );
  expect(patchOf(text.replace("1.10,\n", ""))).toBe('[{"op":"remove","path":"/a~1b//0"}]');
  expect(derivedPatch(shown, text.replace("1.10,", ","))).toEqual({ patch: null, problem: "Line 4 is no JSON yet.", line: 4 });
});
