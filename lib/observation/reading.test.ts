import { expect, test } from "vitest";
import { TOLD_KEPT_MAX } from "../sources/presets/mapped/kept";
import { burstStory, readingStory } from "./reading.testing";

test("tables without triggers under six kinds of writers: nothing is missed, and nothing counts twice", () =>
  readingStory(1, { writesN: 20, longMs: 200, restarts: false }));

test("the same while Accord's process begins anew again and again: nothing is missed, and nothing counts twice", () =>
  readingStory(2, { writesN: 20, longMs: 200, restarts: true }));

test.each([100, TOLD_KEPT_MAX + 100])("another process goes on after %i rows that are met again: each counts once", async (n) => {
  const { counted, handled } = await burstStory(n);
  expect(handled).toBe(n + 11);
  expect(counted).toBe(handled);
});
