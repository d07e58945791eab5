import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { until } from "../../lib/db/testing";
import { consume, type Message, redeliver, start } from "./index.js";
import { effect, type TestClient, testClient } from "./service.testing";

let client: TestClient;
let broken: boolean;
beforeAll(async () => {
  client = await testClient("client_redelivery");
});
afterAll(() => client.close());
beforeEach(async () => {
  broken = true;
  await client.empty();
});

const service = () =>
  client.service({
    lanes: 2,
    handlers: {
      Placed: async (tx, message) => {
        await effect(tx, message);
        if (broken) throw new TypeError("no such sku");
        return "applied";
      },
    },
  });
async function parked(n = 1): Promise<Message[]> {
  const messages: Message[] = [];
  for (let i = 0; i < n; i++) messages.push(...(await client.published(1, `ORD-${i}`)));
  for (const message of messages) expect(await consume(service(), message)).toBe("parked");
  broken = false;
  return messages;
}
const requests = () => client.all("select state, error_message from messaging.redelivery order by state");
const letters = () => client.all("select state, state_reason from messaging.dead_letter");

test("a message that is asked for again is handled, and outcome and dead letter say so with its effect", async () => {
  await parked();
  await client.ask();
  expect(await redeliver(service())).toBe(1);
  expect(await requests()).toEqual([{ state: "applied", error_message: null }]);
  expect(await letters()).toEqual([{ state: "resolved", state_reason: "redelivered: applied" }]);
  expect(await client.effects()).toEqual({ "ORD-0": 1 });
  expect(await client.all("select attempts from messaging.inbox")).toEqual([{ attempts: 4 }]);
});

test("asked for twice, it has one effect and the second request is a duplicate", async () => {
  const [message] = await parked();
  await client.ask();
  await client.ask();
  expect(await redeliver(service())).toBe(2);
  expect((await requests()).map(({ state }) => state)).toEqual(["applied", "duplicate"]);
  expect(await consume(service(), message!)).toBe("duplicate");
  expect(await client.effects()).toEqual({ "ORD-0": 1 });
});

test("two consumers share what is asked for, and each message has one effect", async () => {
  await parked(30);
  await client.ask();
  await Promise.all(
    [1, 2, 3].map(async () => {
      while ((await redeliver(service())) > 0);
    }),
  );
  expect(new Set((await requests()).map(({ state }) => state))).toEqual(new Set(["applied"]));
  expect(Object.values(await client.effects())).toEqual(Array(30).fill(1));
});

test("one that fails again is parked again, with one more attempt in its log", async () => {
  await parked();
  broken = true;
  await client.ask();
  await redeliver(service());
  expect(await requests()).toEqual([{ state: "failed", error_message: "no such sku" }]);
  expect(await client.all("select state, attempts, jsonb_array_length(attempt_log) as n from messaging.dead_letter")).toEqual([
    { state: "parked", attempts: 4, n: 4 },
  ]);
  expect(await client.effects()).toEqual({});
});

test("an edited message takes the place of its original, whose copies are duplicates from then on", async () => {
  const [message] = await parked();
  await client.ask(`'{"i": 9}', gen_random_uuid()`);
  const handled: unknown[] = [];
  const noting = client.service({
    handlers: {
      Placed: async (tx, { payload, causation_id }) => {
        handled.push({ payload, causation_id });
        await effect(tx, message!);
        return "applied";
      },
    },
  });
  await redeliver(noting);
  expect(handled).toEqual([{ payload: { i: 9 }, causation_id: message!.message_id }]);
  expect(await client.all("select outcome, attempts from messaging.inbox order by outcome")).toEqual([
    { outcome: "applied", attempts: 4 },
    { outcome: "ignored", attempts: 4 },
  ]);
  expect(await consume(service(), message!)).toBe("duplicate");
  expect(await client.effects()).toEqual({ "ORD-0": 1 });
});

test("edited twice, only the first edit has an effect", async () => {
  await parked();
  await client.ask(`'{"i": 9}', gen_random_uuid()`);
  await client.ask(`'{"i": 10}', gen_random_uuid()`);
  expect(await redeliver(service())).toBe(2);
  expect((await requests()).map(({ state }) => state)).toEqual(["applied", "duplicate"]);
  expect(await client.effects()).toEqual({ "ORD-0": 1 });
});

test("a request whose dead letter is gone ends stale, and nothing is handled", async () => {
  await client.pool.query(
    "insert into messaging.redelivery (redelivery_id, dead_letter_id, consumer, message_id, requested_by) values (gen_random_uuid(), 77, 'stock-service', $1, 'Ada')",
    [randomUUID()],
  );
  expect(await redeliver(service())).toBe(1);
  expect((await requests()).map(({ state }) => state)).toEqual(["stale"]);
});

test("what a consumer took and died with is taken again after 30 s, not before, and has one effect", async () => {
  await parked();
  await client.ask();
  let kills = 1;
  const dying = client.service({
    handlers: {
      Placed: async (tx, message) => {
        await effect(tx, message);
        const { rows } = await tx.query<{ pid: number }>("select pg_backend_pid() as pid");
        if (kills-- > 0) await client.all("select pg_terminate_backend($1)", [rows[0]!.pid]);
        return "applied";
      },
    },
  });
  await expect(redeliver(dying)).rejects.toThrow();
  expect(await client.effects()).toEqual({});
  expect((await requests()).map(({ state }) => state)).toEqual(["taken"]);
  expect(await redeliver(dying)).toBe(0);
  await client.pool.query("update messaging.redelivery set taken_at = taken_at - interval '31 s'");
  expect(await redeliver(dying)).toBe(1);
  expect((await requests()).map(({ state }) => state)).toEqual(["applied"]);
  expect(await client.effects()).toEqual({ "ORD-0": 1 });
});

test("a slow consumer does not settle what another took meanwhile", async () => {
  await parked();
  await client.ask();
  let first = true;
  const slow = client.service({
    database: {
      ...client.service().database,
      transaction: async (work) => {
        // Silent for so long between taking and handling.
        if (first) {
          first = false;
          await client.pool.query("update messaging.redelivery set taken_at = taken_at - interval '31 s'");
          expect(await redeliver(service())).toBe(1);
        }
        return client.service().database.transaction(work);
      },
    },
  });
  await redeliver(slow);
  expect((await requests()).map(({ state }) => state)).toEqual(["applied"]);
  expect(await client.effects()).toEqual({ "ORD-0": 1 });
  expect(await client.all("select 1 from messaging.inbox_duplicate")).toEqual([]);
});

test("started, a service publishes, carries out requests and tells a trouble once, until it is stopped", async () => {
  await parked();
  await client.ask();
  await client.pool.query("update messaging.outbox set published_at = null");
  const said: string[] = [];
  let away = true;
  const running = start(service(), {
    restMs: 5,
    publish: async () => {
      if (away) throw new Error("no broker");
    },
    tell: (line) => said.push(line),
  });
  await until(async () => (await client.all("select 1 from messaging.outbox where attempts > 3")).length === 1);
  away = false;
  await until(async () => (await client.all("select 1 from messaging.outbox where published_at is not null")).length === 1);
  await until(async () => (await requests())[0]!.state === "applied");
  await until(async () => said.length === 4);
  await running.stop();
  // Once refused, an event is the matter of the relay of those.
  expect(said.toSorted()).toEqual([
    "stock-service: relay of refused events works again",
    "stock-service: relay of refused events: no broker",
    "stock-service: relay works again",
    "stock-service: relay: no broker",
  ]);
});
