import { expect, test } from "vitest";
import { reasonBits, unresolvedReasons } from "./rules";

test("each reason keeps the bit that rows of the store have for it", () => {
  expect(reasonBits).toEqual({ unpublished: 1, undelivered: 2, held: 4, parked: 8, saga: 16, divergence: 32 });
  expect(Object.keys(reasonBits).sort()).toEqual([...unresolvedReasons].sort());
});
