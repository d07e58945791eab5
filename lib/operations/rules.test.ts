import { expect, test } from "vitest";
import { hadEffect } from "./rules";

const none = { succeeded: 0, discarded: 0, by_hand: 0, taken_back: 0 };

test("X3: an operation whose messages were all stale, or done before, had no effect", () => {
  expect(hadEffect({ ...none })).toBe(false);
  expect(hadEffect({ ...none, succeeded: 1 })).toBe(true);
  expect(hadEffect({ ...none, discarded: 1 })).toBe(true);
});
