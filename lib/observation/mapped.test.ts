import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "../context";
import { rows } from "../db/rows";
import { parseAct } from "../operations/input";
import { listItems, readOperation } from "../operations/reading";
import { requestRetry } from "../operations/service";
import { makeOperator } from "../operators/testing";
import { type TestMapped, testMapped } from "./mapped.testing";

// What nobody would choose: local time without a zone, states as numbers, headers as text, a key of two columns.
const tables = `
  create schema app;
  create table app.outgoing (tenant text, seq bigint, kind text not null, head text, body text, at timestamp not null default (clock_timestamp() at time zone 'Europe/Berlin'), sent_ms bigint, primary key (tenant, seq));
  create index on app.outgoing (at);
  create table app.failed (queue text, "No" integer, "State" smallint not null default 9, tries integer not null default 5, head text, body text, why text,
    made timestamp not null default (clock_timestamp() at time zone 'Europe/Berlin'), died timestamp, primary key (queue, "No"));
  create index on app.failed ("State") where "State" = 9;
`;
const source = `preset: generic
time_zone: Europe/Berlin
consumers: [billing]
outbox:
  from: app.outgoing o
  id: "o.tenant || ':' || o.seq"
  type: o.kind
  key: head $.order
  occurred: o.at
  published: to_timestamp(o.sent_ms / 1000.0)
dead_letters:
  from: app.failed t
  parked: t."State" = 9
  done: t."State" = 3
  absent: done
  id: [t.queue, t."No"]
  consumer: t.queue
  type: head $.kind
  key: head $.order
  payload: t.body
  error: { type: "split_part(t.why, ':', 1)", message: "split_part(t.why, ': ', 2)" }
  attempts: t.tries
  occurred: t.made
  parked_at: t.died
  retry: update app.failed set "State" = 1, tries = 0 where queue = :id1 and "No" = :id2 and "State" = 9
  outcome: { applied: t."State" = 3, failed: t."State" = 9, taken: t."State" = 2 }
`;
const contract = `version: 1
zone: billing
title: Billing
promise: What is ordered is billed.
business_key: { name: order }
facts: [{ fact: order, authority: app }]
expectation: { class: eventual, window: 30s }
semantics: { events: { Ordered: { from: app, to: [billing], means: Sold. } } }
accountability: { owner: money }
`;

let app: TestMapped;
let jo: Ctx;
beforeAll(async () => {
  app = await testMapped({ tables, source, contract });
  jo = (await makeOperator(app.store.db, Date.now(), { name: "Jo" })).ctx;
});
afterAll(() => app.close());

const letters = () =>
  rows<{ key: string }>(
    app.store.db,
    sql`select d.source_seq as id, d.business_key as key, d.state, d.attempts, g.consumer, g.event_type as type, g.error_type as error, d.parked_at > now() - interval '1 minute' as fresh, d.flagged
    from dead_letter d join dead_letter_group g using (group_id) order by d.source_seq`,
  );
const open = () =>
  rows<{ reason: string; key: string }>(
    app.store.db,
    sql`select reason, business_key as key from unresolved order by reason, business_key`,
  );
let n = 0;
const park = (queue: string, no: number) =>
  app.rows(
    `insert into app.failed (queue, "No", head, body, why, died) values ($1, $2, '{"kind": "Ordered", "order": "B-${no}"}', '{"sum": 4}', 'Overflow: no room for ${no}', clock_timestamp() at time zone 'Europe/Berlin')`,
    [queue, no],
  );

test("a made-up dead-letter table is read by a map alone: states in numbers, local times, headers as text, a key of two columns", async () => {
  await park("billing", 1);
  await park("bill/ing%", 2);
  expect(await app.observe()).toBe("done");
  const common = { state: "parked", attempts: 5, type: "Ordered", error: "Overflow", fresh: true, flagged: false };
  expect(await letters()).toEqual([
    { id: "bill%2Fing%25/2", key: "B-2", consumer: "bill/ing%", ...common },
    { id: "billing/1", key: "B-1", consumer: "billing", ...common },
  ]);
  expect(await open()).toContainEqual({ reason: "parked", key: "B-1" });
});

async function retried(key: string) {
  const [letter] = await rows<{ id: number }>(app.store.db, sql`select id from dead_letter where business_key = ${key}`);
  const { operationId } = await requestRetry(
    jo,
    parseAct({ selection: { messages: [letter!.id] }, reason: "the fix is deployed", key: `k${n++}` }),
  );
  return Number(operationId);
}
const view = async (operationId: number) => {
  const { operation } = await readOperation({ ...jo, now: Date.now() }, { operationId });
  const { items } = await listItems(jo, { operationId });
  return { state: operation.state, items: items.map(({ state, detail }) => ({ state, detail })) };
};

test("a retry changes the one row, once, and ends as its table says: done, or failed again in the same way", async () => {
  const operationId = await retried("B-1");
  await app.dispatch();
  expect(await app.rows(`select "State", tries from app.failed where queue = 'billing'`)).toEqual([{ State: 1, tries: 0 }]);
  await app.watch();
  expect(await view(operationId)).toEqual({ state: "running", items: [{ state: "waiting", detail: null }] });
  // What nobody takes within what was agreed is not known any more; what is taken later is what it is.
  await app.store.db.execute(sql`update operation_chunk set sent_at = sent_at - interval '121 s'`);
  await app.watch();
  const late = "app-service has not taken it within 2 min; its workers may be stopped.";
  expect(await view(operationId)).toEqual({ state: "running", items: [{ state: "uncertain", detail: late }] });
  const { sentence } = await readOperation({ ...jo, now: Date.now() }, { operationId });
  expect(sentence.map(({ text }) => text).join("")).toContain("app-service has not taken 1 message within 2 min");
  await app.rows(`update app.failed set "State" = 2 where queue = 'billing'`);
  await app.watch();
  expect(await view(operationId)).toEqual({ state: "running", items: [{ state: "waiting", detail: null }] });
  await app.rows(`update app.failed set "State" = 3 where queue = 'billing'`);
  await app.watch();
  expect(await view(operationId)).toEqual({ state: "done", items: [{ state: "succeeded", detail: null }] });
  await app.observe();
  expect(await open()).not.toContainEqual({ reason: "parked", key: "B-1" });

  const second = await retried("B-2");
  await app.dispatch();
  await app.rows(
    `update app.failed set "State" = 9, tries = 5, died = clock_timestamp() at time zone 'Europe/Berlin' where "No" = 2`,
  );
  await app.watch();
  expect(await view(second)).toEqual({
    state: "done",
    items: [{ state: "failed_again", detail: "Same way: Overflow: no room for 2" }],
  });
  await app.observe();
  expect(await letters()).toMatchObject([{ key: "B-2", state: "parked" }]);
});

test("killed between the effect and its note, a retry is not run a second time, though the row was parked again meanwhile", async () => {
  const operationId = await retried("B-2");
  const { redeliverable } = app.observed.source;
  const killed = {
    ...app.observed,
    source: {
      ...app.observed.source,
      redeliverable: {
        ...redeliverable!,
        redeliver: async (...asked: Parameters<NonNullable<typeof redeliverable>["redeliver"]>) => {
          await redeliverable!.redeliver(...asked);
          await app.rows(
            `update app.failed set "State" = 9, tries = 5, died = clock_timestamp() at time zone 'Europe/Berlin' where "No" = 2`,
          );
          throw new Error("Connection terminated");
        },
      },
    },
  };
  const { dispatchChunks } = await import("../operations/dispatch");
  await dispatchChunks(app.store.db, "dies", [killed]);
  await app.store.db.execute(
    sql`update operation_chunk set claimed_at = claimed_at - interval '1 minute' where state = 'claimed'`,
  );
  await app.dispatch();
  expect(await app.rows(`select "State" from app.failed where "No" = 2`)).toEqual([{ State: 9 }]);
  await app.watch();
  expect((await view(operationId)).items).toMatchObject([{ state: "failed_again" }]);
  await app.observe();
});

test("an event waits until it is published, whether that is seen in its window or long after it", async () => {
  await app.observe();
  await app.rows(
    `insert into app.outgoing (tenant, seq, kind, head) select 'a', i, 'Ordered', '{"order": "E-' || i || '"}' from generate_series(1, 3) i`,
  );
  await app.rows(`update app.outgoing set sent_ms = extract(epoch from clock_timestamp()) * 1000 where seq = 1`);
  await app.observe();
  const waiting = async () => (await open()).filter(({ reason }) => reason === "unpublished").map(({ key }) => key);
  expect(await waiting()).toEqual(["E-2", "E-3"]);
  await app.rows(
    `update app.outgoing set sent_ms = extract(epoch from clock_timestamp()) * 1000, at = at - interval '3 days' where seq = 2`,
  );
  await app.observe();
  expect(await waiting()).toEqual(["E-3"]);
  const [{ n: published } = { n: 0 }] = await rows<{ n: number }>(
    app.store.db,
    sql`select coalesce(sum(n), 0)::int as n from recent_count where measure = 'published'`,
  );
  expect(published).toBe(2);
});

test("a row that no expression can read is left out and counted, and no other with it", async () => {
  await park("billing", 7);
  await app.rows(`insert into app.failed (queue, "No", head, why) values ('billing', 8, 'no JSON', 'x: y')`);
  await app.observe();
  expect((await letters()).map(({ key }) => key)).toEqual(["B-2", "B-7"]);
  const [status] = await rows<{ n: number; error: string | null }>(
    app.store.db,
    sql`select odd_rows_n as n, error from source_status`,
  );
  expect(status).toMatchObject({ error: null });
  expect(status!.n).toBeGreaterThan(0);
});

test("when a table is changed under the map, the source says which field no longer fits", async () => {
  await app.rows(`alter table app.failed rename column tries to attempts_made`);
  await app.rows(`insert into app.failed (queue, "No", head, why) values ('billing', 9, '{}', 'x: y')`);
  expect(await app.observe()).toBe("failed");
  await app.store.db.execute(sql`update source_status set next_poll_at = null`);
  expect(await app.observe()).toBe("failed");
  const [status] = await rows<{ error: string }>(app.store.db, sql`select error from source_status`);
  expect(status!.error).toBe(`The map does not fit the tables: dead_letters.attempts: column t.tries does not exist.`);
});
