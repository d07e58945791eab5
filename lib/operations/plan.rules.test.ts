import { expect, test } from "vitest";
import {
  canUndo,
  capOf,
  FAILED,
  type Gated,
  gateOf,
  noPlan,
  openingOf,
  planLimits,
  stopReason,
  suggestedPlan,
} from "./plan.rules";
import { changeWords, planWords } from "./plan-words";

const limits = { stopPercent: 20, stopWindow: 20, canaryN: null, itemsN: 1_000 };
const answers = (judgedN: number, failedN: number, recent = "") => ({ judgedN, failedN, recent });
const lately = (failed: number, of: number) => FAILED.repeat(failed) + "s".repeat(of - failed);

test.each([
  ["nothing was answered", answers(0, 0), {}, null],
  ["nine answers are too few to be a share", answers(9, 9), {}, null],
  ["exactly the limit goes on", answers(10, 2), {}, null],
  ["one more than the limit stops", answers(10, 3), {}, "3 of 10 failed, more than 20 %"],
  ["a canary of one is judged whole", answers(1, 1), { canaryN: 1 }, "1 of 1 failed, more than 20 %"],
  ["an operation of three is judged at its third", answers(3, 1), { itemsN: 3 }, "1 of 3 failed, more than 20 %"],
  ["a limit of zero stops at the first failure among ten", answers(10, 1), { stopPercent: 0 }, "1 of 10 failed, more than 0 %"],
  ["no limit never stops", answers(500, 500, lately(20, 20)), { stopPercent: null }, null],
  ["good long ago does not hide what fails now", answers(900, 9, lately(5, 20)), {}, "5 of the last 20 failed, more than 20 %"],
  ["a window that is not full says nothing", answers(900, 9, lately(5, 19)), {}, null],
] as const)("%s", (_, judged, changed, reason) => {
  expect(stopReason(judged, { ...limits, ...changed })).toBe(reason);
});

const now = 1_000_000;
const open: Gated = {
  state: "running",
  opensAt: null,
  undoUntil: null,
  releasedN: 0,
  canaryN: 10,
  canaryEndedAt: null,
  canaryPassedAt: null,
  canaryThen: "go",
};
test.each([
  ["what waits for a second person stands at no gate", { state: "awaiting" }, null],
  ["the time for second thoughts", { opensAt: now + 5, undoUntil: now + 5 }, "undo"],
  ["a schedule that is later than that", { opensAt: now + 500, undoUntil: now + 5 }, "scheduled"],
  ["its time has come", { opensAt: now }, "canary"],
  ["the canary is answered and watched", { releasedN: 10, canaryEndedAt: now }, "watch"],
  ["the canary is answered, and somebody must say so", { releasedN: 10, canaryEndedAt: now, canaryThen: "ask" }, "ask"],
  ["it passed", { releasedN: 10, canaryEndedAt: now, canaryPassedAt: now }, "rest"],
  ["there is none", { canaryN: null }, "rest"],
  ["paused before its time", { state: "paused", opensAt: now + 5 }, "scheduled"],
  ["it is over", { state: "done" }, null],
] as const)("%s", (_, changed, gate) => {
  expect(gateOf({ ...open, ...changed }, now)).toBe(gate);
});

test.each([
  ["nothing has left and there is time", { undoUntil: now + 1 }, true],
  ["the time is over", { undoUntil: now }, false],
  ["something has left", { undoUntil: now + 1, releasedN: 1 }, false],
  ["no time was asked for", {}, false],
  ["it was called off", { undoUntil: now + 1, state: "cancelled" }, false],
] as const)("undo when %s: see the table", (_, changed, able) => {
  expect(canUndo({ ...open, ...changed }, now)).toBe(able);
});

test("a stop limit has a cap, since everything would be on its way before the first answer", () => {
  expect(capOf({ stopPercent: 20, inFlightMax: null })).toBe(planLimits.inFlightGuarded);
  expect(capOf({ stopPercent: 20, inFlightMax: 3 })).toBe(3);
  expect(capOf({ stopPercent: null, inFlightMax: null })).toBeNull();
});

test("what is offered: a canary of ten above fifty messages, a stop at 20 %, five seconds to think better of it", () => {
  expect(suggestedPlan(50)).toMatchObject({ canaryN: null, watchMs: 0, stopPercent: 20, undoMs: 5_000 });
  expect(suggestedPlan(51)).toMatchObject({ canaryN: 10, watchMs: 15_000, stopPercent: 20, undoMs: 5_000 });
});

test("it opens after the schedule and after the time for second thoughts, at once without both", () => {
  expect(openingOf(noPlan, now)).toEqual({ opensAt: null, undoUntil: null });
  expect(openingOf({ notBefore: null, undoMs: 5 }, now)).toEqual({ opensAt: now + 5, undoUntil: now + 5 });
  expect(openingOf({ notBefore: now + 90, undoMs: 5 }, now)).toEqual({ opensAt: now + 90, undoUntil: now + 5 });
  expect(openingOf({ notBefore: now - 90, undoMs: 0 }, now)).toEqual({ opensAt: null, undoUntil: null });
});

test("a plan is said in words, and a change names what it changed", () => {
  expect(planWords(noPlan)).toBe("no canary; as fast as it is taken; no cap in flight; no stop limit");
  expect(planWords({ ...suggestedPlan(448), perSecond: 5 })).toBe(
    "canary of 10 messages, then on by itself after 15 s; 5 a second; 500 in flight at most; stops above 20 % failed, over all or the last 20",
  );
  expect(planWords({ ...suggestedPlan(448), canaryThen: "ask" })).toContain("canary of 10 messages, then waits for a word");
  expect(changeWords(noPlan, { ...noPlan, perSecond: 5, stopPercent: 0 })).toBe(
    "Limits changed (pace 5 a second and stops above 0 %)",
  );
  expect(changeWords(noPlan, noPlan)).toBe("Limits changed (none is another)");
});
