import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { startClock } from "./clock";

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
