import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestPair, testPair } from "../observation/testing";
import { correlatedBy } from "./correlated";

const EMAIL = "anna@private.example";
const CARD = "4111 1111 1111 1111";
let pair: TestPair;

beforeAll(async () => {
  pair = await testPair();
  await mask("$.customer.email", "$.card");
  await park("S-1", `for ${EMAIL}`, { customer: { email: EMAIL } });
  await park("S-2", CARD.replaceAll(" ", "-"), { card: CARD });
  await park("S-3", "corr-3", { customer: { email: EMAIL } });
  await park("S-4", "closed-4", { customer: { email: "closed-4" } });
  await pair.observe("stock");
  await pair.stock.rows("update messaging.dead_letter set state = 'discarded' where business_key = 'S-4'");
  await pair.observe("stock");
  for (const [key, correlation] of [
    ["S-5", EMAIL],
    ["S-6", "corr-3"],
  ])
    await pair.store.db.execute(sql`insert into saga (source_id, saga_id, saga_type, zone_id, business_key, correlation_id, state, started_at)
      values ('shop', ${randomUUID()}::uuid, 'sale', 'sales', ${key}, ${correlation}, 'running', now())`);
});
afterAll(() => pair.close());

const mask = (...paths: string[]) =>
  pair.store.db.execute(
    sql`update contract_revision set body = jsonb_set(body, '{masking}', ${JSON.stringify(paths)}::jsonb) where zone_id = 'sales'`,
  );
const park = (key: string, correlation: string, payload: object) =>
  pair.stock.rows(
    `insert into messaging.dead_letter (consumer, consumer_version, message_id, event_type, aggregate_type, business_key, version, payload, correlation_id, occurred_at, error_type, error_message, attempts, first_failed_at)
     values ('stock-service', '1.0', $1, 'Placed', 'sale', $2, 1, $3, $4, clock_timestamp(), 'Error', 'it broke', 5, clock_timestamp())`,
    [randomUUID(), key, JSON.stringify(payload), correlation],
  );
const keysOf = async (text: string) => (await correlatedBy(pair.store.db, text, null)).map(({ businessKey }) => businessKey);

test("S6: a correlation that may not be shown is not found by whoever guesses it, of open and closed messages and of sagas", async () => {
  for (const guess of [`for ${EMAIL}`, EMAIL, CARD.replaceAll(" ", "-"), "closed-4"])
    expect([guess, await keysOf(guess)]).toEqual([guess, []]);
  expect(await keysOf("corr-3")).toEqual(["S-3", "S-6"]);
  expect(await correlatedBy(pair.store.db, "corr-3", ["books"])).toEqual([]);
});

test("S6: where nothing is masked, a correlation is found whatever it looks like", async () => {
  await mask();
  expect(await keysOf(`for ${EMAIL}`)).toEqual(["S-1"]);
  expect(await keysOf(EMAIL)).toEqual(["S-5"]);
  expect(await keysOf("closed-4")).toEqual(["S-4"]);
});
