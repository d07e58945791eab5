import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { MORE, startClock } from "./clock";

test("C11: a clock with more than ten tasks starts without a warning", async () => {
  const warnings: Error[] = [];
  const warned = (warning: Error) => void warnings.push(warning);
  process.on("warning", warned);
  const tasks = Array.from({ length: 20 }, (_, i) => ({ name: String(i), everyMs: 60_000, run: () => Promise.resolve() }));
  const clock = startClock(tasks, () => {});
  // All of them wait by then; a warning is told in the turn after.
  for (let i = 0; i < 3; i++) await turn();
  await clock.stop();
  process.off("warning", warned);
  expect(warnings).toEqual([]);
});

test("a task that says that something is left runs again at once, and waits for its time when nothing is", async () => {
  const runs: number[] = [];
  const more = [MORE, MORE];
  const task = { name: "one", everyMs: 60_000, run: async () => more[runs.push(runs.length) - 1] };
  const clock = startClock([task], () => {});
  for (let i = 0; i < 10; i++) await turn();
  await clock.stop();
  expect(runs).toEqual([0, 1, 2]);
});
