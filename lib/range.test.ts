import fc from "fast-check";
import { expect, test } from "vitest";
import { beforeText, betweenText, presetRanges, rangeLimits, rangeOf, spanOf } from "./range";
import { days, hours, minutes } from "./time";

const now = Date.UTC(2026, 5, 16, 3, 12);

test("X21: a range is a span back from now, or lies between two instants; at least a minute, at most 400 days", () => {
  expect(rangeOf("45m")).toEqual({ spanMs: minutes(45), to: null });
  expect(rangeOf("400d")).toEqual({ spanMs: days(400), to: null });
  expect(rangeOf(betweenText(now - hours(2), now))).toEqual({ spanMs: hours(2), to: now });
  for (const wrong of [
    "",
    "0m",
    "401d",
    "30",
    "5s",
    "-30m",
    "1e3m",
    betweenText(now, now),
    betweenText(now, now - hours(1)),
    "1-2",
  ])
    expect(rangeOf(wrong), wrong).toBe(null);
  for (const preset of presetRanges) expect(rangeOf(preset)).not.toBe(null);
});

test("X21: nothing is shown of what is still to come, and the period before ends where the range begins", () => {
  expect(spanOf(rangeOf("1h")!, now)).toEqual({ from: now - hours(1), to: now });
  expect(spanOf({ spanMs: hours(2), to: now + hours(1) }, now)).toEqual({ from: now - hours(1), to: now });
  expect(rangeOf(beforeText(rangeOf("1h")!, now))).toEqual({ spanMs: hours(1), to: now - hours(1) });
  fc.assert(
    fc.property(
      fc.integer({ min: -1e12, max: 1e12 }),
      fc.integer({ min: rangeLimits.leastMs, max: rangeLimits.mostMs }),
      (by, spanMs) => {
        const { from, to } = spanOf({ spanMs, to: now + by }, now);
        expect(to - from).toBeGreaterThanOrEqual(rangeLimits.leastMs);
        expect(to - from).toBeLessThanOrEqual(rangeLimits.mostMs);
      },
    ),
  );
});
