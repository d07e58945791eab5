import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { root } from "./launch/root";

/** Where tools like this one are known to go wrong, each with a test that is named after it, as a title that begins with its number and its words. */
const traps = [
  "counts chase new arrivals",
  "a retry of what meanwhile succeeded",
  "bulk and single retry overlap",
  "edit and plain retry overlap",
  "a restart in the middle of marking",
  "a poison row at the head of a batch",
  "a cancel that loses rows",
  "page 0 is page 1",
  "old notes belong to a group that is born again",
  "success when only enqueued",
  "a retry is offered of what is not stored",
  "a resolve is not audited",
  "a read-only user reaches a write by a direct call",
  "a row that changes while it is moved is dropped",
  "a null hides rows of a filter",
];

const tests = ["lib", "app", "e2e"].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => readFileSync(path.join(root, folder, name), "utf8")),
);
const named = tests.flatMap((text) => [...text.matchAll(/"Trap (\d+), (?:[A-Z]\d+, )?([^:"]+): /g)]);

test.each(traps.map((trap, i) => [i + 1, trap] as const))("trap %i has a test that is named after it: %s", (n, trap) => {
  expect(named.filter(([, number]) => Number(number) === n).map(([, , name]) => name)).toEqual([trap]);
});
