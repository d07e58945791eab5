import { expect, test } from "vitest";
import { KeptRows, TOLD_KEPT_MAX } from "./kept";

const rowsFrom = (first: number, n: number) =>
  Array.from({ length: n }, (_, i) => ({
    part: "1",
    place: `(0,${first + i})`,
    version: `1:(0,${first + i}):${first + i}`,
    doubtful: false,
  }));

test("what one memory told, another that begins from its cursor does not tell again", () => {
  const before = new KeptRows();
  before.begin();
  expect(before.page(rowsFrom(1, 3), 10)).toHaveLength(3);
  before.end();
  const after = new KeptRows();
  after.restore(before.kept()!);
  after.begin();
  expect(after.page(rowsFrom(2, 3), 10).map(({ place }) => place)).toEqual(["(0,4)"]);
});

test("a round that was left in its middle begins anew, without what its first page told", () => {
  const before = new KeptRows();
  before.begin();
  before.page(rowsFrom(1, 2), 2);
  expect(before.done).toBe(false);
  const after = new KeptRows();
  after.restore(before.kept()!);
  after.begin();
  expect(after.page(rowsFrom(1, 3), 10).map(({ place }) => place)).toEqual(["(0,3)"]);
});

test("more than is kept beside a cursor is said not to be kept", () => {
  const rows = new KeptRows();
  rows.begin();
  rows.page(rowsFrom(1, TOLD_KEPT_MAX), TOLD_KEPT_MAX + 1);
  expect(rows.kept()).toHaveLength(8 * TOLD_KEPT_MAX);
  rows.begin();
  rows.page(rowsFrom(1, TOLD_KEPT_MAX + 1), TOLD_KEPT_MAX + 2);
  expect(rows.kept()).toBeNull();
});
