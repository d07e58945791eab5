import { expect, test } from "vitest";
import { parseRefusal, parseVote } from "./input";

test("X20: a refusal says why, a yes need not", () => {
  const vote = { approvalId: "7", key: "k" };
  expect(parseVote(vote)).toEqual({ approvalId: 7, key: "k", reason: null });
  expect(() => parseRefusal(vote)).toThrow("reason: ");
  expect(() => parseRefusal({ ...vote, reason: "   too short   " })).toThrow("reason: must say why, in at least 12 characters");
  expect(parseRefusal({ ...vote, reason: " nobody has looked yet " })).toMatchObject({ reason: "nobody has looked yet" });
});
