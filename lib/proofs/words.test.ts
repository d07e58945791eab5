import { expect, test } from "vitest";
import { textOf } from "../words";
import { isProofOver, type ProofCounts, proofStates } from "./rules";
import { proofSentence, provenShort, provenWords } from "./words";

const states = [...proofStates, "undelivered"] as const;
function countsOf(given: Partial<ProofCounts>): ProofCounts {
  const counts = { ...Object.fromEntries(states.map((state) => [state, 0])), ...given } as ProofCounts;
  return { ...counts, total: states.reduce((sum, state) => sum + counts[state], 0) };
}

test.each<[string, Partial<ProofCounts>, boolean, string, string]>([
  ["nothing was delivered yet", { undelivered: 441 }, false, "", "441 orders, as they are delivered"],
  ["nothing got through", { undelivered: 441 }, true, "", "nothing got through"],
  [
    "under way",
    { proven: 272, checking: 31, undelivered: 138 },
    false,
    "272 of 441 orders are proven converged so far.",
    "272 of 441 orders",
  ],
  [
    "under way, with some in trouble",
    { proven: 272, checking: 31, waits: 2, diverging: 1, undelivered: 135 },
    false,
    "272 of 441 orders are proven converged so far; 1 still diverges.",
    "272 of 441 orders; 2 wait and 1 still diverges",
  ],
  [
    "delivered, and being checked still",
    { proven: 1, checking: 1 },
    true,
    "1 of 2 orders are proven converged so far.",
    "1 of 2 orders",
  ],
  ["all of them", { proven: 172 }, true, "All 172 orders are proven converged.", "all 172 orders"],
  ["the only one", { proven: 1 }, true, "Its one order is proven converged.", "its one order"],
  [
    "over, with some that differ and some that failed again",
    { proven: 3, diverging: 1, undelivered: 2 },
    true,
    "3 of 6 orders are proven converged; 1 still diverges and of 2 nothing was delivered.",
    "3 of 6 orders; 1 still diverges and of 2 nothing was delivered",
  ],
  [
    "over, with one that nothing compares",
    { proven: 1, uncovered: 1 },
    true,
    "1 of 2 orders are proven converged; nothing compares 1.",
    "1 of 2 orders; nothing compares 1",
  ],
  [
    "of no rule",
    { uncovered: 2, undelivered: 1 },
    false,
    "Nothing compares the 2 orders that were delivered: none can be proven converged.",
    "nothing compares the 2 orders delivered",
  ],
  [
    "the only one, of no rule",
    { uncovered: 1 },
    true,
    "Nothing compares the 1 order that was delivered: it cannot be proven converged.",
    "nothing compares the 1 order delivered",
  ],
])("keys %s: told in a sentence, and shorter", (_what, given, ended, sentence, short) => {
  const counts = countsOf(given);
  expect([provenWords(counts, "order", ended), provenShort(counts, "order", ended)]).toEqual([sentence, short]);
});

test("the check itself names every state, with the contract's word for a key", () => {
  const counts = countsOf({ proven: 1, checking: 1, waits: 1, diverging: 2, uncovered: 3, undelivered: 4 });
  expect(textOf(proofSentence(counts, "journal entry"))).toBe(
    "1 of 12 journal entries are proven converged; 1 is being checked, 1 waits, 2 still diverge, nothing compares 3 and of 4 nothing was delivered.",
  );
  expect(textOf(proofSentence(countsOf({ proven: 1 }), "order"))).toBe("1 of 1 order is proven converged.");
});

test("a proof comes to rest when the operation has ended and no key waits, differs or is being checked", () => {
  expect(isProofOver(countsOf({ proven: 1, uncovered: 1, undelivered: 1 }), true)).toBe(true);
  expect(isProofOver(countsOf({ proven: 1 }), false)).toBe(false);
  for (const state of ["checking", "waits", "diverging"] as const)
    expect(isProofOver(countsOf({ [state]: 1 }), true)).toBe(false);
});
