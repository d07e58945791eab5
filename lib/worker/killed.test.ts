import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../db/testing";
import { seconds } from "../time";
import { type Environment, holders, killedStory, openEnvironment } from "./killed.testing";

let environment: Environment;
beforeAll(async () => {
  environment = await openEnvironment();
});
afterAll(() => environment.close());

test("two workers share the sources evenly; one that is killed is replaced within 10 s, one that stops at once", async () => {
  const [first, second] = [environment.start(), environment.start()];
  const shares = async () => {
    const held = await holders(environment);
    return [held.get(first.pid)?.length ?? 0, held.get(second.pid)?.length ?? 0];
  };
  await until(async () => (await shares()).join() === "3,3", { withinMs: seconds(30) });
  const killedAt = performance.now();
  await second.kill();
  await until(async () => (await shares()).join() === "6,0", { withinMs: seconds(10) });
  expect(performance.now() - killedAt).toBeLessThan(seconds(10));
  const third = environment.start();
  await until(async () => (await holders(environment)).get(third.pid)?.length === 3, { withinMs: seconds(20) });
  await first.stop();
  await until(async () => (await holders(environment)).get(third.pid)?.length === 6, { withinMs: seconds(5) });
  await third.stop();
}, 240_000);

test("400 messages are retried while workers are killed four times at random: each is redelivered once, and every item has its outcome", async () => {
  await killedStory(environment, { messagesN: 400, killsN: 4, wait: false });
}, 300_000);
