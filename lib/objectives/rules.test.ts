import fc from "fast-check";
import { expect, test } from "vitest";
import { days, hours, minutes, seconds } from "../time";
import { type Change, changesOf, noCounts } from "./counting.rules";
import { budgetLeft, burnOf, convergedOf, goneInMs, ninesOf, segmentsOf } from "./rules";

const since = Date.UTC(2026, 10, 3, 9, 0);
const windowMs = seconds(300);
const processed = (lagMs: number, missed: string | null = null): Change[] =>
  changesOf({ since, processedAt: since + lagMs, missed }, windowMs);
const end = since + windowMs;

test.each([
  ["within a fifth", 60_000, [{ at: since + 60_000, counts: { keptN: 1, fifthN: 1 } }]],
  ["a microsecond past a fifth", 60_000.001, [{ at: since + 60_000.001, counts: { keptN: 1, fifthN: 0 } }]],
  ["at the window's end", 300_000, [{ at: end, counts: { keptN: 1, fifthN: 0 } }]],
  ["a microsecond past it", 300_000.001, [{ at: end, counts: { missedN: 1, lateN: 1, doubleN: 1 }, cause: "late" }]],
  ["at twice the window", 600_000, [{ at: end, counts: { missedN: 1, lateN: 1, doubleN: 1 }, cause: "late" }]],
  ["past twice the window", 600_001, [{ at: end, counts: { missedN: 1, lateN: 1, doubleN: 0 }, cause: "late" }]],
])("a delivery is judged at its own moment: %s", (_, lagMs, changes) => {
  expect(processed(lagMs)).toEqual(changes);
});

test("what was counted as missed only becomes late; shown to have been in time after all, it moves; what was open before anything counted is not counted", () => {
  expect(processed(400_000, "group:7")).toEqual([{ at: end, counts: { lateN: 1, doubleN: 1 } }]);
  expect(processed(10_000, "group:7")).toEqual([
    { at: since + 10_000, counts: { keptN: 1, fifthN: 1 } },
    { at: end, counts: { missedN: -1 }, cause: "group:7" },
  ]);
  expect(processed(10_000, "before")).toEqual([]);
});

test("without deliveries there is no figure, no budget and no burn: unknown is never all of it", () => {
  expect(convergedOf(noCounts)).toBeNull();
  expect(budgetLeft(noCounts, 0.999)).toBeNull();
  expect(burnOf(noCounts, 0.999)).toBeNull();
});

test.each([
  [999_000, 1_000, 0.999, 0, 1],
  [999_500, 500, 0.999, 0.5, 0.5],
  [1_000, 0, 0.999, 1, 0],
  [99_000, 1_000, 0.999, -9, 10],
  [10, 0, 1, 1, 0],
  [10, 2, 1, -2, 999_999],
])(
  "of %i kept and %i missed with a promise of %f, %f of the budget is left, and it burns at %f",
  (keptN, missedN, target, left, burn) => {
    const counts = { ...noCounts, keptN, missedN };
    expect(budgetLeft(counts, target)).toBeCloseTo(left, 9);
    expect(burnOf(counts, target)).toBeCloseTo(burn, 6);
  },
);

test("nines are counted, and have no end where nothing was missed; a budget that is gone does not go again", () => {
  expect(ninesOf(0.999)).toBeCloseTo(3, 9);
  expect(ninesOf(0.99912)).toBeCloseTo(3.0555, 3);
  expect(ninesOf(1)).toBeNull();
  expect(goneInMs(0.5, 2, days(30))).toBe(days(7.5));
  expect(goneInMs(-0.1, 2, days(30))).toBeNull();
  expect(goneInMs(0.5, 0, days(30))).toBeNull();
});

test("segments cover a span to the minute, without gap or overlap, in at most 59 minutes, 23 hours and its days", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: days(400) }), fc.integer({ min: 0, max: days(2) }), (spanMs, offset) => {
      const now = since + offset;
      const from = now - spanMs;
      const parts = segmentsOf(from, now);
      const unit = spanMs <= days(13) ? minutes(1) : hours(1);
      expect(parts[0]!.from).toBe(Math.floor(from / unit) * unit);
      expect(parts.at(-1)!.to).toBe(now + 1);
      for (const [i, part] of parts.slice(1).entries()) expect(part.from).toBe(parts[i]!.to);
      for (const { level, from: first, to } of parts) {
        expect(first % seconds(level)).toBe(0);
        if (level < 86_400) expect((to - first) / seconds(level)).toBeLessThan(60);
      }
    }),
  );
});
