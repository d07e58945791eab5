import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fingerprintOf } from "./fingerprint.rules";

type Stack = { family: string; made: boolean; label: string; errorType: string; errorMessage: string; errorStack: string };

const stacks: Stack[] = readFileSync(join(import.meta.dirname, "stacks.corpus.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));
const families = [...new Set(stacks.map(({ family }) => family))];
const print = (stack: Stack) =>
  fingerprintOf({ sourceId: "stock", consumer: "stock-service", eventType: "OrderSubmitted", ...stack }).fingerprint;

/** Of all pairs of failures: how many are rightly together, and the names of those wrongly together and wrongly apart. */
function pairs(of: readonly Stack[]): { right: number; merged: string[]; split: string[] } {
  const counted = { right: 0, merged: [] as string[], split: [] as string[] };
  const prints = of.map(print);
  for (let i = 0; i < of.length; i++) {
    for (let j = 0; j < i; j++) {
      const same = of[i]!.label === of[j]!.label;
      if (prints[i] === prints[j] && same) counted.right++;
      else if (prints[i] === prints[j]) counted.merged.push(`${of[i]!.label} = ${of[j]!.label}`);
      else if (same) counted.split.push(of[i]!.label);
    }
  }
  return counted;
}

test("the corpus has 300 stacks or more of ten families, most of them made by programs", () => {
  expect(stacks.length).toBeGreaterThanOrEqual(300);
  expect(families).toHaveLength(10);
  expect(stacks.filter(({ made }) => made).length).toBeGreaterThan(stacks.length * 0.8);
});

test.each(families)("failures in %s are grouped by what failed, whatever the values, lines and folders", (family) => {
  const of = stacks.filter((stack) => stack.family === family);
  const { right, merged, split } = pairs(of);
  console.log(
    `${family.padEnd(7)} ${String(of.length).padStart(3)} stacks, ${right} pairs rightly together; precision ${right / (right + merged.length)}, recall ${right / (right + split.length)}`,
  );
  expect({ merged, split }).toEqual({ merged: [], split: [] });
});
