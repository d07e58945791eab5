import { expect, test } from "vitest";
import { closeWords } from "./close-words";
import { aloneWords, reasonAsked } from "./words";

test("X26: a retry is asked what changed since the messages failed, a discard why nobody needs them", () => {
  expect(reasonAsked.placeholder).toBe("What changed since they failed?");
  expect(closeWords.discard.placeholder).toBe("Why does nobody need them any more?");
  expect(closeWords.discard.short).not.toContain("changed");
});

test("S8: who may retry so many within an hour is told how many are left", () => {
  expect(aloneWords(1_000, 1_000)).toBe("Up to 1,000 messages within an hour may be retried without a second person.");
  expect(aloneWords(1_000, 200)).toMatch(/; of yours 200 are left\.$/);
  expect(aloneWords(1_000, 1)).toMatch(/; of yours 1 is left\.$/);
  expect(aloneWords(1_000, 0)).toMatch(/; of yours none is left\.$/);
});
