import { expect, test } from "vitest";
import { hours, minutes, seconds } from "../time";
import { keysByAge } from "./ages.rules";

test("twenty bars are the window, twelve are past it, and none is lost", () => {
  const shape = keysByAge.shape(minutes(5));
  expect(shape).toEqual({ barMs: seconds(15), windowBars: 20 });
  const filled = keysByAge.fill(shape, [
    { bar: 0, n: 3 },
    { bar: 15, n: 5 },
    { bar: 16, n: 7 },
    { bar: 19, n: 1 },
    { bar: 20, n: 2 },
    { bar: 31, n: 11 },
  ]);
  expect(filled.bars).toHaveLength(32);
  expect(filled).toMatchObject({ insideN: 8, passingN: 8, pastN: 13 });
  expect(filled.bars.reduce((a, b) => a + b)).toBe(filled.insideN + filled.passingN + filled.pastN);
});

test.each([
  [seconds(30), 20],
  [minutes(5), 4],
  [hours(24), 1],
])("what passes within a minute of a window of %d ms is the last %d bars before it", (windowMs, bars) => {
  const filled = keysByAge.fill(
    keysByAge.shape(windowMs),
    Array.from({ length: 20 }, (_, bar) => ({ bar, n: 1 })),
  );
  expect(filled.passingN).toBe(bars);
});
