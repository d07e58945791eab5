import { expect, test } from "vitest";
import { presetRanges, rangeOf } from "@/lib/range";
import { days, hours, minutes } from "@/lib/time";
import { chartIntervalMs, defaultRange, rangeTitle, steppedRange, wrongRange, zoomedText } from "./range";

const now = Date.UTC(2026, 5, 16, 3, 12);
const opens = (verdictMs: number, troubled: boolean, oldestMs: number | null = null) =>
  defaultRange({ since: now - verdictMs, oldest: oldestMs === null ? null : now - oldestMs, troubled }, now);

test("X21: a breach of 30 minutes opens a range that shows it with room before", () => {
  expect(opens(minutes(30), true)).toBe("1h");
  expect(opens(minutes(5), true)).toBe("30m");
  expect(opens(minutes(2), true, minutes(90))).toBe("6h");
  expect(opens(days(3), true)).toBe("7d");
  expect(opens(days(399), true)).toBe("400d");
  expect(opens(minutes(5), false, hours(9))).toBe("30m");
  expect(opens(days(3), false)).toBe("24h");
  expect(defaultRange({ since: null, oldest: null, troubled: false }, now)).toBe("24h");
});

test("X21: a key goes one preset further out or in, from wherever one is", () => {
  expect(presetRanges.map((preset) => steppedRange(preset, 1))).toEqual([...presetRanges.slice(1), "400d"]);
  expect(presetRanges.map((preset) => steppedRange(preset, -1))).toEqual(["30m", ...presetRanges.slice(0, -1)]);
  expect([steppedRange("45m", 1), steppedRange("45m", -1), steppedRange("12m", -1)]).toEqual(["1h", "30m", "30m"]);
});

test("X21: a span that was drawn is a range, also where it is shorter than a minute; what lies in the past is not asked for again", () => {
  expect(rangeOf(zoomedText(now - hours(2), now - hours(1)))).toEqual({ spanMs: hours(1), to: now - hours(1) });
  expect(rangeOf(zoomedText(now, now + 1))!.spanMs).toBeGreaterThanOrEqual(minutes(1));
  expect(chartIntervalMs(zoomedText(now - hours(2), now - hours(1)), now)).toBe(false);
  expect([chartIntervalMs("30m", now), chartIntervalMs("400d", now)]).toEqual([5_000, minutes(5)]);
  expect(rangeTitle(rangeOf("30m")!, now)).toBe("Last 30 min");
});

test("X21: what is no range is refused in words", () => {
  expect(wrongRange("45m", true)).toBe(null);
  expect(wrongRange("45", true)).toBe("Write a number with m, h or d, at least 1m and at most 400d.");
  expect(wrongRange(`${now}-${now - 1}`, false)).toBe("The end lies before the beginning.");
  expect(wrongRange(`${now - days(401)}-${now}`, false)).toBe("At least a minute, at most 400 days.");
  expect(wrongRange(`NaN-${now}`, false)).toBe("Give both times.");
  expect(wrongRange("8d", true, days(7))).toBe("Write a number with m, h or d, at least 1m and at most 7d.");
});
