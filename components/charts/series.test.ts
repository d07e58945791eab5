import { expect, test } from "vitest";
import { clusters, placeMarks } from "./marks";
import { linearScale, logScale, tickText, timeTicks, yFraction } from "./scale";
import { rowAt, splitAtWindow, withBefore, withGaps } from "./series";
import { ageScale, barsPath, lagScale, linePath } from "./small-scale";

test("silence is drawn as a gap", () => {
  expect(
    withGaps(
      [
        { at: 0, n: 1 },
        { at: 10, n: 2 },
        { at: 40, n: 3 },
      ],
      10,
    ).map((row) => row.at),
  ).toEqual([0, 10, 20, 40]);
});

test("what is past the window begins exactly where the line crosses it", () => {
  const rows = splitAtWindow(
    [
      { at: 0, age: 0 },
      { at: 10, age: 10 },
    ],
    "age",
    4,
  );
  expect(rows.map((row) => [row.at, row.in, row.over])).toEqual([
    [0, 0, null],
    [4, 4, [4, 4]],
    [10, 4, [4, 10]],
  ]);
});

test("nothing is interpolated over a gap", () => {
  expect(
    splitAtWindow(
      [
        { at: 0, age: 9 },
        { at: 10, age: null },
        { at: 20, age: 1 },
      ],
      "age",
      4,
    ),
  ).toHaveLength(3);
});

test("the crosshair takes the closest row", () => {
  expect(rowAt([{ at: 0 }, { at: 10 }], 6)?.at).toBe(10);
});

test("scales begin at zero, or a decade under the least, and hold what is shown", () => {
  const linear = linearScale("duration", 460_000);
  expect(linear.ticks.map((tick) => tickText("duration", tick))).toEqual(["0", "2m", "4m", "6m", "8m"]);
  expect(yFraction(linear, linear.max)).toBe(1);
  const log = logScale(400, 300_000);
  expect(log.min).toBe(100);
  expect(yFraction(log, 1)).toBe(0);
});

test("labels of time stay clear of each other and of now", () => {
  const hour = 3_600_000;
  const ticks = timeTicks(0, hour, 0, 280);
  expect(ticks.length).toBeLessThanOrEqual(4);
  expect(ticks.every((tick) => (hour - tick) / hour > 46 / 280)).toBe(true);
});

test("a mark's label gives way to its neighbour", () => {
  const marks = [
    { at: 50, kind: "deploy" as const, label: "2.41.0" },
    { at: 52, kind: "operator" as const, label: "retry, 6" },
  ];
  const placed = placeMarks(marks, 0, 100, 400);
  expect(placed.map((mark) => [mark.label, mark.labelled, mark.leftwards])).toEqual([
    ["retry, 6", true, false],
    ["2.41.0", true, true],
  ]);
});

test("X21: the period before stands on the rows of this one, the nearest within a step, and is a gap where it was not measured", () => {
  const rows = [{ at: 100 }, { at: 110 }, { at: 120 }, { at: 200 }];
  const before = [
    { at: 1, value: 7 },
    { at: 11, value: null },
    { at: 21, value: 9 },
  ];
  expect(withBefore(rows, before, 100, 10).map((row) => row.before)).toEqual([7, null, 9, null]);
  expect(withBefore(rows, [], 100, 10).map((row) => row.before)).toEqual([null, null, null, null]);
});

test("X21: marks that would cover each other are one, which tells of all of them", () => {
  const marks = [10, 12, 500, 505, 508, 900].map((at) => ({ at, kind: "deploy" as const, label: `v${at}` }));
  const near = clusters(placeMarks(marks, 0, 1_000, 1_000), 1_000);
  expect(near.map((each) => each.map(({ at }) => at))).toEqual([[900], [508, 505, 500], [12, 10]]);
});

test("X26: no two ticks of an axis read alike, and what hangs under zero has its sign", () => {
  for (const max of [90_000, 3_600_000 * 1.4, 3_600_000 * 2, 3_600_000 * 5, 86_400_000 * 3]) {
    const texts = linearScale("duration", max).ticks.map((tick) => tickText("duration", tick));
    expect(new Set(texts).size, texts.join()).toBe(texts.length);
  }
  expect(tickText("duration", 5_400_000)).toBe("1h30");
  expect(linearScale("count", 20, -8).ticks.map((tick) => tickText("count", tick))).toContain("−10");
});

test("X28: in a small chart silence is a gap, a value alone is a dot, and what failed hangs below", () => {
  const scale = ageScale([0, 50, 100], 100);
  expect(scale(0)).toBeGreaterThan(scale(100));
  expect(scale(100)).toBeGreaterThan(0);
  expect(lagScale([null], 300_000)(1)).toBe(lagScale([null], 300_000)(10));
  const path = linePath([1, null, 2, 3], scale);
  expect(path.match(/M/g)).toHaveLength(2);
  expect(path).toContain("h.6");
  expect(linePath([null, null], scale)).toBe("");
  const { zero, upPath, downPath } = barsPath([2, 0, 1], [0, 1, 0]);
  expect(zero).toBeLessThan(31);
  expect([upPath.match(/M/g)?.length, downPath.match(/M/g)?.length]).toEqual([2, 1]);
  expect(barsPath([0], [0])).toMatchObject({ upPath: "", downPath: "" });
});
