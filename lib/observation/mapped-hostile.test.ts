import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "../context";
import { rows } from "../db/rows";
import { parseAct } from "../operations/input";
import { listItems } from "../operations/reading";
import { requestRetry } from "../operations/service";
import { makeOperator } from "../operators/testing";
import { type TestMapped, testMapped } from "./mapped.testing";

// A queue in which one job of a key may be live, and done jobs stay.
const tables = `create schema app;
  create table app.job (id bigint primary key, key text not null, state text not null, body text not null default '{}', died timestamptz);
  create unique index live on app.job (key) where state in ('ready', 'busy')`;
const source = `preset: generic
consumers: [stock]
outbox: { from: app.job t, id: t.id, type: "'Reserve'", key: t.key, pending: "t.state in ('ready', 'busy')", absent: done }
dead_letters:
  from: app.job t
  parked: t.state = 'failed'
  done: t.state = 'done'
  id: t.id
  consumer: "'stock'"
  type: "'Reserve'"
  key: t.key
  error: t.state
  parked_at: t.died
  retry: update app.job set state = 'ready' where id = :id and state = 'failed'
`;
const contract = `version: 1
zone: reservations
title: Reservations
promise: What is ordered is reserved.
facts: [{ fact: reservation, authority: app }]
expectation: { class: eventual, window: 30s }
semantics: { events: { Reserve: { from: app, to: [stock], means: Ordered. } } }
accountability: { owner: stock }
`;

let app: TestMapped;
let jo: Ctx;
let n = 0;
beforeAll(async () => {
  app = await testMapped({ tables, source, contract });
  jo = (await makeOperator(app.store.db, Date.now(), { name: "Jo" })).ctx;
});
afterAll(() => app.close());

const park = (id: number, key = `K-${id}`) =>
  app.rows("insert into app.job (id, key, state, died) values ($1, $2, 'failed', now())", [id, key]);
const retried = async (...ids: number[]) => {
  const found = await rows<{ id: number }>(
    app.store.db,
    sql`select id from dead_letter where source_seq = any(${sql.param(ids.map(String))}::text[]) order by source_seq`,
  );
  const request = parseAct({ selection: { messages: found.map(({ id }) => id) }, reason: "the fix is deployed", key: `k${n++}` });
  return Number((await requestRetry(jo, request)).operationId);
};
const items = async (operationId: number) =>
  (await listItems(jo, { operationId })).items.map(({ businessKey, state, detail }) => ({ key: businessKey, state, detail }));
const unpublished = async () =>
  (await rows<{ ref: string }>(app.store.db, sql`select ref from unresolved where reason = 'unpublished' order by ref`)).map(
    ({ ref }) => ref,
  );

test("what the database has against one row keeps no other from its turn, and is told", async () => {
  await park(1, "taken");
  await park(2);
  await app.rows("insert into app.job (id, key, state) values (3, 'taken', 'ready')");
  await app.observe();
  const operationId = await retried(1, 2);
  await app.dispatch();
  expect(await items(operationId)).toEqual([
    {
      key: "taken",
      state: "stale",
      detail: expect.stringMatching(/^The database refuses it: duplicate key value violates unique constraint "live"/),
    },
    { key: "K-2", state: "waiting", detail: null },
  ]);
  expect(await app.rows("select id::int, state from app.job order by id")).toEqual([
    { id: 1, state: "failed" },
    { id: 2, state: "ready" },
    { id: 3, state: "ready" },
  ]);
  await app.rows("update app.job set state = 'done' where id in (2, 3)");
  await app.watch();
  expect((await items(operationId))[1]).toMatchObject({ state: "succeeded" });
});

test("a row that somebody holds is asked for again when it is free", async () => {
  await park(10);
  await app.observe();
  const operationId = await retried(10);
  const holder = await app.service.connect();
  await holder.query("begin; select 1 from app.job where id = 10 for update");
  await app.dispatch();
  expect(await items(operationId)).toEqual([{ key: "K-10", state: "waiting", detail: null }]);
  await holder.query("commit");
  holder.release();
  await app.watch();
  expect(await app.rows("select state from app.job where id = 10")).toEqual([{ state: "ready" }]);
  await app.rows("update app.job set state = 'done' where id = 10");
  await app.watch();
  expect(await items(operationId)).toMatchObject([{ state: "succeeded" }]);
});

test("what was tried and parked anew before its turn was not sent, and no failure is laid at its door", async () => {
  await park(20);
  await app.observe();
  const operationId = await retried(20);
  await app.rows("update app.job set died = now() + interval '1 s' where id = 20");
  await app.dispatch();
  expect(await items(operationId)).toEqual([
    { key: "K-20", state: "stale", detail: "It was tried and parked anew before its turn came; nothing was sent." },
  ]);
  expect(await app.rows("select state from app.job where id = 20")).toEqual([{ state: "failed" }]);
  await app.observe();
});

test("a job that ended while nobody looked waits no more, though its row is still there; one that failed was not published", async () => {
  await app.rows("insert into app.job (id, key, state) values (30, 'A', 'ready'), (31, 'B', 'ready'), (32, 'C', 'ready')");
  await app.observe();
  expect(await unpublished()).toEqual(["30", "31", "32"]);
  const [before] = await rows<{ n: number }>(
    app.store.db,
    sql`select coalesce(sum(n), 0)::int as n from recent_count where measure = 'published'`,
  );
  await app.rows("update app.job set state = 'done' where id = 30");
  // Another process, which never saw it wait.
  await app.store.db.execute(sql`update source_status set lease_until = null, rechecked = null`);
  const second = app.worker("second");
  await second.observe();
  await second.observe();
  expect(await unpublished()).toEqual(["31", "32"]);
  await app.rows("update app.job set state = 'failed', died = now() where id = 31");
  await second.observe();
  expect(await unpublished()).toEqual(["32"]);
  const [after] = await rows<{ n: number }>(
    app.store.db,
    sql`select coalesce(sum(n), 0)::int as n from recent_count where measure = 'published'`,
  );
  expect(after!.n - before!.n).toBe(0);
  await app.rows("update app.job set state = 'done' where id = 32");
  await second.observe();
  expect(await unpublished()).toEqual([]);
  const [end] = await rows<{ n: number }>(
    app.store.db,
    sql`select coalesce(sum(n), 0)::int as n from recent_count where measure = 'published'`,
  );
  expect(end!.n - before!.n).toBe(1);
  await second.close();
});

test("a condition that fails on a row is told without the row's own words", async () => {
  const other = await testMapped({
    tables:
      "create schema app; create table app.job (id bigint primary key, state text); insert into app.job values (1, 'Ann Example, Elm Street')",
    source: `preset: generic\nconsumers: [stock]\ndead_letters: { from: app.job t, parked: "t.state::int = 9", id: t.id, consumer: "'stock'", type: "'Reserve'" }`,
    contract,
  });
  expect(await other.observe()).toBe("failed");
  const [status] = await rows<{ error: string }>(other.store.db, sql`select error from source_status`);
  expect(status!.error).toContain("A condition of the map fails on some row (22P02)");
  expect(status!.error).not.toContain("Ann");
  await other.close();
});
