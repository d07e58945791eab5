import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { testDatabase, testPool, until } from "../../lib/db/testing";
import { consume, type Message, pgDatabase, standing, start } from "./index.js";
import { type TestClient, testClient } from "./service.testing";

let client: TestClient;
beforeAll(async () => {
  client = await testClient("client_start");
});
afterAll(() => client.close());
beforeEach(() => client.empty());

const long = { attempts: 5, firstMs: 600_000, maxMs: 600_000 };

test("a service that is stopped does not wait for a pause between attempts to end, and loses nothing", async () => {
  const [first, second] = await client.published(2);
  let tried = 0;
  const service = client.service({
    inSequence: true,
    backoff: long,
    handlers: {
      Placed: async (tx, message) => {
        const early = await standing(tx, "stock-service", message);
        if (early) return early;
        if (message.version === 1) return "applied";
        tried += 1;
        throw new Error("no");
      },
    },
  });
  expect(await consume(service, second!)).toBe("held");
  expect(await consume({ ...service, inSequence: false }, first!)).toBe("applied");
  const said: string[] = [];
  const running = start(service, { restMs: 5, tell: (line) => said.push(line) });
  await until(async () => tried === 1);
  await running.stop();
  await running.stop();
  expect(said).toEqual([]);
  expect(await client.all("select version::int as n from messaging.held_message")).toEqual([{ n: 2 }]);
});

test("a consumer that is told to stop leaves its pause, and does not answer that the message is done", async () => {
  const [message] = await client.published(1);
  const stopping = new AbortController();
  let tried = 0;
  const service = client.service({
    backoff: long,
    handlers: {
      Placed: async () => {
        tried += 1;
        throw new Error("no");
      },
    },
  });
  const handling = consume(service, message!, stopping.signal);
  await until(async () => tried === 1);
  stopping.abort();
  await expect(handling).rejects.toThrow("abort");
  expect(await client.all("select 1 from messaging.inbox union all select 1 from messaging.dead_letter")).toEqual([]);
});

test("a service that is stopped ends the request that it carries out, and leaves the others to be taken again", async () => {
  for (const message of [...(await client.published(1, "A")), ...(await client.published(1, "B"))])
    await consume(client.service({ handlers: { Placed: () => Promise.reject(new Error("no")) } }), message);
  await client.ask();
  let stopped: Promise<void> | undefined;
  const running = start(
    client.service({
      handlers: {
        Placed: async () => {
          stopped = running.stop();
          return "applied";
        },
      },
    }),
    { restMs: 5 },
  );
  await until(async () => stopped !== undefined);
  await stopped;
  expect((await client.all("select state from messaging.redelivery order by state")).map(({ state }) => state)).toEqual([
    "applied",
    "taken",
  ]);
});

test("events that are refused for ever delay nothing that is new, and are offered less and less often", async () => {
  await client.published(4, "BAD");
  await client.pool.query("update messaging.outbox set published_at = null, attempts = 9, last_error = 'no'");
  const refusedAt: number[] = [];
  const out: Message[] = [];
  const service = client.service();
  const running = start(service, {
    restMs: 20,
    tell: () => {},
    publish: async (messages) => {
      if (messages.some((message) => message.business_key === "BAD")) {
        // All of them together, then one after the other until that is enough: the first tells when they were offered.
        if (messages.length > 1) refusedAt.push(performance.now());
        throw new Error("no");
      }
      out.push(...messages);
    },
  });
  await until(async () => refusedAt.length > 0);
  for (let n = 0; n < 5; n++)
    await service.database.query(
      `insert into messaging.outbox (message_id, event_type, aggregate_type, business_key, payload, occurred_at)
       values (gen_random_uuid(), 'Placed', 'order', 'GOOD', '{}', now())`,
    );
  await until(async () => out.length === 5);
  await until(async () => refusedAt.length === 5);
  await running.stop();
  const rests = refusedAt.slice(1).map((at, i) => at - refusedAt[i]!);
  // A timer may be early by less than a millisecond.
  rests.forEach((rest, i) => {
    expect(rest).toBeGreaterThan(20 * 2 ** (i + 1) - 1);
  });
});

test("a database without the tables, and a role without the rights, are told with what helps", async () => {
  const empty = await testDatabase("client_without");
  const pool = testPool(empty.url, 2);
  const said: string[] = [];
  const tell = (line: string) => said.push(line);
  const running = start(client.service({ database: pgDatabase(pool) }), { restMs: 5, tell });
  await until(async () => said.some((line) => line.includes("lacks the tables of @accord/client/schema.sql")));
  await running.stop();
  await pool.end();
  await empty.drop();
  const stranger = testPool(client.url, 2, { options: "-c role=pg_monitor" });
  const refused = start(client.service({ database: pgDatabase(stranger) }), { restMs: 5, tell });
  await until(async () => said.some((line) => line.includes("serviceGrants(role)")));
  await refused.stop();
  await stranger.end();
});
