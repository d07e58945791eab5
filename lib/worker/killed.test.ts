import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../db/testing";
import { seconds } from "../time";
import { type Environment, holders, killedStory, openEnvironment } from "./killed.testing";

let environment: Environment;
beforeAll(async () => {
  environment = await openEnvironment();
});
afterAll(() => environment.close());

const sourcesN = 6;

test("two workers share the sources evenly; one that is killed is replaced within 10 s, one that stops at once", async () => {
  const [first, second] = [environment.start(), environment.start()];
  const shares = async () => {
    const held = await holders(environment);
    return [held.get(first.pid)?.length ?? 0, held.get(second.pid)?.length ?? 0];
  };
  const sharedEvenly = async () => {
    const [a, b] = await shares();
    return a! + b! === sourcesN && Math.abs(a! - b!) <= 1;
  };
  await until(sharedEvenly, { withinMs: seconds(30) });
  const killedAt = performance.now();
  await second.kill();
  await until(async () => (await shares()).join() === `${sourcesN},0`, { withinMs: seconds(10) });
  expect(performance.now() - killedAt).toBeLessThan(seconds(10));
  const third = environment.start();
  const half = Math.floor(sourcesN / 2);
  await until(async () => ((await holders(environment)).get(third.pid)?.length ?? 0) >= half, { withinMs: seconds(20) });
  await first.stop();
  await until(async () => (await holders(environment)).get(third.pid)?.length === sourcesN, { withinMs: seconds(5) });
  await third.stop();
}, 240_000);

test("400 messages are retried while workers are killed four times at random: each is redelivered once, and every item has its outcome", async () => {
  await killedStory(environment, { messagesN: 400, killsN: 4, wait: false });
}, 300_000);
