import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Consumer, consume, standing, sweep } from "../../../../docs/connect/kit/consumer";
import { emit, forget, type Message, nextVersion, relay, repeat, transaction } from "../../../../docs/connect/kit/messaging";
import { redeliver } from "../../../../docs/connect/kit/redelivery";
import { testDatabase, until } from "../../../db/testing";
import { installNative } from "./install";

let database: Awaited<ReturnType<typeof testDatabase>>;
let pool: pg.Pool;
let broken: boolean;
let consumer: Consumer;

beforeAll(async () => {
  database = await testDatabase("kit");
  await installNative(database.url);
  pool = new pg.Pool({ connectionString: database.url, max: 4 });
  await pool.query("create table messaging_version (business_key text primary key, version bigint not null)");
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(async () => {
  broken = false;
  consumer = {
    pool,
    name: "stock-service",
    release: "2.1.0",
    attempts: 3,
    firstMs: 1,
    maxMs: 2,
    async handle(tx, message) {
      const early = await standing(tx, consumer, message);
      if (early) return early;
      if (broken) throw new TypeError("no such sku");
      return "applied";
    },
  };
  const { rows } = await pool.query(
    "select relname from pg_class where relkind = 'r' and relnamespace = 'messaging'::regnamespace",
  );
  await pool.query(`truncate ${rows.map((row) => `messaging.${row.relname}`).join(", ")}, messaging_version restart identity`);
});

const all = async (text: string) => (await pool.query(text)).rows;

/** Messages that a producer made and its relay published, versions 1, 2, … of one key. */
async function published(n: number): Promise<Message[]> {
  const orders = { pool, name: "order-service", release: "1.0.0" };
  for (let i = 0; i < n; i++)
    await transaction(pool, async (tx) =>
      emit(tx, orders, {
        type: "Placed",
        aggregate: "order",
        key: "ORD-1",
        version: await nextVersion(tx, "ORD-1"),
        payload: { i },
      }),
    );
  const out: Message[] = [];
  await relay(orders, async (messages) => void out.push(...messages));
  return out;
}

test("C12 with the kit, events get versions in a row, are published once, and a broker that is away is noted beside them", async () => {
  const orders = { pool, name: "order-service", release: "1.0.0" };
  const messages = await published(3);
  expect(messages.map(({ version, payload }) => [version, payload])).toEqual([
    [1, { i: 0 }],
    [2, { i: 1 }],
    [3, { i: 2 }],
  ]);
  expect(await relay(orders, async () => {})).toBe(0);
  await transaction(pool, (tx) =>
    emit(tx, orders, { type: "Placed", aggregate: "order", key: "ORD-2", version: 1, payload: {} }),
  );
  await expect(relay(orders, () => Promise.reject(new Error("no broker")))).rejects.toThrow("no broker");
  expect(await all("select attempts, last_error from messaging.outbox where published_at is null")).toEqual([
    { attempts: 1, last_error: "no broker" },
  ]);
  expect(await forget(orders, "0 seconds")).toBe(3);
});

test("C12 with the kit, a message is handled once, what comes early waits for its turn, and what comes late is stale", async () => {
  const [first, second, third] = await published(3);
  expect(await consume(consumer, third!)).toBe("held");
  expect(await consume(consumer, second!)).toBe("held");
  expect(await all("select waits_for::int as n from messaging.held_message order by 1")).toEqual([{ n: 1 }, { n: 2 }]);
  expect(await consume(consumer, first!)).toBe("applied");
  expect(await all("select version::int as n, outcome from messaging.inbox order by version")).toEqual(
    [1, 2, 3].map((n) => ({ n, outcome: "applied" })),
  );
  expect(await all("select 1 from messaging.held_message")).toEqual([]);
  expect(await consume(consumer, second!)).toBe("duplicate");
  expect(await consume(consumer, { ...first!, message_id: "00000000-0000-4000-8000-000000000001" })).toBe("stale");
});

test("C12 with the kit, a held message that fails is parked by itself, and what a crash left held is found", async () => {
  const [first, second] = await published(2);
  const handle = consumer.handle;
  consumer.handle = async (tx, message) => {
    const handled = await handle(tx, message);
    if (message.version === 2 && handled === "applied") throw new Error("not today");
    return handled;
  };
  expect(await consume(consumer, second!)).toBe("held");
  expect(await consume(consumer, first!)).toBe("applied");
  expect(await all("select version::int as n, attempts from messaging.dead_letter")).toEqual([{ n: 2, attempts: 3 }]);
  expect(await all("select 1 from messaging.held_message")).toEqual([]);
  consumer.handle = handle;
  const third = { ...second!, message_id: "00000000-0000-4000-8000-000000000003", version: 3 };
  expect(await consume(consumer, third)).toBe("held");
  await pool.query(`update messaging.inbox set version = 2`);
  await sweep(consumer);
  expect(await all("select version::int as n from messaging.inbox order by 1")).toEqual([{ n: 2 }, { n: 3 }]);
});

test("C12 with the kit, a message is parked with the log of its attempts, and a retry ends as the handler does", async () => {
  const [message] = await published(1);
  broken = true;
  expect(await consume(consumer, message!)).toBe("parked");
  expect(
    await all(
      "select error_type, attempts, jsonb_array_length(attempt_log) as n, error_stack like '%handle%' as stack from messaging.dead_letter",
    ),
  ).toEqual([{ error_type: "TypeError", attempts: 3, n: 3, stack: true }]);
  const ask = () =>
    pool.query(`insert into messaging.redelivery (redelivery_id, dead_letter_id, consumer, message_id, requested_by)
      select gen_random_uuid(), dead_letter_id, consumer, message_id, 'Ada' from messaging.dead_letter`);
  await ask();
  expect(await redeliver(consumer)).toBe(1);
  expect(await all("select state, error_message from messaging.redelivery")).toEqual([
    { state: "failed", error_message: "no such sku" },
  ]);
  expect(await all("select state, attempts, jsonb_array_length(attempt_log) as n from messaging.dead_letter")).toEqual([
    { state: "parked", attempts: 4, n: 4 },
  ]);
  broken = false;
  await ask();
  const loop = repeat(
    10,
    () => redeliver(consumer),
    () => {},
  );
  await until(async () => (await all("select 1 from messaging.redelivery where state = 'applied'")).length === 1);
  await loop.stop();
  expect(await all("select state, state_reason from messaging.dead_letter")).toEqual([
    { state: "resolved", state_reason: "redelivered: applied" },
  ]);
});

test("C12 with the kit, an edited message takes the place of its original, and a request whose letter is gone ends stale", async () => {
  const [message] = await published(1);
  broken = true;
  await consume(consumer, message!);
  broken = false;
  await pool.query(`insert into messaging.redelivery (redelivery_id, dead_letter_id, consumer, message_id, requested_by, payload, edited_message_id)
    select gen_random_uuid(), dead_letter_id, consumer, message_id, 'Ada', '{"i": 9}', gen_random_uuid() from messaging.dead_letter`);
  await pool.query(`insert into messaging.redelivery (redelivery_id, dead_letter_id, consumer, message_id, requested_by)
    values (gen_random_uuid(), 77, 'stock-service', gen_random_uuid(), 'Ada')`);
  expect(await redeliver(consumer)).toBe(2);
  expect(await all("select state from messaging.redelivery order by state")).toEqual([{ state: "applied" }, { state: "stale" }]);
  expect(await all("select outcome, attempts from messaging.inbox order by outcome")).toEqual([
    { outcome: "applied", attempts: 4 },
    { outcome: "ignored", attempts: 4 },
  ]);
  expect(await consume(consumer, message!)).toBe("duplicate");
});
