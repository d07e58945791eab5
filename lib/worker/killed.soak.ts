import { expect, test } from "vitest";
import { killedStory, openEnvironment } from "./killed.testing";

test("2,000 messages are retried while workers are killed twenty times at random: each is redelivered once, and every item has its outcome", async () => {
  const environment = await openEnvironment();
  try {
    const { cutShort } = await killedStory(environment, { messagesN: 2_000, killsN: 20, wait: true });
    expect(cutShort).toBeGreaterThan(0);
  } finally {
    await environment.close();
  }
}, 600_000);
