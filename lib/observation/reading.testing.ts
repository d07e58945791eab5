import { setTimeout as pause } from "node:timers/promises";
import { sql } from "drizzle-orm";
import type pg from "pg";
import { expect } from "vitest";
import { rows } from "../db/rows";
import { until } from "../db/testing";
import { type TestMapped, testMapped } from "./mapped.testing";

const tables = `create schema app;
  create table app.outgoing (id bigint primary key, at timestamptz not null default now(), sent timestamptz);
  create index on app.outgoing (at);
  create table app.handled (id bigint primary key, at timestamptz not null default now());
  create index on app.handled (at);
  create table app.failed (id bigint primary key, state integer not null default 9, tries integer not null default 1, at timestamptz not null default now());
  create index on app.failed (id) where state = 9;
  create sequence app.ids;`;
const source = `preset: generic
consumers: [billing]
outbox: { from: app.outgoing o, id: o.id, type: "'Ordered'", occurred: o.at, published: o.sent }
inbox: { from: app.handled h, consumer: "'billing'", id: h.id, type: "'Ordered'", processed: h.at }
dead_letters: { from: app.failed t, parked: t.state = 9, done: t.state = 3, id: t.id, consumer: "'billing'", type: "'Ordered'", attempts: t.tries, occurred: t.at }
`;
const contract = `version: 1
zone: billing
title: Billing
promise: What is ordered is billed.
facts: [{ fact: order, authority: app }]
expectation: { class: eventual, window: 10m }
semantics: { events: { Ordered: { from: app, to: [billing], means: Sold. } } }
accountability: { owner: money }
`;

/** Mulberry32: the same numbers for the same seed. */
function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

type Write = (client: pg.PoolClient, chance: () => number) => Promise<void>;
const one = (client: pg.PoolClient, chance: () => number, sent = chance() < 0.6) => {
  const kind = chance();
  if (kind < 0.45)
    return client.query(
      `insert into app.outgoing (id, sent) values (nextval('app.ids'), ${sent ? "clock_timestamp()" : "null"})`,
    );
  if (kind < 0.75)
    return client.query(
      "insert into app.handled (id) select id from app.outgoing o where not exists (select 1 from app.handled h where h.id = o.id) order by random() limit 1 on conflict do nothing",
    );
  return client.query("insert into app.failed (id) values (nextval('app.ids'))");
};

/** Six ways in which services write: some are seen late, some never, some under the ids of savepoints. */
const writers = (longMs: number): Write[] => [
  async (client, chance) => void (await one(client, chance)),
  async (client, chance) => {
    await client.query("begin; savepoint a");
    await one(client, chance);
    await client.query(chance() < 0.3 ? "rollback to savepoint a" : "release savepoint a");
    await one(client, chance);
    await client.query("commit");
  },
  async (client, chance) => {
    await one(client, chance);
    await client.query(
      "do $$ begin insert into app.outgoing (id) values (nextval('app.ids')); begin insert into app.failed (id) values (0); exception when unique_violation then insert into app.failed (id) values (nextval('app.ids')); end; end $$",
    );
  },
  async (client) => {
    await client.query(
      "update app.outgoing set sent = clock_timestamp() where id in (select id from app.outgoing where sent is null order by random() limit 2)",
    );
    await client.query(
      "update app.failed set state = case when random() < 0.5 then 3 else 1 end where id in (select id from app.failed where state = 9 and id > 0 order by random() limit 1)",
    );
    await client.query(
      "update app.failed set state = 9, tries = tries + 1 where id in (select id from app.failed where state = 1 order by random() limit 1)",
    );
    await client.query("delete from app.failed where id in (select id from app.failed where id > 0 order by random() limit 1)");
  },
  async (client, chance) => {
    await client.query("begin");
    await one(client, chance);
    await client.query("rollback");
  },
  async (client, chance) => {
    await client.query("begin");
    await one(client, chance);
    await pause(chance() * longMs);
    await one(client, chance);
    await client.query("commit");
  },
];

/** A server of the story's own, killed and started again now and then while it is written to and looked at. */
type Killed = { url: string; restart: () => Promise<unknown>; everyMs: number };

/**
 * Writers of six kinds work at once while Accord looks; its process is begun anew now and then, where `restarts` says so. When all is quiet, what
 * the store holds equals what the tables say, and every row was counted once.
 */
export async function readingStory(
  seed: number,
  { writesN, longMs, restarts, killed }: { writesN: number; longMs: number; restarts: boolean; killed?: Killed },
): Promise<void> {
  const app = await testMapped({ tables, source, contract, server: killed?.url });
  // A client that loses its connection between two statements says so, and nobody waits for it.
  app.service.on("connect", (client) => client.on("error", () => {}));
  const chance = random(seed);
  await app.rows("insert into app.failed (id) values (0)");
  let worker = app.worker("first");
  try {
    await worker.observe(50);
    let writing = true;
    const work = Promise.all(
      writers(longMs).map(async (write, i) => {
        const own = random(seed * 31 + i);
        for (let n = 0; n < writesN; n++) {
          await writeOnce(app, (client) => write(client, own), killed !== undefined);
          await pause(own() * 8);
        }
      }),
    ).finally(() => {
      writing = false;
    });
    const killing = (async () => {
      while (killed && writing) {
        await pause(killed.everyMs);
        await killed.restart();
      }
    })();
    for (let look = 0; writing; look++) {
      if (restarts && chance() < 0.1) {
        await worker.close();
        worker = app.worker(`after ${look}`);
        await app.store.db.execute(sql`update source_status set lease_until = null`);
      }
      const answer = await worker.observe(1 + Math.floor(chance() * 60));
      // While its server is away a source is failed, and is looked at again; else every look has to succeed.
      if (!killed) expect(answer).toBe("done");
    }
    await Promise.all([work, killing]);
    // A look that took long, as on a busy machine, is not repeated at once: what it would show comes some seconds later.
    await until(async () => {
      await worker.observe();
      await expectSame(app);
      return true;
    });
  } finally {
    await worker.close();
    await app.close();
  }
}

/** One write of a service; where its server is killed, a write that is lost with its connection is one that never was. */
async function writeOnce(app: TestMapped, write: (client: pg.PoolClient) => Promise<void>, mayFail: boolean): Promise<void> {
  let client: pg.PoolClient | undefined;
  try {
    client = await app.service.connect();
    await write(client);
    client.release();
  } catch (error) {
    client?.release(true);
    if (!mayFail) throw error;
    await pause(50);
  }
}

async function expectSame(app: TestMapped): Promise<void> {
  const open = async (reason: string) =>
    (
      await rows<{ ref: string }>(app.store.db, sql`select distinct ref from unresolved where reason = ${reason} order by ref`)
    ).map(({ ref }) => ref);
  const ids = async (text: string) => (await app.rows<{ id: string }>(text)).map(({ id }) => id);
  expect(await open("unpublished")).toEqual(await ids("select id::text from app.outgoing where sent is null order by id::text"));
  expect(await open("undelivered")).toEqual(
    await ids(
      "select id::text from app.outgoing o where not exists (select 1 from app.handled h where h.id = o.id) order by id::text",
    ),
  );
  expect(await open("parked")).toEqual(await ids("select id::text from app.failed where state = 9 order by id::text"));
  const letters = await rows<{ id: string; tries: number }>(
    app.store.db,
    sql`select source_seq as id, attempts as tries from dead_letter where state = 'parked' order by source_seq`,
  );
  expect(letters).toEqual(await app.rows("select id::text, tries from app.failed where state = 9 order by id::text"));
  const counted = await rows<{ measure: string; n: number }>(
    app.store.db,
    sql`select measure, sum(n)::int as n from recent_count where measure in ('published', 'processed') group by 1 order by 1`,
  );
  expect(counted).toEqual(
    await app.rows(
      "select 'processed' as measure, count(*)::int as n from app.handled union all select 'published', count(*)::int from app.outgoing where sent is not null",
    ),
  );
}

/** More is told while a transaction stays open than is remembered across processes; then another process goes on. */
export async function burstStory(n: number): Promise<{ counted: number; handled: number }> {
  const app = await testMapped({ tables, source, contract });
  const first = app.worker("first");
  const second = app.worker("second");
  const slow = await app.service.connect();
  try {
    await first.observe();
    await first.observe();
    await slow.query("begin; insert into app.handled (id) values (0)");
    await app.rows("insert into app.handled (id) select generate_series(1, $1::int)", [n]);
    await first.observe();
    await first.close();
    await app.store.db.execute(sql`update source_status set lease_until = null`);
    await app.rows("insert into app.handled (id) select generate_series($1::int + 1, $1::int + 10)", [n]);
    await second.observe();
    await slow.query("commit");
    await second.observe();
    const [counted] = await rows<{ n: number }>(
      app.store.db,
      sql`select coalesce(sum(n), 0)::int as n from recent_count where measure = 'processed'`,
    );
    const [handled] = await app.rows<{ n: number }>("select count(*)::int as n from app.handled");
    return { counted: counted!.n, handled: handled!.n };
  } finally {
    slow.release();
    await Promise.all([first.close(), second.close()]);
    await app.close();
  }
}
