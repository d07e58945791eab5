import { expect, test } from "vitest";
import { refuseOther } from "./previewed";
import { hadEffect, type OperationKind } from "./rules";

const none = { succeeded: 0, discarded: 0, by_hand: 0, taken_back: 0 };

test("X3: an operation whose messages were all stale, or done before, had no effect", () => {
  expect(hadEffect({ ...none })).toBe(false);
  expect(hadEffect({ ...none, succeeded: 1 })).toBe(true);
  expect(hadEffect({ ...none, discarded: 1 })).toBe(true);
});

test("what has come to another number than its preview said is refused in the words of what was asked for", () => {
  const said = (kind: OperationKind) => {
    try {
      refuseOther({ previewed: { at: 0, messagesN: 2 } }, kind, 1);
      return "";
    } catch (error) {
      return (error as Error).message.replace(/.*and /, "");
    }
  };
  expect((["retry", "discard", "resolve"] as const).map(said)).toEqual([
    "1 can be retried.",
    "1 can be discarded.",
    "1 can be resolved by hand.",
  ]);
});
