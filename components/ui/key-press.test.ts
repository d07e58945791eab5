import { expect, test } from "vitest";
import { type KeyMap, keyName, meaningOf } from "./key-press";

const done: string[] = [];
const mapOf = (part: string, ...keys: string[]): KeyMap<null> =>
  Object.fromEntries(keys.map((key) => [key, () => done.push(`${part} ${key}`)]));
const shell = mapOf("shell", "g a", "g z", "t");
const part = mapOf("case", "a", "c");

function press(...names: string[]): string[] {
  done.length = 0;
  let lead: string | null = null;
  for (const name of names) {
    const meaning: ReturnType<typeof meaningOf<null>> = meaningOf([part, shell], lead, name);
    meaning.action?.(null);
    lead = meaning.lead;
  }
  return [...done];
}

test("a key after g goes somewhere, and does not act on the part in sight", () => {
  expect(press("g", "a")).toEqual(["shell g a"]);
  expect(press("a")).toEqual(["case a"]);
  expect(press("g", "a", "a")).toEqual(["shell g a", "case a"]);
});

test("a second key that leads nowhere counts as itself", () => {
  expect(press("g", "c")).toEqual(["case c"]);
  expect(press("g", "g", "z")).toEqual(["shell g z"]);
  expect(press("g", "q", "z")).toEqual([]);
});

test("of two parts with one key the first has it", () => {
  expect(meaningOf([mapOf("inner", "x"), mapOf("outer", "x")], null, "x").action).not.toBeNull();
  done.length = 0;
  meaningOf([mapOf("inner", "x"), mapOf("outer", "x")], null, "x").action?.(null);
  expect(done).toEqual(["inner x"]);
});

test("shift is named with letters only: ? is the key that it is", () => {
  expect([
    keyName({ key: "X", shiftKey: true }),
    keyName({ key: "?", shiftKey: true }),
    keyName({ key: "j", shiftKey: false }),
  ]).toEqual(["shift+x", "?", "j"]);
});
