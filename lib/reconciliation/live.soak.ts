import { test } from "vitest";
import { liveStory } from "./live.testing";
import { keysOfSeed } from "./live-keys.testing";

// Twenty-four stories of four kinds each: every kind of keys twice in each direction, under settings and row security of every combination.
const seeds = Array.from({ length: 24 }, (_, i) => Number(process.env.ACCORD_SEED ?? 0) * 24 + i);

test.each(seeds)("under live writes no entry is false and no loss is missed, keys and settings of seed %i", (seed) =>
  liveStory({
    seed,
    keys: keysOfSeed(seed, 4),
    unusual: seed % 2 === 0,
    rowSecurity: seed % 4 < 2,
    keysN: 600,
    hotN: 10,
    perSecond: 120,
    plantedN: 24,
    dropOneOf: 200,
  }),
);
