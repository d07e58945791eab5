import { expect, test } from "vitest";
import { hadEffect } from "./rules";

test("X3: an operation whose messages were all stale, or done before, had no effect", () => {
  expect(hadEffect({ succeeded: 0, discarded: 0 })).toBe(false);
  expect(hadEffect({ succeeded: 1, discarded: 0 })).toBe(true);
  expect(hadEffect({ succeeded: 0, discarded: 1 })).toBe(true);
});
