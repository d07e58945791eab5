import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rows } from "../db/rows";
import { type TestPair, testPair } from "../observation/testing";
import { makeOperator } from "../operators/testing";
import { dispatchChunks } from "./dispatch";
import { selectRetrying } from "./effects.sql";
import { parseAct } from "./input";
import { requestRetry } from "./service";
import { watchOutcomes } from "./watch";

let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
  for (const sourceId of ["shop", "stock"]) await pair.observe(sourceId);
});
afterAll(() => pair.close());

const retried = () =>
  rows(
    pair.store.db,
    sql`select source_id as "sourceId", consumer, event_type as "eventType", measure, sum(n)::int as n from recent_count where measure like '%retried' group by 1, 2, 3, 4`,
  );

test("X11: what a retry brought back and its consumer found old is counted apart, once, and its consumer is known while it runs", async () => {
  const { ctx } = await makeOperator(pair.store.db, Date.now(), { name: "Jo" });
  const sent = await pair.emit("Placed", "E-1");
  await pair.park(sent);
  await pair.observe("stock");
  const letter = (await pair.letters()).find(({ key }) => key === sent.key)!;
  const request = { selection: { messages: [letter.id] }, reason: "the fix is deployed", key: "ending-1" };
  await requestRetry(ctx, parseAct(request));
  await dispatchChunks(pair.store.db, "a", pair.observed);
  expect(await selectRetrying(pair.store.db)).toEqual(["stock-service"]);
  await pair.answer("stale");
  for (let i = 0; i < 2; i++) await watchOutcomes(pair.store.db, pair.observed);
  expect(await retried()).toEqual([
    { sourceId: "stock", consumer: "stock-service", eventType: "Placed", measure: "stale_retried", n: 1 },
  ]);
  expect(await selectRetrying(pair.store.db)).toEqual([]);
});
