import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { consume, consumeOnce, type Message, redeliver, standing, sweep } from "./index.js";
import { effect, type StockService, type TestClient, testClient } from "./service.testing";

let client: TestClient;
beforeAll(async () => {
  client = await testClient("client_consumer");
});
afterAll(() => client.close());
beforeEach(() => client.empty());

/** A service that handles every version of a key in its turn; `fails` says which do not succeed. */
function inSequence(fails: (message: Message) => boolean = () => false): StockService {
  return client.service({
    inSequence: true,
    handlers: {
      Placed: async (tx, message) => {
        const early = await standing(tx, "stock-service", message);
        if (early) return early;
        if (fails(message)) throw new TypeError("no such sku");
        await effect(tx, message);
        return "applied";
      },
    },
  });
}
const failing = () =>
  client.service({
    handlers: {
      Placed: async (tx, message) => {
        await effect(tx, message);
        throw new TypeError("no such sku");
      },
    },
  });
const inbox = () => client.all("select version::int as n, outcome from messaging.inbox order by version, outcome");
const terminate = (pid: number) => client.all("select pg_terminate_backend($1)", [pid]);

test("a message that comes twice has one effect, and the copy is noted", async () => {
  const [message] = await client.published(1);
  expect(await consume(client.service(), message!)).toBe("applied");
  expect(await consume(client.service(), message!)).toBe("duplicate");
  expect(await client.effects()).toEqual({ "ORD-1": 1 });
  expect(await client.all("select consumer from messaging.inbox_duplicate")).toEqual([{ consumer: "stock-service" }]);
});

test("two consumers that get the same message at once have one effect between them", async () => {
  const [message] = await client.published(1);
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => consume(client.service(), message!)));
  expect(outcomes.sort()).toEqual(["applied", "duplicate", "duplicate", "duplicate"]);
  expect(await client.effects()).toEqual({ "ORD-1": 1 });
});

test("an event without a handler is noted as ignored", async () => {
  const [message] = await client.published(1, "ORD-1", { event: "Packed" });
  expect(await consume(client.service(), message!)).toBe("ignored");
  expect(await inbox()).toEqual([{ n: 1, outcome: "ignored" }]);
});

test("a connection killed between effect and commit leaves nothing, and the message is handled when it comes again", async () => {
  const [message] = await client.published(1);
  let kills = 1;
  const dying = client.service({
    handlers: {
      Placed: async (tx, message) => {
        await effect(tx, message);
        const { rows } = await tx.query<{ pid: number }>("select pg_backend_pid() as pid");
        if (kills-- > 0) await terminate(rows[0]!.pid);
        return "applied";
      },
    },
  });
  await expect(consume(dying, message!)).rejects.toThrow();
  expect(await client.effects()).toEqual({});
  expect(await client.all("select 1 from messaging.dead_letter")).toEqual([]);
  expect(await consume(dying, message!)).toBe("applied");
  expect(await client.effects()).toEqual({ "ORD-1": 1 });
  expect(await client.all("select attempts from messaging.inbox")).toEqual([{ attempts: 1 }]);
});

test("after its last attempt a message is parked whole, with error, stack and the log of attempts, and without its effect", async () => {
  const [message] = await client.published(1);
  expect(await consume(failing(), message!)).toBe("parked");
  const [letter] = await client.all(
    "select *, version::int as version, occurred_at::text as occurred_at, jsonb_array_length(attempt_log) as logged from messaging.dead_letter",
  );
  expect(letter).toMatchObject({ ...message!, error_type: "TypeError", error_message: "no such sku", attempts: 3, logged: 3 });
  expect(letter).toMatchObject({ consumer: "stock-service", consumer_version: "2.1.0", state: "parked" });
  expect(letter.error_stack).toMatch(/client\/src\/consumer\.test\.ts:\d+/);
  expect(letter.error_stack).not.toContain(process.cwd());
  expect(await client.effects()).toEqual({});
  // Somebody brings it once more: the same row.
  expect(await consume(failing(), message!)).toBe("parked");
  expect(await client.all("select attempts, jsonb_array_length(attempt_log) as n from messaging.dead_letter")).toEqual([
    { attempts: 6, n: 6 },
  ]);
});

test("for a broker that brings messages again, an attempt answers when to come back, and the log travels with the message", async () => {
  const [message] = await client.published(1);
  const first = await consumeOnce(failing(), message!);
  expect(first).toMatchObject({ outcome: "failed", againInMs: 1, log: [{ error_type: "TypeError" }] });
  const second = await consumeOnce(failing(), message!, first.outcome === "failed" ? first.log : []);
  expect(second).toMatchObject({ outcome: "failed", againInMs: 2 });
  expect(await consumeOnce(failing(), message!, second.outcome === "failed" ? second.log : [])).toEqual({ outcome: "parked" });
});

test("a refused connection of the handler's own is a failure like any other, not the database's absence", async () => {
  const [message] = await client.published(1);
  const calling = client.service({
    handlers: {
      Placed: () => Promise.reject(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" })),
    },
  });
  expect(await consume(calling, message!)).toBe("parked");
});

test("what comes early is held and released in order, what comes late is stale", async () => {
  const service = inSequence();
  const [first, second, third, fourth] = await client.published(4);
  for (const early of [third, second, fourth]) expect(await consume(service, early!)).toBe("held");
  expect(await client.all("select waits_for::int as n from messaging.held_message order by 1")).toEqual([
    { n: 1 },
    { n: 2 },
    { n: 3 },
  ]);
  expect(await client.effects()).toEqual({});
  expect(await consume(service, first!)).toBe("applied");
  expect(await inbox()).toEqual([1, 2, 3, 4].map((n) => ({ n, outcome: "applied" })));
  expect(await client.all("select 1 from messaging.held_message")).toEqual([]);
  expect(await client.effects()).toEqual({ "ORD-1": 4 });
  expect(await consume(service, { ...first!, message_id: "00000000-0000-4000-8000-000000000001" })).toBe("stale");
});

test("two processes that release the same key handle each held message once", async () => {
  const [first, ...later] = await client.published(6);
  for (const early of later) await consume(inSequence(), early);
  await consume({ ...inSequence(), inSequence: false }, first!);
  await Promise.all([1, 2, 3].map(() => sweep(inSequence())));
  expect(await client.effects()).toEqual({ "ORD-1": 6 });
  expect(await client.all("select 1 from messaging.inbox_duplicate")).toEqual([]);
});

test("a held message that fails in its turn is parked by itself, and those behind it stay held", async () => {
  const service = inSequence((message) => message.version === 2);
  const [first, second, third] = await client.published(3);
  for (const early of [second, third]) expect(await consume(service, early!)).toBe("held");
  expect(await consume(service, first!)).toBe("applied");
  expect(await client.all("select version::int as n, attempts from messaging.dead_letter")).toEqual([{ n: 2, attempts: 3 }]);
  expect(await client.all("select version::int as n from messaging.held_message")).toEqual([{ n: 3 }]);
});

test("what waits for a message that was parked is handled after that was asked for again", async () => {
  let broken = true;
  const service = inSequence((message) => broken && message.version === 1);
  const [first, second] = await client.published(2);
  expect(await consume(service, second!)).toBe("held");
  expect(await consume(service, first!)).toBe("parked");
  expect(await sweep(service)).toEqual({ released: 0, to: "" });
  broken = false;
  await client.ask();
  await redeliver(service);
  expect(await client.effects()).toEqual({ "ORD-1": 2 });
  expect(await client.all("select 1 from messaging.held_message")).toEqual([]);
});

test("an attempt that a deadlock took back is made again, and counts", async () => {
  const [message] = await client.published(1);
  let deadlocks = 1;
  const service = client.service({
    handlers: {
      Placed: async (tx, each) => {
        await effect(tx, each);
        if (deadlocks-- > 0) await tx.query("do $$ begin raise sqlstate '40P01'; end $$");
        return "applied";
      },
    },
  });
  expect(await consume(service, message!)).toBe("applied");
  expect(await client.all("select attempts from messaging.inbox")).toEqual([{ attempts: 2 }]);
  expect(await client.effects()).toEqual({ "ORD-1": 1 });
});

test("what a crash left held behind its predecessor is found, however many keys are held", async () => {
  for (let n = 0; n < 60; n++) {
    const [, second] = await client.published(2, `ORD-${n}`);
    await consume(inSequence(), second!);
  }
  const [first] = await client.all(
    "select message_id, version::int from messaging.outbox where business_key = 'ORD-9' order by version",
  );
  const [whole] = (await client.all("select * from messaging.outbox where message_id = $1", [first.message_id])) as [Message];
  await consume({ ...inSequence(), inSequence: false }, { ...whole, version: 1 });
  const begun = await sweep(inSequence());
  expect(begun.to).not.toBe("");
  const ended = await sweep(inSequence(), begun.to);
  expect([begun.released + ended.released, ended.to]).toEqual([1, ""]);
});
