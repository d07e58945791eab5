import { expect, test } from "vitest";
import { bulkDone, leftOutOf } from "./bulk-words";

test("X5: what would be left out of several cases is told by reason, what was left out with the first one", () => {
  const why = "Ann was first and has this case.";
  const cases = [null, why, null, why].map((one, i) => ({ caseId: String(101 + i), title: "", why: one }));
  expect(leftOutOf({ now: 0, cases })).toEqual({ doneN: 2, leftOut: [{ why, cases: ["102", "104"] }] });
  expect(bulkDone("assign", { done: ["101"], refused: [{ why }] })).toBe(`1 case taken; 1 left as it was: ${why}`);
  expect(bulkDone("acknowledge", { done: ["101", "103"], refused: [] })).toBe("2 cases acknowledged");
});
