import { expect, test } from "vitest";
import { deliver } from "./deliver";
import { killedStory, mortal } from "./killed.testing";
import { routeSteps } from "./route";
import { makeDue } from "./testing";

class Death extends Error {}

test("workers die 60 times between any two steps, at a receiver that fails in every way: each step is told, in order, repeats under their id", async () => {
  await killedStory(
    { alertsN: 25, deathsN: 60 },
    async ({ db }, channel, gap) => {
      const dead = mortal(db, gap, () => {
        throw new Death();
      });
      await routeSteps(dead, null);
      await deliver({ db: dead, environment: "test", baseUrl: null, linkKey: null }, channel);
    },
    makeDue,
  );
  expect.hasAssertions();
});
