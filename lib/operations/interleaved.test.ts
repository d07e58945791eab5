import { afterAll, beforeAll, test } from "vitest";
import { type TestPair, testPair } from "../observation/testing";
import { playMany } from "./interleaved.testing";

let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
  await pair.observe("stock");
});
afterAll(() => pair.close());

test("arrivals, retries, answers, kills, pauses, changes and cancels in any order: one outcome each, the cap and the order of keys are kept, and what stopped sends nothing", () =>
  playMany(pair, 50));
