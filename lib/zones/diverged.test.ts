import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseCases } from "../cases/input";
import { followCases } from "../cases/opening";
import { listCases } from "../cases/reading";
import type { Ctx } from "../context";
import { contractMap } from "../contracts/map.rules";
import { readContracts } from "../contracts/service";
import { observeSource } from "../observation/service";
import { rangeOf } from "../range";
import { contractOf, paymentAgrees, type TestReconciliation, testReconciliation, testTables } from "../reconciliation/testing";
import { tablesSource } from "../sources/presets/tables/tables";
import { minutes, seconds } from "../time";
import { textOf } from "../words";
import { readZoneCharts } from "./charts";
import { chartPoints } from "./charts.rules";
import { judgeZones } from "./judge";
import { readZone, readZoneKeys, readZones } from "./service";

let estate: TestReconciliation;
beforeAll(async () => {
  estate = await testReconciliation(contractOf(paymentAgrees));
  for (const [pool, table] of [
    [estate.payments, "payment"],
    [estate.orders, "payment_view"],
  ] as const) {
    await pool.query(
      `create table ${table} (order_id text primary key, amount int, version bigint, updated_at timestamptz not null default now())`,
    );
    await pool.query(`insert into ${table} select 'ORD-' || n, n, 1, now() - interval '1 hour' from generate_series(1, 9) n`);
  }
  await estate.orders.query("delete from payment_view where order_id in ('ORD-1', 'ORD-2')");
  await estate.orders.query("update payment_view set amount = 0, version = 0 where order_id in ('ORD-3', 'ORD-4')");
});
afterAll(() => estate.close());

const ctx = (): Ctx => ({ db: estate.store.db, actor: { kind: "worker", workerId: "test" }, now: Date.now() });
const judge = async () => {
  await estate.store.db.execute(sql`update source_status set observed_at = now(), error = null`);
  await judgeZones(estate.store.db);
};
const look = async () => {
  await estate.makeDue();
  await estate.run();
};

test("a candidate changes nothing of its zone; confirmed it is a breach, with its cause, keys, table and chart; settled it is gone", async () => {
  await look();
  await judge();
  expect((await readZones(ctx())).zones[0]).toMatchObject({ verdict: "healthy", divergencesN: 0, keysN: 0 });

  await estate.age(seconds(60));
  await look();
  await judge();
  const { zones, asking } = await readZones(ctx());
  expect(asking).toEqual({
    alertsN: 0,
    groupsN: 0,
    casesN: 0,
    sagas: { n: 0, atLeast: false },
    divergences: { n: 4, atLeast: false },
  });
  // A minute later nobody has measured anything: what there may be is not counted, and not taken for none.
  expect((await readZones({ ...ctx(), now: Date.now() + seconds(60) })).asking.divergences).toEqual({ n: 0, atLeast: true });
  expect(zones[0]).toMatchObject({ verdict: "breached", divergencesN: 4, keysN: 4, oldest: { key: "ORD-1" } });
  const zone = await readZone(ctx(), { zoneId: "commitment" });
  expect(textOf(zone.sentence)).toMatch(/order-service does not agree with payment-service on 4 orders\.$/);
  expect(zone.causes.map(({ id, keysN, action }) => [id, keysN, action?.href])).toEqual([
    ["divergence-payment-agrees", 4, "/divergences?zone=commitment&rule=payment-agrees"],
  ]);
  expect(textOf(zone.causes[0]!.evidence)).toMatch(
    /^2 missing and 2 mismatches at order-service, found by payment-agrees\. The oldest is ORD-1,/,
  );
  const keys = await readZoneKeys(ctx(), { zoneId: "commitment", reason: "divergence", after: null });
  expect(keys.keys.map(({ key, facts }) => [key, facts[0]!.reason, facts[0]!.eventType, facts[0]!.service])).toContainEqual([
    "ORD-3",
    "divergence",
    "payment-agrees",
    "order-service",
  ]);
  const charts = chartPoints(await readZoneCharts(ctx(), { zoneId: "commitment", range: rangeOf("30m")! }));
  expect(charts.divergences.findLast((step) => step.missing !== null)).toMatchObject({
    missing: 2,
    mismatch: 2,
    unexpected: 0,
    duplicate: 0,
  });
  expect(charts.divergences[0]).toMatchObject({ missing: null, mismatch: null });

  await estate.orders.query("insert into payment_view values ('ORD-1', 1, 1), ('ORD-2', 2, 1)");
  await estate.orders.query("update payment_view set amount = right(order_id, 1)::int, version = 1");
  await look();
  await judge();
  expect((await readZones(ctx())).zones[0]).toMatchObject({ verdict: "healthy", divergencesN: 0, keysN: 0, why: null });
});

test("a key that is open for another reason too is explained by that, and counts once", async () => {
  await estate.orders.query("delete from payment_view where order_id in ('ORD-7', 'ORD-8')");
  await look();
  await estate.age(seconds(60));
  await look();
  await estate.store.db.execute(sql`insert into unresolved (source_id, reason, consumer, ref, zone_id, business_key, event_type, since)
    values ('orders', 'undelivered', 'order-service', 'm', 'commitment', 'ORD-7', 'Paid', now() - interval '1 minute')`);
  await estate.store.db.execute(sql`update open_key set reasons = reasons | 2, facts = 2 where business_key = 'ORD-7'`);
  await judge();
  const zone = await readZone(ctx(), { zoneId: "commitment" });
  expect(zone.zone).toMatchObject({ keysN: 2, divergencesN: 2 });
  expect(zone.causes.map(({ kind, keysN }) => [kind, keysN])).toEqual(
    expect.arrayContaining([
      ["divergence", 1],
      ["undelivered", 1],
    ]),
  );
});

test("C10: a zone of business tables only is judged by its rule: unknown before it ran and while it cannot, else what it found", async () => {
  const tables = await testTables(contractOf(paymentAgrees).replace(/^semantics:.*$/m, ""));
  const { db } = tables.store;
  const map = contractMap(await readContracts(db), []);
  const asked = { db, actor: { kind: "worker", workerId: "test" } as const };
  const sources = (["payments", "orders"] as const).map((sourceId) => ({
    sourceId,
    service: sourceId,
    map,
    source: tablesSource({ url: tables[sourceId].options.connectionString!, timeZone: "UTC" }),
  }));
  const verdict = async () => {
    for (const observed of sources) expect(await observeSource({ db, workerId: "test" }, observed)).toBe("done");
    await judgeZones(db);
    return (await readZones({ ...asked, now: Date.now() })).zones[0]!.verdict;
  };
  await tables.payments.query(
    "create table payment (order_id text primary key, amount int, version bigint, updated_at timestamptz default now())",
  );
  await tables.payments.query("insert into payment values ('ORD-1', 1, 1, now() - interval '1 hour')");
  expect(await verdict()).toBe("unknown");
  await tables.makeDue();
  await tables.run();
  expect(await verdict()).toBe("unknown");
  const zone = await readZone({ ...asked, now: Date.now() }, { zoneId: "commitment" });
  expect(JSON.stringify(zone)).toContain("There is no relation payment_view");

  await tables.orders.query(
    "create table payment_view (order_id text primary key, amount int, version bigint, updated_at timestamptz default now())",
  );
  await tables.orders.query("insert into payment_view values ('ORD-1', 1, 1, now() - interval '1 hour')");
  await tables.makeDue();
  await tables.run();
  expect(await verdict()).toBe("healthy");

  await tables.orders.query("delete from payment_view");
  await tables.makeDue();
  await tables.run();
  await tables.age(seconds(60));
  await tables.makeDue();
  await tables.run();
  expect(await verdict()).toBe("breached");
  // A cause that has stood for a minute past its window has its case.
  await followCases(db, Date.now() + minutes(2));
  expect((await listCases({ ...asked, now: Date.now() }, parseCases({}))).cases).toMatchObject([
    { causeKind: "divergence", title: expect.stringContaining("payment-agrees") },
  ]);
  for (const { source } of sources) await source.close();
  await tables.close();
});
