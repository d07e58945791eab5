import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { unmatchedWords } from "../../components/contracts/words";
import type { Ctx } from "../context";
import { type TestPair, testPair } from "../observation/testing";
import { makeOperator } from "../operators/testing";
import { readZoneContract } from "./contract-tab";

let pair: TestPair;
let ctx: Ctx;

beforeAll(async () => {
  pair = await testPair();
  ctx = (await makeOperator(pair.store.db, Date.now())).ctx;
  await pair.store.db.execute(
    sql`update contract_revision set body = jsonb_set(body, '{masking}', '["$.customer.email", "$.custmer.name", "$..pan"]') where zone_id = 'sales'`,
  );
});
afterAll(() => pair.close());

const park = (payload: object) =>
  pair.stock.rows(
    `insert into messaging.dead_letter (consumer, consumer_version, message_id, event_type, aggregate_type, business_key, version, payload, occurred_at, error_type, error_message, attempts, first_failed_at)
     values ('stock-service', '1.0', $1, 'Placed', 'sale', 'S-1', 1, $2, clock_timestamp(), 'Error', 'it broke', 5, clock_timestamp())`,
    [randomUUID(), JSON.stringify(payload)],
  );
const said = async () => {
  const { masking } = await readZoneContract(ctx, { zoneId: "sales" });
  return masking.paths.map((one) => unmatchedWords(one, masking));
};

test("S6: a path of masking that led to nothing in what came is said; before anything came nothing is, and what was closed counts as well", async () => {
  expect(await said()).toEqual([null, null, null]);
  for (let i = 0; i < 3; i++) await park({ customer: { email: "a@example.test", name: "Ada" }, card: [{ pan: i }] });
  await park({ customer: null });
  await pair.observe("stock");
  const slip = "No message matched this path in the last 4: it masks nothing of them.";
  expect(await said()).toEqual([null, slip, null]);
  await pair.stock.rows("update messaging.dead_letter set state = 'discarded', state_changed_at = clock_timestamp()");
  await pair.observe("stock");
  expect((await pair.letters()).length).toBe(0);
  expect(await said()).toEqual([null, slip, null]);
  expect((await readZoneContract(ctx, { zoneId: "books" })).masking).toEqual({ lookedAtN: 0, paths: [] });
});
