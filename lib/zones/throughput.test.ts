import { expect, test } from "vitest";
import { add, type Histogram } from "../histogram";
import { flowOf } from "../lag/rules";
import { minutes, seconds } from "../time";
import { throughputOf } from "./rules";

const now = Date.UTC(2026, 5, 18, 3, 12, 0);
const from = now - minutes(1);

/** Ten seconds in which so many were finished, each with this lag. */
function done(secondsAgo: number, n: number, lagMs: number): { at: number; lags: Histogram } {
  const lags: Histogram = new Map();
  add(lags, lagMs, n);
  return { at: now - seconds(secondsAgo), lags };
}
const throughput = (finished: ReturnType<typeof done>[], oldestAgeMs: number, youngN = 0, holdsNewer = false) =>
  throughputOf(flowOf(finished, now - oldestAgeMs, from), { youngN, holdsNewer }, now);

test("a consumer that finished nothing for half a minute stands still, whatever it did before", () => {
  expect(throughput([], minutes(2), 90)).toEqual({ state: "stopped", donePerMinute: 0, camePerMinute: 90 });
  expect(throughput([done(50, 400, 80)], seconds(39), 700).state).toBe("stopped");
});

test("one that works off what is old while more comes is slow; while less comes, it catches up", () => {
  const working = [done(20, 10, minutes(4)), done(10, 10, minutes(4))];
  expect(throughput(working, minutes(4), 700)).toEqual({ state: "slow", donePerMinute: 20, camePerMinute: 700 });
  expect(throughput(working, minutes(4), 5).state).toBe("catching_up");
});

test("one that goes on with what occurred later has passed the older ones over", () => {
  const brisk = [done(20, 100, 80), done(10, 100, 80)];
  expect(throughput(brisk, minutes(3), 2)).toEqual({ state: "passed_over", donePerMinute: 200, camePerMinute: 202 });
});

test("one that was brisk before the oldest waited and works off what is old since then is slow, and not passing it over", () => {
  expect(throughput([done(60, 400, 80), done(20, 4, seconds(25)), done(10, 4, seconds(35))], seconds(40), 500).state).toBe(
    "slow",
  );
});

test("one that holds newer messages for an earlier version receives, and what it owes has been overtaken", () => {
  expect(throughput([], minutes(2), 90, true).state).toBe("passed_over");
});
