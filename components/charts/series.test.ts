import { expect, test } from "vitest";
import { placeMarks } from "./marks";
import { linearScale, logScale, tickText, timeTicks, yFraction } from "./scale";
import { rowAt, splitAtWindow, withGaps } from "./series";

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
