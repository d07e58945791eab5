import fc from "fast-check";
import { expect, test } from "vitest";
import { hours, minutes, seconds } from "../time";
import { keysByAge } from "./ages.rules";

test("twenty bars are the window, twelve are past it, and none is lost", () => {
  const shape = keysByAge.shape(minutes(5));
  expect(shape).toEqual({ barMs: seconds(15), windowBars: 20 });
  const counted: Record<number, number> = { 0: 3, 15: 5, 16: 7, 19: 1, 20: 2, 31: 11 };
  const filled = keysByAge.fill(
    shape,
    Array.from({ length: 32 }, (_, bar) => counted[bar] ?? 0),
  );
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
    Array.from({ length: 32 }, (_, bar) => (bar < 20 ? 1 : 0)),
  );
  expect(filled.passingN).toBe(bars);
});

test("each key is counted in the bar of its age, to the microsecond, and what is not young in the last", () => {
  const now = Date.UTC(2026, 10, 27, 12);
  const onEdges = fc.tuple(fc.integer({ min: -1, max: 33 }), fc.integer({ min: -2, max: 2 }));
  fc.assert(
    fc.property(fc.constantFrom(seconds(1), seconds(30), minutes(5)), fc.array(onEdges), (windowMs, edges) => {
      const shape = keysByAge.shape(windowMs);
      const sinceUs = edges.map(([bar, us]) => (now - bar * shape.barMs) * 1_000 + us).sort((a, b) => a - b);
      const naive = Array.from({ length: 32 }, () => 0);
      for (const since of sinceUs) naive[Math.min(31, Math.max(0, Math.floor((now * 1_000 - since) / (shape.barMs * 1_000))))]!++;
      const from = keysByAge.oldFrom(shape, now) * 1_000;
      const young = Float64Array.from(sinceUs.filter((since) => since > from));
      expect(keysByAge.count(shape, { sinceUs: young, keysN: sinceUs.length }, now)).toEqual(naive);
    }),
  );
});
