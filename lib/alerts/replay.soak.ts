import { afterAll, beforeAll, expect, test } from "vitest";
import { testPair } from "../observation/testing";
import { makeOperator } from "../operators/testing";
import { hours } from "../time";
import { replayStory } from "./replay.testing";

let pair: Awaited<ReturnType<typeof testPair>>;
beforeAll(async () => {
  pair = await testPair();
});
afterAll(() => pair.close());

test("a condition that is tried out is raised when it was raised: a seeded day", async () => {
  const { ctx } = await makeOperator(pair.store.db, Date.now(), { name: "Jo", role: "operator", zones: null });
  const conditions = [
    "compensations_failed > 0",
    "sources_silent > 0 for 30s",
    "breached > 0",
    "at_risk > 0",
    "at_risk > 0 for 5m",
    "oldest_unresolved > 80% of window for 2m",
    "parked > 35",
    "parked > 20 for 20s",
  ];
  const n = await replayStory(ctx, 2, hours(24), conditions);
  console.info(`A day of 8,640 readings: ${n} alerts were raised, and a replay says the same of each.`);
  expect(n).toBeGreaterThan(100);
});
