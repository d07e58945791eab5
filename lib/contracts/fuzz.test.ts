import fc from "fast-check";
import { expect, test } from "vitest";
import { parseAccord, parseContract } from "./input";
import { lint } from "./lint";
import type { Problem } from "./rules";
import { accordText, contractText, environment } from "./testing";

type Mutation = (text: string) => string;

const at = fc.nat(5_000);
const odd = fc.constantFrom(
  "\t",
  "\n",
  ":",
  ": ",
  "- ",
  "&a ",
  "*a",
  "{",
  "}",
  "[",
  "]",
  '"',
  "'",
  "#",
  "|",
  ">",
  "!",
  "%",
  "@",
  "${",
  "}",
  "\u0000",
  "é",
  "\ufeff",
  "---\n",
  "? ",
  "<<: ",
  "null",
  "-1",
  "__proto__: x\n",
  "  ",
);
const insert = fc.tuple(at, odd).map(
  ([n, text]): Mutation =>
    (whole) =>
      whole.slice(0, n % (whole.length + 1)) + text + whole.slice(n % (whole.length + 1)),
);
const cut = fc.tuple(at, fc.nat(40)).map(
  ([n, length]): Mutation =>
    (whole) =>
      whole.slice(0, n % (whole.length + 1)) + whole.slice((n % (whole.length + 1)) + length),
);
const swapLines = fc.tuple(at, at).map(
  ([a, b]): Mutation =>
    (whole) => {
      const lines = whole.split("\n");
      const [i, j] = [a % lines.length, b % lines.length];
      [lines[i], lines[j]] = [lines[j]!, lines[i]!];
      return lines.join("\n");
    },
);
const repeatLine = at.map(
  (n): Mutation =>
    (whole) => {
      const lines = whole.split("\n");
      return lines.toSpliced(n % lines.length, 0, lines[n % lines.length]!).join("\n");
    },
);
const mutations = fc.array(fc.oneof(insert, cut, swapLines, repeatLine), { minLength: 1, maxLength: 4 });
const mutated = (text: string, all: Mutation[]) => all.reduce((whole, mutate) => mutate(whole), text);

function expectPlaces(problems: Problem[], text: string): void {
  expect(problems.length).toBeGreaterThan(0);
  const lines = text.split("\n");
  for (const problem of problems) {
    expect(problem.line).toBeGreaterThanOrEqual(1);
    expect(problem.line).toBeLessThanOrEqual(lines.length);
    expect(problem.column).toBeGreaterThanOrEqual(1);
    expect(problem.column).toBeLessThanOrEqual(lines[problem.line - 1]!.length + 1);
    expect(problem.message).toMatch(/^(Expected |\S+ is missing: expected ).*found|is missing: expected /);
  }
}

const accord = parseAccord(accordText, "accord.yaml", environment);
const sources = accord.ok ? accord.sources : [];

test("whatever happens to a contract's text, it is a contract or problems with places", () => {
  fc.assert(
    fc.property(mutations, (all) => {
      const text = mutated(contractText, all);
      const parsed = parseContract(text, "contract.yaml");
      if (parsed.ok) lint([parsed.contract], sources, 0);
      else expectPlaces(parsed.problems, text);
    }),
    { numRuns: 600 },
  );
}, 120_000);

test("whatever happens to accord.yaml's text, no problem repeats a password", () => {
  fc.assert(
    fc.property(mutations, (all) => {
      const text = mutated(accordText, all);
      const parsed = parseAccord(text, "accord.yaml", environment);
      if (parsed.ok) return;
      expectPlaces(parsed.problems, text);
      expect(JSON.stringify(parsed.problems)).not.toContain("pa55-in-");
    }),
    { numRuns: 600 },
  );
}, 120_000);

test("any text at all is refused with a place, never with a crash", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      const parsed = parseContract(text, "contract.yaml");
      expect(parsed.ok).toBe(false);
      if (!parsed.ok) expect(parsed.problems.every((problem) => problem.line >= 1 && problem.column >= 1)).toBe(true);
    }),
  );
});
