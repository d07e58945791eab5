import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { firstRow, rows } from "../db/rows";
import { until } from "../db/testing";
import { observeSource } from "./service";
import { type TestPair, testPair } from "./testing";

let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
});
afterAll(() => pair.close());
beforeEach(async () => {
  for (const side of [pair.shop, pair.stock])
    await side.rows(
      "delete from messaging.outbox; delete from messaging.inbox; delete from messaging.held_message; delete from messaging.dead_letter; delete from messaging.saga; delete from messaging.saga_step",
    );
  await pair.forget();
  await pair.store.db
    .execute(
      sql`update source_status set cursor = null, lease_owner = null, lease_until = null, rechecked = null, error = null, failures = 0, next_poll_at = null`,
    )
    .then(() => Promise.all([pair.observe("shop"), pair.observe("stock")]));
});

const both = async () => {
  await pair.observe("shop");
  await pair.observe("stock");
};
/** Everything is asked again by primary key, as it is once a minute. */
const recheck = async (sourceId: string) => {
  await pair.store.db.execute(sql`update source_status set rechecked = null where source_id = ${sourceId}`);
  await pair.observe(sourceId);
};

test("an event is unpublished, then undelivered, then nothing, whichever source is looked at first", async () => {
  const sent = await pair.emit("Placed", "S-1", { published: false });
  await both();
  expect(await pair.open()).toEqual(["sales undelivered S-1", "sales unpublished S-1"]);
  await pair.shop.rows("update messaging.outbox set published_at = clock_timestamp()");
  await both();
  expect(await pair.open()).toEqual(["sales undelivered S-1"]);
  await pair.process(sent);
  await both();
  expect(await pair.open()).toEqual([]);
  expect(await pair.drift()).toEqual([]);
});

test("an inbox row that is seen before its outbox row leaves a tombstone, and nothing opens", async () => {
  await pair.process(await pair.emit("Placed", "S-1"));
  await pair.observe("stock");
  await pair.observe("shop");
  expect(await pair.open()).toEqual([]);
  expect(await rows(pair.store.db, sql`select 1 from delivery_seen`)).toEqual([]);
});

test("what was published and is to be published again is unpublished again", async () => {
  await pair.process(await pair.emit("Placed", "S-1"));
  await both();
  await pair.shop.rows("update messaging.outbox set published_at = null");
  await both();
  expect(await pair.open()).toEqual(["sales unpublished S-1"]);
});

test("deliveries that a first read finds do not count until the consumer was asked by key", async () => {
  const done = await pair.emit("Placed", "S-done", { ago: "1 hour" });
  await pair.emit("Placed", "S-lost", { ago: "1 hour" });
  await pair.process(done);
  await pair.observe("stock");
  await pair.forget("delivery_seen");
  await pair.store.db.execute(sql`update source_status set cursor = null where source_id = 'shop'`);
  await pair.observe("shop");
  expect(await pair.open()).toEqual(["sales undelivered S-done ?", "sales undelivered S-lost ?"]);
  expect(await rows(pair.store.db, sql`select 1 from open_key`)).toEqual([]);
  await pair.observe("stock");
  expect(await pair.open()).toEqual(["sales undelivered S-lost"]);
  expect(await pair.drift()).toEqual([]);
});

test("a source that comes back after an hour makes no breach of what was processed meanwhile, though its tombstones are gone", async () => {
  await pair.process(await pair.emit("Placed", "S-1", { ago: "1 hour" }));
  await pair.observe("stock");
  await pair.forget("delivery_seen");
  await pair.observe("shop");
  expect(await rows(pair.store.db, sql`select 1 from open_key`)).toEqual([]);
  await pair.observe("stock");
  expect(await pair.open()).toEqual([]);
});

test("a burst is read in pages: every delivery opens once, whatever is written between the pages", async () => {
  for (let n = 0; n < 25; n++) await pair.emit("Placed", `S-${n}`, { published: n % 2 === 0 });
  const shop = pair.of("shop");
  const one = () => observeSource({ db: pair.store.db, workerId: "test", pageSize: 1 }, shop);
  // Sixteen pages a poll, of 25 rows; in between a row is written again, and new ones come.
  expect(await one()).toBe("more");
  await pair.shop.rows("update messaging.outbox set published_at = clock_timestamp() where published_at is null");
  await pair.emit("Placed", "S-late");
  // This round ends where it was to end; the next one brings what was written meanwhile.
  for (let round = 0; round < 2; round++) while ((await one()) === "more");
  await pair.observe("stock");
  const open = await pair.open();
  expect(open).toHaveLength(26);
  expect(new Set(open).size).toBe(26);
  expect(open.every((fact) => fact.startsWith("sales undelivered"))).toBe(true);
  // Every publication was measured, once.
  expect(
    await firstRow(
      pair.store.db,
      sql`select sum(c)::int as n from lag_sample, unnest(finished_counts) c where level_s = 10 and measure = 'publish' and consumer = ''`,
    ),
  ).toEqual({ n: 26 });
  expect(await pair.drift()).toEqual([]);
});

test("what a first read meets between its pages opens no second time when it is read as new", async () => {
  for (let n = 0; n < 25; n++) await pair.emit("Placed", `S-${n}`);
  await pair.store.db.execute(sql`update source_status set cursor = null where source_id = 'shop'`);
  const one = () => observeSource({ db: pair.store.db, workerId: "test", pageSize: 1 }, pair.of("shop"));
  expect(await one()).toBe("more");
  const late = await pair.emit("Placed", "S-late");
  await pair.process(late);
  await pair.observe("stock");
  while ((await one()) === "more");
  await pair.process(await pair.emit("Placed", "S-later"));
  await pair.observe("stock");
  await one();
  expect(await rows(pair.store.db, sql`select 1 from open_key where business_key like 'S-late%'`)).toEqual([]);
  await pair.observe("stock");
  expect((await pair.open()).filter((fact) => fact.includes("late"))).toEqual([]);
});

test("a parked message counts once; resolved, it leaves with its delivery", async () => {
  const sent = await pair.emit("Both", "S-1");
  const id = await pair.park(sent);
  await both();
  expect(await pair.open()).toEqual(["books parked S-1", "books undelivered S-1", "sales parked S-1", "sales undelivered S-1"]);
  await pair.settle(id, "redelivering");
  await both();
  expect(await pair.letters()).toMatchObject([{ state: "redelivering" }]);
  await pair.process(sent);
  await pair.settle(id, "resolved");
  await both();
  expect(await pair.open()).toEqual([]);
  expect(await pair.letters()).toEqual([]);
  expect(await pair.drift()).toEqual([]);
});

test("a discarded message closes its delivery: nothing will process it, and nobody waits for it", async () => {
  const id = await pair.park(await pair.emit("Placed", "S-1"));
  await both();
  await pair.settle(id, "discarded");
  await pair.observe("stock");
  expect(await pair.open()).toEqual([]);
  expect(await pair.drift()).toEqual([]);
});

test("a message parked again for another reason reopens under its number, in the group that it belongs to now", async () => {
  const sent = await pair.emit("Placed", "S-1");
  const seq = await pair.park(sent, "TypeError: no site");
  await both();
  const [before] = await pair.letters();
  await pair.settle(seq, "redelivering");
  await pair.observe("stock");
  await pair.park(sent, "RangeError: too many");
  await pair.observe("stock");
  const after = await pair.letters();
  expect(after).toMatchObject([{ id: before!.id, error: "RangeError", state: "parked", attempts: 6 }]);
  expect(after[0]!.groupId).not.toBe(before!.groupId);
  expect(await pair.drift()).toEqual([]);
  expect(await rows(pair.store.db, sql`select closed_as from dead_letter_history where id = ${before!.id}`)).toEqual([
    { closed_as: "parked again" },
  ]);
});

test("a clock that is estimated anew parks nothing again", async () => {
  await pair.park(await pair.emit("Placed", "S-1"));
  await both();
  const [before] = await pair.letters();
  await pair.store.db.execute(sql`update dead_letter set parked_at = parked_at - interval '400 ms'`);
  await pair.stock.rows("update messaging.dead_letter set state_reason = 'touched'");
  await pair.observe("stock");
  expect(await pair.letters()).toEqual([before]);
  expect(await rows(pair.store.db, sql`select 1 from dead_letter_history where id = ${before!.id}`)).toEqual([]);
});

test("held messages stand as long as they are held", async () => {
  const held = randomUUID();
  await pair.stock.rows(
    `insert into messaging.held_message (consumer, message_id, event_type, business_key, version, waits_for, payload, occurred_at)
     values ('stock-service', $1, 'Both', 'S-1', 2, 1, '{}', clock_timestamp() - interval '5 seconds')`,
    [held],
  );
  await pair.observe("stock");
  expect(await pair.open()).toEqual(["books held S-1", "sales held S-1"]);
  await pair.stock.rows("delete from messaging.held_message");
  await pair.observe("stock");
  expect(await pair.open()).toEqual([]);
  expect(await pair.drift()).toEqual([]);
});

test("what was deleted in the source is noticed within a round of questions: events, letters with and without a contract", async () => {
  await pair.emit("Placed", "S-1", { published: false });
  await pair.park(await pair.emit("Placed", "S-2"));
  await pair.park({ messageId: randomUUID(), key: "S-3", type: "Nameless" });
  await both();
  expect((await pair.letters()).map((letter) => letter.key)).toEqual(["S-2", "S-3"]);
  await pair.shop.rows("delete from messaging.outbox");
  await pair.stock.rows("delete from messaging.dead_letter");
  await recheck("shop");
  await recheck("stock");
  expect(await pair.letters()).toEqual([]);
  // What was published may have been processed, nobody can tell any more: the obligation stands. What was not is lost.
  expect(await pair.open()).toEqual(["sales undelivered S-2"]);
  expect(await pair.drift()).toEqual([]);
});

test("a worker that lost its lease changes nothing: neither by its poll nor by its questions", async () => {
  const first = { db: pair.store.db, workerId: "test" };
  const sent = await pair.emit("Placed", "S-1");
  const id = await pair.park(sent);
  await both();
  const stock = pair.of("stock");
  const slow = {
    ...stock,
    source: {
      ...stock.source,
      // While it reads, another worker takes over, and sees more.
      poll: async (cursor: unknown, size: number) => {
        const poll = await stock.source.poll(cursor, size);
        await takeOver();
        await pair.park(sent, "RangeError: again");
        await pair.observe("stock", { workerId: "second" });
        return poll;
      },
    },
  };
  await pair.settle(id, "resolved");
  expect(await observeSource(first, slow)).toBe("held elsewhere");
  expect(await pair.letters()).toMatchObject([{ error: "RangeError", state: "parked" }]);

  // The same while it asks by key.
  await pair.store.db.execute(sql`update source_status set rechecked = null, lease_until = now() - interval '1 s'`);
  const asking = {
    ...stock,
    source: {
      ...stock.source,
      recheck: async (refs: Parameters<typeof stock.source.recheck>[0]) => {
        await pair.settle(id, "resolved");
        const found = await stock.source.recheck(refs);
        await pair.park(sent, "URIError: once more");
        await takeOver();
        await pair.observe("stock", { workerId: "third" });
        return found;
      },
    },
  };
  expect(await observeSource(first, asking)).toBe("held elsewhere");
  expect(await pair.letters()).toMatchObject([{ error: "URIError", state: "parked" }]);
  expect(await pair.drift()).toEqual([]);
});

const takeOver = () =>
  pair.store.db.execute(sql`update source_status set lease_until = now() - interval '1 s' where source_id = 'stock'`);

test("a saga is in flight until its deadline passes, without a row changing; its failed compensation counts until it is made good", async () => {
  const id = randomUUID();
  await pair.shop.rows(
    `insert into messaging.saga (saga_id, saga_type, business_key, state, step, started_at, deadline_at) values ($1, 'sale', 'S-1', 'running', 'pay', clock_timestamp(), clock_timestamp() + interval '1 hour')`,
    [id],
  );
  await both();
  expect(await pair.open()).toEqual([]);
  await pair.store.db.execute(sql`update saga set deadline_at = now() - interval '1 s'`);
  await pair.observe("shop");
  expect(await pair.open()).toEqual(["sales saga S-1"]);
  const step = (position: number, name: string, state: string) =>
    pair.shop.rows(
      `insert into messaging.saga_step (saga_id, position, name, kind, compensates, state, started_at) values ($1, $2, $3, 'compensation', 1, $4, clock_timestamp() - interval '1 hour')
       on conflict (saga_id, position) do update set state = excluded.state`,
      [id, position, name, state],
    );
  const saga = (state: string) =>
    pair.shop.rows(
      "update messaging.saga set state = $2, deadline_at = clock_timestamp() + interval '1 hour' where saga_id = $1",
      [id, state],
    );
  const figures = async () =>
    firstRow(
      pair.store.db,
      sql`select count(*) filter (where c.state = 'failed')::int as failed, count(*) filter (where c.deadline_at < now())::int as late from saga_compensation c`,
    );
  await saga("compensating");
  await step(3, "unpay", "failed");
  await step(4, "give-back", "running");
  await pair.observe("shop");
  expect(await pair.open()).toEqual(["sales saga S-1"]);
  expect(await figures()).toMatchObject({ failed: 1, late: 2 });
  // A step that turns out to have nothing to undo is not late for ever.
  await step(4, "give-back", "skipped");
  await pair.observe("shop");
  expect(await figures()).toMatchObject({ failed: 1, late: 1 });
  await step(3, "unpay", "done");
  await saga("compensated");
  await pair.observe("shop");
  expect(await pair.open()).toEqual([]);
  expect(
    await firstRow(pair.store.db, sql`select sum(succeeded)::int as ok, sum(failed)::int as bad from compensation_count`),
  ).toEqual({
    ok: 1,
    bad: 1,
  });
  expect(await pair.drift()).toEqual([]);
});

test("what a saga owed no more is taken from its zone by whoever is alone there, also where no row of it is left", async () => {
  await pair.store.db.execute(
    sql`insert into unresolved (source_id, reason, consumer, ref, zone_id, business_key, event_type, since, confirmed, flagged) values ('shop', 'saga', '', 'ended', 'elsewhere', 'S-1', 'sale', now(), true, false)`,
  );
  const left = () => rows(pair.store.db, sql`select 1 from unresolved where zone_id = 'elsewhere'`);
  const other = await pair.store.pool.connect();
  await other.query("begin; select pg_advisory_xact_lock(hashtextextended('zone:elsewhere', 0))");
  const looking = pair.observe("shop");
  const waiting = sql`select 1 from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`;
  await until(() => firstRow(pair.store.db, waiting));
  expect(await left()).toHaveLength(1);
  await other.query("commit");
  other.release();
  await looking;
  expect(await left()).toEqual([]);
});

test("a failed saga whose row is gone from its source does not breach the zone for ever", async () => {
  await pair.shop.rows(
    `insert into messaging.saga (saga_id, saga_type, business_key, state, started_at) values (gen_random_uuid(), 'sale', 'S-1', 'failed', clock_timestamp())`,
  );
  await both();
  expect(await pair.open()).toEqual(["sales saga S-1"]);
  await pair.shop.rows("delete from messaging.saga");
  await recheck("shop");
  await pair.observe("shop");
  expect(await pair.open()).toEqual([]);
});

test("a poll under contracts that are not in force any more is read anew under those that are", async () => {
  await pair.emit("Posted", "S-1");
  await both();
  await pair.forget("unresolved", "open_key");
  const shop = pair.of("shop");
  const observer = { db: pair.store.db, workerId: "test" };
  await observeSource(observer, shop);
  expect(await pair.open()).toEqual([]);
  await observeSource(observer, { ...shop, contractHash: "2" });
  await pair.observe("stock");
  expect(await pair.open()).toEqual(["books undelivered S-1"]);
});

test("what the store refuses is no failure of the source", async () => {
  const shop = pair.of("shop");
  const broken = {
    ...shop,
    source: { ...shop.source, poll: async () => ({ ...(await shop.source.poll(null, 10)), identity: "\u0000" }) },
  };
  await expect(observeSource({ db: pair.store.db, workerId: "test" }, broken)).rejects.toThrow();
  expect(await firstRow(pair.store.db, sql`select error from source_status where source_id = 'shop'`)).toEqual({ error: null });
});

test("Trap 6, a poison row at the head of a batch: one letter that the store cannot hold is counted as odd, and the rest of its page is seen", async () => {
  const owner = new pg.Client({ connectionString: pair.store.ownerUrl });
  await owner.connect();
  await owner.query("alter table dead_letter add constraint no_poison check (business_key <> 'POISON')");
  try {
    const before = (await firstRow<{ n: number }>(
      pair.store.db,
      sql`select odd_rows_n as n from source_status where source_id = 'stock'`,
    ))!.n;
    for (const key of ["S-1", "POISON", "S-2"]) await pair.park(await pair.emit("Placed", key));
    await both();
    expect((await pair.letters()).length).toBe(2);
    expect(await pair.open()).toContain("sales parked S-2");
    expect(
      await firstRow(pair.store.db, sql`select odd_rows_n as n, error from source_status where source_id = 'stock'`),
    ).toEqual({
      n: before + 1,
      error: null,
    });
    expect(await pair.drift()).toEqual([]);
  } finally {
    await owner.query("alter table dead_letter drop constraint no_poison");
    await owner.end();
  }
});

test("S17: what a source parks under another source's consumer is not taken, and stands as a problem of that source", async () => {
  const theirs = await pair.emit("Placed", "S-1");
  await pair.park(theirs);
  await pair.park(await pair.emit("Placed", "S-2"));
  await pair.observe("stock");
  expect((await pair.letters()).length).toBe(2);
  const foreign = () =>
    rows(pair.store.db, sql`select source_id as id, foreign_consumers as consumers from source_status order by 1`);
  expect(await foreign()).toEqual([
    { id: "shop", consumers: [] },
    { id: "stock", consumers: [] },
  ]);
  // Parked before the consumer was another one's, it is let go as well.
  await pair.stock.rows(
    `update messaging.dead_letter set consumer = 'shop-service', state_changed_at = clock_timestamp() where business_key = 'S-1'`,
  );
  await both();
  expect((await pair.letters()).length).toBe(1);
  expect(await pair.open()).toEqual(expect.not.arrayContaining(["sales parked S-1"]));
  expect(await pair.open()).toContain("sales parked S-2");
  expect(await foreign()).toEqual([
    { id: "shop", consumers: [] },
    { id: "stock", consumers: ["shop-service"] },
  ]);
  expect(await pair.drift()).toEqual([]);
});
