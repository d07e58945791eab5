import { test } from "vitest";
import { orderKeys } from "../../bench/reconcile/live";
import { liveStory } from "./live.testing";
import { keysOfSeed } from "./live-keys.testing";

const seed = Number(process.env.ACCORD_SEED ?? Date.now() % 1_000_000);

test(
  "under live writes the list of open divergences has no false entry, and every loss that was planted, hot keys or not",
  () =>
    liveStory({
      seed,
      keys: [orderKeys],
      unusual: false,
      rowSecurity: false,
      keysN: 3_000,
      hotN: 20,
      perSecond: 400,
      plantedN: 60,
      dropOneOf: 300,
    }),
  120_000,
);

test(
  "whatever types the keys have, and whatever the databases' settings: no false entry, no loss is missed",
  () =>
    liveStory({
      seed,
      keys: keysOfSeed(seed, 2),
      unusual: true,
      rowSecurity: seed % 2 === 0,
      keysN: 500,
      hotN: 5,
      perSecond: 80,
      plantedN: 12,
      dropOneOf: 100,
    }),
  120_000,
);
