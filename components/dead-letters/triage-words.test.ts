import { expect, test } from "vitest";
import { askedWrong, takenWords } from "./triage-words";

test("what was taken and what was left is told", () => {
  expect(takenWords({ takenN: 3, refused: [] })).toBe("You took 3 groups.");
  expect(takenWords({ takenN: 2, refused: ["Omar has this group."] })).toBe(
    "You took 2 groups. 1 group was left: Omar has this group.",
  );
  expect(takenWords({ takenN: 0, refused: ["a.", "b."] })).toBe("2 groups were left: a.");
});

test.each([
  ["waiting", { version: " " }, "Name the version that should bring the fix."],
  ["waiting", { version: "2.40.3" }, null],
  ["muted", { span: "1 h" }, null],
  ["muted", { span: "worse" }, "Say above how many messages a minute it speaks up."],
  ["muted", { span: "worse", above: "5" }, null],
  ["muted", { above: "a few" }, "Write a whole number of messages a minute."],
  ["resolved", { reason: "fixed" }, "Say what ended it, in a few words."],
  ["resolved", { reason: "the fix is out" }, null],
] as const)("what is asked for %s with %o", (asking, some, wrong) => {
  expect(askedWrong(asking, { version: "", span: "1 h", above: "", reason: "", ...some })).toBe(wrong);
});
