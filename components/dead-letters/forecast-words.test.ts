import { expect, test } from "vitest";
import { forecastOutcomes } from "@/lib/operations/forecast.rules";
import type { PreviewView } from "@/lib/operations/views";
import { changedWords, foretoldHref, foretoldWords } from "./forecast-words";

const preview = (over: Partial<PreviewView> = {}) =>
  ({ messagesN: 448, consumers: ["stock"], excluded: [], approvals: 0, refusal: null, ...over }) as unknown as PreviewView;

test("every outcome is foretold in a sentence, for one and for many", () => {
  const held = [{ outcome: "claimed" as const, n: 2, why: "held by OP-7 of Ada" }];
  for (const outcome of forecastOutcomes)
    for (const n of [1, 12]) {
      const { what, note } = foretoldWords({ outcome, n, keys: ["ORD-1"] }, preview({ excluded: held }));
      expect(`${what} ${note}`).toMatch(/^[a-z].*\. [A-Z]/);
    }
  expect(foretoldWords({ outcome: "stale", n: 12, keys: ["ORD-1", "ORD-2"] }, preview())).toEqual({
    what: "are stale: a later version was already applied.",
    note: "They are skipped and resolved: ORD-1, ORD-2 …",
  });
  expect(foretoldWords({ outcome: "claimed", n: 2, keys: [] }, preview({ excluded: held })).note).toBe(
    "Left out: held by OP-7 of Ada",
  );
  expect(foretoldHref("12", "stale")).toBe("/dead-letters?list=messages&q=preview%3A12.stale");
});

test("what changed between two previews is told, and nothing where nothing did", () => {
  const excluded = [{ outcome: "claimed" as const, n: 8, why: "held by OP-7 of Ada" }];
  expect(changedWords(preview(), preview({ messagesN: 440, excluded }))).toEqual([
    "448 became 440 messages.",
    "8 more: held by OP-7 of Ada.",
  ]);
  expect(changedWords(preview({ excluded }), preview({ excluded }))).toEqual([]);
});
