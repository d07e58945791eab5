import fc from "fast-check";
import { expect, test } from "vitest";
import { minutes, seconds } from "../time";
import { after, clearMs, type Rules, stepsOf } from "./life.rules";
import { alertLimits, type Life } from "./rules";

const tick = alertLimits.tickMs;

function play(truths: readonly (boolean | null)[], rules: Rules) {
  let life: Life | null = null;
  const said: string[] = [];
  truths.forEach((holds, i) => {
    const steps = stepsOf(life, holds, i * tick, rules);
    life = after(life, steps, i * tick, rules);
    for (const { step } of steps) if (step !== "quiet") said.push(`${i} ${step}`);
  });
  return said;
}

const t = true;
const f = false;
test("an alert is raised when its condition has held for long enough, and cleared when it has not for long enough", () => {
  const rules = { forMs: seconds(20), clearMs: seconds(20), escalationMs: null };
  expect(play([f, t, t, t, t, f, f, f, f], rules)).toEqual(["1 pending", "3 raised", "7 cleared"]);
  expect(play([t, f, t, t, t], rules)).toEqual(["0 pending", "1 dropped", "2 pending", "4 raised"]);
  expect(play([t, t, t, f, f, t, f, f, f], rules)).toEqual(["0 pending", "2 raised", "8 cleared"]);
  expect(play([t, f, f, f], { ...rules, forMs: 0 })).toEqual(["0 pending", "0 raised", "3 cleared"]);
});

test("what nobody can tell neither raises nor clears", () => {
  const rules = { forMs: seconds(20), clearMs: seconds(20), escalationMs: null };
  expect(play([null, null, t, null, null, t], rules)).toEqual(["2 pending", "5 raised"]);
  expect(play([t, t, t, f, null, null, f, f, f], rules)).toEqual(["0 pending", "2 raised", "8 cleared"]);
});

test("while nobody takes it and it goes on, it is told further, a bounded number of times", () => {
  const rules = { forMs: 0, clearMs: seconds(30), escalationMs: seconds(20) };
  const said = play(Array(30).fill(t), rules);
  expect(said.slice(0, 4)).toEqual(["0 pending", "0 raised", "2 escalated", "4 escalated"]);
  expect(said.filter((one) => one.endsWith("escalated"))).toHaveLength(alertLimits.escalationsMax);
  expect(play([t, f, f, f, f, f], rules).some((one) => one.endsWith("escalated"))).toBe(false);
});

test("each time that an alert came back lately the next must be quiet for twice as long, up to half an hour", () => {
  expect([0, 1, 2, 3, 9].map((n) => clearMs(0, n))).toEqual([30_000, 60_000, 120_000, 240_000, 1_800_000]);
  expect(clearMs(minutes(2), 0)).toBe(minutes(2));
  expect(clearMs(minutes(90), 4)).toBe(minutes(30));
});

test("whatever a condition does, an alert is raised at most once before it is cleared, and only after it held", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(true, false, null), { maxLength: 80 }),
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 1, max: 5 }),
      (truths, forTicks, clearTicks) => {
        const said = play(truths, { forMs: forTicks * tick, clearMs: clearTicks * tick, escalationMs: null });
        let open = false;
        for (const one of said) {
          const [at, step] = one.split(" ") as [string, string];
          if (step === "raised") {
            expect(open).toBe(false);
            expect(truths[Number(at)]).toBe(true);
            open = true;
          }
          if (step === "cleared") {
            expect(open).toBe(true);
            expect(truths.slice(Number(at) - clearTicks, Number(at) + 1).every((holds) => holds === false)).toBe(true);
            open = false;
          }
        }
      },
    ),
  );
});
