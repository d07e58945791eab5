import { afterAll, beforeAll, test } from "vitest";
import { type TestPair, testPair } from "../observation/testing";
import { playMany } from "./interleaved.testing";

let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
  await pair.observe("stock");
});
afterAll(() => pair.close());

test("a thousand stories of workers and operators in any order", () => playMany(pair, 1_000));
