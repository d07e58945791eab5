import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { emit, forget, type Message, pgDatabase, relay } from "./index.js";
import { type TestClient, testClient } from "./service.testing";

let client: TestClient;
beforeAll(async () => {
  client = await testClient("client_outbox");
});
afterAll(() => client.close());
beforeEach(() => client.empty());

const database = () => pgDatabase(client.pool);
const place = (key: string, payload = {}) =>
  database().transaction((tx) => emit(tx, client.orders, { event: "Placed", aggregate: "order", key, payload }));
const waiting = () =>
  client.all("select business_key, attempts, last_error from messaging.outbox where published_at is null order by position");

test("an event commits with the state that it tells about, or not at all", async () => {
  const work = database().transaction(async (tx) => {
    await tx.query("insert into effect (key) values ('ORD-1')");
    await emit(tx, client.orders, { event: "Placed", aggregate: "order", key: "ORD-1", payload: {} });
    throw new Error("no");
  });
  await expect(work).rejects.toThrow("no");
  expect(await client.all("select 1 from messaging.outbox")).toEqual([]);
  expect(await client.effects()).toEqual({});
});

test("an event says who told it in which version, and goes on with the action and the trace of its cause", async () => {
  const [cause] = await client.published(1);
  await database().transaction((tx) =>
    emit(tx, client.orders, { event: "Packed", aggregate: "order", key: "ORD-1", payload: {} }, cause),
  );
  const [packed] = await client.all("select * from messaging.outbox where event_type = 'Packed'");
  expect(packed).toMatchObject({ causation_id: cause!.message_id, correlation_id: cause!.correlation_id, version: null });
  expect(packed.headers).toMatchObject({ producer: "order-service", producer_version: "1.0.0" });
  expect(packed.traceparent.split("-")[1]).toBe(cause!.traceparent!.split("-")[1]);
  expect(packed.traceparent).not.toBe(cause!.traceparent);
});

test("versions of a key count from 1 without gaps, also when two change it at once", async () => {
  const [one, two] = await Promise.all([client.published(5), client.published(5)]);
  const versions = await client.all("select version::int as n from messaging.outbox order by version");
  expect(versions.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect([...one, ...two]).toHaveLength(10);
});

test("what is published is marked, and published once by two relays together", async () => {
  for (let n = 0; n < 250; n++) await place(`ORD-${n}`);
  const out: Message[] = [];
  const relays = [0, 1].map(async () => {
    while ((await relay(database(), async (messages) => out.push(...messages))) > 0);
  });
  await Promise.all(relays);
  expect(new Set(out.map((message) => message.message_id)).size).toBe(250);
  expect(out).toHaveLength(250);
  expect(await waiting()).toEqual([]);
});

test("a broker that is away is noted beside the first events, and nothing is lost", async () => {
  for (let n = 0; n < 5; n++) await place(`ORD-${n}`);
  await expect(relay(database(), () => Promise.reject(new Error("no broker")))).rejects.toThrow("no broker");
  expect((await waiting()).map(({ attempts, last_error }) => [attempts, last_error])).toEqual([
    ...Array(3).fill([1, "no broker"]),
    ...Array(2).fill([0, null]),
  ]);
  expect(await relay(database(), async () => {})).toBe(5);
});

test("events are offered in the order of writing, past the tenth as well", async () => {
  for (let n = 0; n < 12; n++) await place(`ORD-${n}`);
  const out: Message[] = [];
  await relay(database(), async (messages) => out.push(...messages));
  expect(out.map((message) => message.business_key)).toEqual(Array.from({ length: 12 }, (_, n) => `ORD-${n}`));
});

test("one event that the broker refuses holds up no other", async () => {
  await place("ORD-1");
  await place("ORD-2", { big: true });
  await place("ORD-3");
  const publish = async (messages: Message[]) => {
    if (messages.some((message) => message.payload.big)) throw new RangeError("too large");
  };
  await expect(relay(database(), publish)).rejects.toThrow("too large");
  expect(await waiting()).toEqual([{ business_key: "ORD-2", attempts: 1, last_error: "too large" }]);
});

test("ever so many events that the broker refuses hold up no other, and each is offered again in its turn", async () => {
  for (let n = 0; n < 12; n++) await place(`BAD-${n}`, { big: true });
  for (let n = 0; n < 150; n++) await place(`ORD-${n}`);
  const offered = new Set<string>();
  const publish = async (messages: Message[]) => {
    for (const message of messages) if (message.payload.big) offered.add(message.business_key);
    if (messages.some((message) => message.payload.big)) throw new RangeError("too large");
  };
  for (let pass = 0; pass < 20; pass++) await relay(database(), publish).catch(() => {});
  const left = (await waiting()).map((row) => row.business_key);
  expect(left).toEqual(Array.from({ length: 12 }, (_, n) => `BAD-${n}`));
  expect(offered.size).toBe(12);
  const attempts = (await waiting()).map((row) => row.attempts);
  expect(Math.max(...attempts) - Math.min(...attempts)).toBeLessThanOrEqual(1);
});

test("a relay killed between publishing and its mark publishes again, never not at all", async () => {
  await place("ORD-1");
  const out: string[] = [];
  const dying = relay(database(), async (messages) => {
    out.push(...messages.map((message) => message.message_id));
    await client.all(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and state = 'idle in transaction'",
    );
  });
  await expect(dying).rejects.toThrow();
  expect(await relay(database(), async (messages) => out.push(...messages.map((message) => message.message_id)))).toBe(1);
  expect(out).toHaveLength(2);
  expect(out[0]).toBe(out[1]);
});

test("what was published and handled long ago is forgotten, what still waits is not", async () => {
  await client.published(3);
  await place("ORD-2");
  for (const table of ["inbox", "inbox_duplicate"])
    await client.pool.query(
      table === "inbox"
        ? "insert into messaging.inbox (consumer, message_id, event_type, business_key, outcome, processed_at) values ('stock-service', $1, 'Placed', 'ORD-1', 'applied', now() - interval '31 days')"
        : "insert into messaging.inbox_duplicate (consumer, message_id, seen_at) values ('stock-service', $1, now() - interval '31 days')",
      [randomUUID()],
    );
  const service = client.service();
  expect(await forget(service, { outbox: "1 day", inbox: "40 days" })).toBe(0);
  expect(await forget(service, { outbox: "0 seconds", inbox: "30 days" })).toBe(5);
  expect((await waiting()).map((row) => row.business_key)).toEqual(["ORD-2"]);
});

test("retention and what was refused are found by an index, however much else there is", async () => {
  await client.pool.query(`insert into messaging.outbox (message_id, event_type, aggregate_type, business_key, payload, occurred_at)
    select gen_random_uuid(), 'Placed', 'order', 'ORD-' || n, '{}', now() from generate_series(1, 5000) n`);
  await client.pool.query(`insert into messaging.inbox (consumer, message_id, event_type, business_key, outcome, processed_at)
    select 'stock-service', gen_random_uuid(), 'Placed', 'ORD-' || n, 'applied', now() - n * interval '1 min' from generate_series(1, 20000) n`);
  await client.pool.query("analyze messaging.outbox, messaging.inbox");
  const plans: string[] = [];
  const explaining = {
    ...database(),
    query: async (text: string, values: unknown[] = []) => {
      const { rows } = await client.pool.query(`explain ${text}`, values);
      plans.push(rows.map((row) => row["QUERY PLAN"]).join("\n"));
      return { rows: [] };
    },
  };
  await relay({ ...explaining, transaction: (work) => work(explaining) }, async () => {});
  await forget({ name: "stock-service", database: explaining });
  expect(plans[0]).toMatch(/outbox_to_relay/);
  expect(plans[1]).toMatch(/outbox_refused/);
  expect(plans[3], plans[3]).toMatch(/inbox_retention/);
});
