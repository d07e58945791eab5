import { expect, test } from "vitest";
import type { RelationShape } from "../sources/comparable";
import { pairingOf } from "./keys";
import { readKeys, type Side, type Sides } from "./pages";

const shape = (keyType: string): RelationShape => ({
  problem: null,
  notes: [],
  order: "own",
  keyType,
  keyScale: null,
  keyLabels: null,
  collated: false,
  changedAtIndexed: false,
  kinds: ["text"],
  precisions: [null],
  estimatedN: null,
});
const row = (key: string) => ({ key, version: null, changedAt: null, values: ["a"] });

/** A side that has these keys, and whose type cannot hold those. */
const side = (keyType: string, has: string[], cannotHold: string[]): Side => ({
  relation: { relation: `${keyType}s`, key: "id", columns: ["value"], changedAt: null, version: null },
  shape: shape(keyType),
  compared: {
    describe: async () => shape(keyType),
    page: async () => ({ rows: has.map(row), more: false }),
    byKey: async (_relation, _shape, keys) => ({
      now: 0,
      changedUpTo: null,
      rows: has.filter((key) => keys.includes(key) && !cannotHold.includes(key)).map(row),
      notAsked: keys.filter((key) => cannotHold.includes(key)),
    }),
  },
});
const sides = (authority: Side, projection: Side): Sides => ({
  authority,
  projection,
  pairing: pairingOf({ authority: authority.shape, projection: projection.shape }),
});

test("T1: a key that neither side can be asked for is an error in words, never agreement", async () => {
  const both = sides(side("date", [], ["n/a"]), side("uuid", [], ["n/a"]));
  await expect(readKeys(both, ["n/a"])).rejects.toThrow(/The key n\/a cannot be asked for in dates/);
});

test.each([
  ["authority", sides(side("integer", ["1"], ["1"]), side("text", ["1"], []))],
  ["projection", sides(side("text", ["1"], []), side("integer", ["1"], ["1"]))],
])("T1: so is one that a page of the %s held, and that it cannot be asked for again", async (_which, both) => {
  const held = new Map([["1", { key: "1", authority: [row("1")], projection: [row("1")] }]]);
  await expect(readKeys(both, ["1"], held)).rejects.toThrow(/The key 1 cannot be asked for in integers/);
});

test("V11: a key that only the other side's type can hold is an answer: this side has no row of it", async () => {
  const both = sides(side("date", [], ["n/a"]), side("text", ["n/a"], []));
  const { pairs } = await readKeys(both, ["n/a"]);
  expect(pairs).toEqual([{ key: "n/a", authority: [], projection: [row("n/a")] }]);
});
