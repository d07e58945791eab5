import { expect, test } from "vitest";
import { confirmWords, planIn, planText } from "./plan-text";

test("what nobody touched is what is suggested: a canary of ten above fifty messages, a stop at 20 %", () => {
  expect(planIn(planText, 448)).toMatchObject({
    problem: null,
    plan: { canaryN: 10, watchMs: 15_000, canaryThen: "go", stopPercent: 20, perSecond: null, inFlightMax: null, undoMs: 5_000 },
  });
  expect(planIn(planText, 50).plan).toMatchObject({ canaryN: null, watchMs: 0, stopPercent: 20 });
});

test.each([
  ["a canary that is no number", { canary: "own" as const, own: "few" }, "The canary is a whole number."],
  ["an empty watch", { canary: "10" as const, watch: "" }, "Watch for 0 to 60 minutes, in seconds."],
  ["a share above all", { stop: "120" }, "The stop limit is 0 to 99 per cent, or empty."],
  ["a pace of nothing", { pace: "0" }, "The pace is a number of messages a second, or empty."],
  ["half a message in flight", { cap: "0.5" }, "The cap in flight is a whole number, or empty."],
  ["a time that is none", { at: "tomorrow" }, "The time of its start cannot be read."],
  ["empty limits are none", { stop: "", pace: "", cap: "" }, null],
])("%s", (_, typed, problem) => {
  expect(planIn({ ...planText, ...typed }, 448).problem).toBe(problem);
});

test("the button says what goes first", () => {
  const { plan } = planIn(planText, 448);
  expect(confirmWords("Retry", 448, plan)).toBe("Retry 10, then 438");
  expect(confirmWords("Retry", 10, plan)).toBe("Retry 10");
  expect(confirmWords("Retry", 4_480, { ...plan, canaryN: null })).toBe("Retry 4,480");
});
