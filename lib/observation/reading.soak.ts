import { describe, test } from "vitest";
import { seconds } from "../time";
import { readingStory } from "./reading.testing";

describe.each(Array.from({ length: 20 }, (_, i) => 100 + i))("seed %i", (seed) => {
  test(
    "tables without triggers under six kinds of writers: nothing is missed, and nothing counts twice",
    () =>
      readingStory(seed, {
        writesN: seed % 4 === 0 ? 60 : 120,
        longMs: seed % 4 === 0 ? seconds(4) : 600,
        restarts: seed % 2 === 1,
      }),
    600_000,
  );
});

test("transactions of up to half a minute", () => readingStory(7, { writesN: 12, longMs: seconds(30), restarts: true }), 900_000);
