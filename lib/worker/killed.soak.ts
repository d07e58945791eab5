import { expect, test } from "vitest";
import { killedStory, openStage } from "./killed.testing";

test("2,000 messages are retried while workers are killed twenty times at random: each is redelivered once, and every item has its outcome", async () => {
  const stage = await openStage();
  try {
    const { cutShort } = await killedStory(stage, { messagesN: 2_000, killsN: 20, wait: true });
    expect(cutShort).toBeGreaterThan(0);
  } finally {
    await stage.close();
  }
}, 600_000);
