import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "../../../db/testing";
import type { Poll } from "../../observable";
import type { Source } from "../../source";
import { installNative } from "./install";
import { nativeSource } from "./native";

let database: { url: string; drop: () => Promise<void> };
let source: Source;
let service: pg.Client;
beforeAll(async () => {
  database = await testDatabase("look");
  const observer = { user: "look_observer", password: "secret" };
  const actor = { user: "look_actor", password: "secret" };
  await installNative(database.url, { observer, actor });
  const as = (user: string) => Object.assign(new URL(database.url), { username: user, password: "secret" }).href;
  source = nativeSource({ url: as(observer.user), actUrl: as(actor.user), schema: "messaging", act: true });
  service = new pg.Client({ connectionString: database.url });
  await service.connect();
});
afterAll(async () => {
  await source.close();
  await service.end();
  await database.drop();
});

const write = (client: pg.Client, key: string) =>
  client.query(
    `insert into messaging.outbox (message_id, event_type, aggregate_type, business_key, payload, occurred_at) values (gen_random_uuid(), 'OrderSubmitted', 'order', $1, '{}', now())`,
    [key],
  );
let cursor: unknown = null;
const pollOnce = async (pageSize = 100): Promise<Poll> => {
  const poll = await source.poll(cursor, pageSize);
  cursor = poll.cursor;
  return poll;
};
const pollAll = async (pageSize = 100): Promise<string[]> => {
  const keys: string[] = [];
  for (;;) {
    const poll = await pollOnce(pageSize);
    keys.push(...poll.outbox.map((row) => row.businessKey));
    if (!poll.more) return keys;
  }
};

test("a transaction that stays open while others commit: nothing of it is missed, nothing comes twice, and nobody waits for it", async () => {
  await pollAll();
  const slow = new pg.Client({ connectionString: database.url });
  await slow.connect();
  await slow.query("begin");
  await write(slow, "late-1");
  await write(service, "early-1");
  expect(await pollAll()).toEqual(["early-1"]);
  await write(service, "early-2");
  const poll = await pollOnce();
  expect(poll.outbox.map((row) => row.businessKey)).toEqual(["early-2"]);
  await write(slow, "late-2");
  await slow.query("commit");
  await write(service, "early-3");
  expect((await pollAll()).sort()).toEqual(["early-3", "late-1", "late-2"]);
  expect(await pollAll()).toEqual([]);
  await slow.end();
});

test("a burst is read in pages, each row once", async () => {
  await service.query(`insert into messaging.outbox (message_id, event_type, aggregate_type, business_key, payload, occurred_at)
    select gen_random_uuid(), 'OrderSubmitted', 'order', 'burst-' || n, '{}', now() from generate_series(1, 250) n`);
  const keys = await pollAll(100);
  expect(keys.length).toBe(250);
  expect(new Set(keys).size).toBe(250);
});

test("a source restored from a copy is noticed and its open rows are read anew", async () => {
  const before = cursor as { identity: string; prev: string };
  const ahead = { ...before, prev: before.prev.replace(/^\d+:\d+/, "99999998:99999999") };
  const poll = await source.poll(ahead, 1000);
  expect(poll.reread).toContain("backwards");
  expect(poll.outbox.length).toBeGreaterThan(250);
  const other = await source.poll({ ...before, identity: "another" }, 1000);
  expect(other.reread).toContain("another database");
});

test("reading anew in pages yields every open row once, and of settled events only the newest", async () => {
  await service.query(`insert into messaging.outbox (message_id, event_type, aggregate_type, business_key, payload, occurred_at, published_at)
    select gen_random_uuid(), 'OrderSubmitted', 'order', 'settled-' || n, '{}', now(), now() from generate_series(1, 5100) n`);
  await service.query(`insert into messaging.dead_letter (consumer, message_id, event_type, business_key, payload, error_type, error_message, attempts, first_failed_at, parked_at, state)
    select 'view', gen_random_uuid(), 'OrderSubmitted', 'letter-' || n, '{}', 'Error', 'no', 1, now(), date_trunc('second', now()) - n % 3 * interval '1 second', case when n % 2 = 0 then 'parked' else 'resolved' end
      from generate_series(1, 120) n`);
  const events: string[] = [];
  const letters: string[] = [];
  let place: unknown = null;
  for (let more = true; more; ) {
    const poll = await source.poll(place, 17);
    events.push(...poll.outbox.map((row) => row.businessKey));
    letters.push(...poll.deadLetters.map((row) => row.businessKey));
    place = poll.cursor;
    more = poll.more;
  }
  expect(letters.length).toBe(60);
  expect(new Set(letters).size).toBe(60);
  expect(events.filter((key) => key.startsWith("burst-")).length).toBe(250);
  expect(events.filter((key) => key.startsWith("settled-")).length).toBe(5000);
});

test("S11: texts without end are cut where they are read, and the source is read on", async () => {
  await pollAll();
  await service.query(
    `insert into messaging.dead_letter (consumer, message_id, event_type, business_key, payload, error_type, error_message, error_stack, attempts, first_failed_at)
     values (repeat('c', 100000), gen_random_uuid(), repeat('e', 5000000), 'LONG-1', '{}', repeat('t', 5000000), repeat('m', 5000000), repeat('s', 5000000), 1, now())`,
  );
  await write(service, "after");
  const poll = await pollOnce();
  const text = JSON.stringify(poll);
  expect(text).toContain("LONG-1");
  expect(poll.outbox.map(({ businessKey }) => businessKey)).toEqual(["after"]);
  expect(text.length).toBeLessThan(100_000);
});
