import { expect, test } from "vitest";
import { movedCount } from "./held-order";

test("a row that comes is one change, wherever it comes in; one that goes another; two that swap are two", () => {
  expect(movedCount(["a", "b", "c"], ["a", "b", "c"])).toBe(0);
  expect(movedCount(["a", "b", "c"], ["new", "a", "b", "c"])).toBe(1);
  expect(movedCount(["a", "b", "c"], ["new", "a", "b"])).toBe(2);
  expect(movedCount(["a", "b", "c"], ["b", "a", "c"])).toBe(2);
  expect(movedCount([], ["a"])).toBe(1);
});
