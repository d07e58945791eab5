import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { firstRow } from "../db/rows";
import { minutes, seconds } from "../time";
import { acceptDivergence } from "./accept";
import { reconcileRule } from "./reconcile";
import type { RuleRow } from "./rule.sql";
import { selectRules } from "./rule.sql";
import { contractOf, paymentAgrees, type TestReconciliation, testReconciliation } from "./testing";

const unversioned = `    - rule: refunds-agree
      every: 10s
      authority: { source: payments, relation: refund, key: refund_id, columns: [state, email], changed_at: changed_at }
      projection: { source: orders, relation: refund_view, key: refund_id, columns: [state, email], changed_at: changed_at }`;
const both = contractOf(`${paymentAgrees}\n${unversioned}`, { masking: '["$.customer.email"]' });

let estate: TestReconciliation;
beforeAll(async () => {
  estate = await testReconciliation(both);
  for (const [pool, suffix] of [
    [estate.payments, ""],
    [estate.orders, "_view"],
  ] as const) {
    await pool.query(
      `create table payment${suffix} (order_id text primary key, amount numeric(12,2), version bigint, updated_at timestamptz not null default now())`,
    );
    // One side counts in numbers, the other in texts: neither order is the other's.
    await pool.query(
      `create table refund${suffix} (refund_id ${suffix ? "text" : "bigint"} not null, state text, email text, changed_at timestamptz not null default now())`,
    );
    await pool.query(`create index on refund${suffix} (refund_id)`);
  }
});
afterAll(() => estate.close());
beforeEach(async () => {
  for (const [pool, suffix] of [
    [estate.payments, ""],
    [estate.orders, "_view"],
  ] as const)
    await pool.query(`truncate payment${suffix}, refund${suffix}`);
  for (const table of ["divergence", "unresolved", "open_key"]) await estate.store.db.execute(sql.raw(`delete from ${table}`));
  await estate.store.db.execute(
    sql`update reconciliation_rule set cursor = null, error = null, retry_at = null, bulk_since = null`,
  );
});

const rule = async (name = "payment-agrees"): Promise<RuleRow> =>
  (await selectRules(estate.store.db, null)).find((one) => one.rule === name)!;
const states = async (): Promise<string[]> =>
  (await estate.list()).map((one) => `${one.key} ${one.kind}${one.detail ? ` ${one.detail}` : ""} ${one.state}`);
/** A run, and a second look long after. */
const confirm = async () => {
  await estate.makeDue();
  await estate.run();
  await estate.age(seconds(60));
  await estate.makeDue();
  await estate.run();
};
const fill = (n: number, projected = n) =>
  Promise.all([
    estate.payments.query(
      `insert into payment select 'ORD-' || lpad(n::text, 6, '0'), n, 1, now() - interval '1 hour' from generate_series(1, ${n}) n`,
    ),
    estate.orders.query(
      `insert into payment_view select 'ORD-' || lpad(n::text, 6, '0'), n, 1, now() - interval '1 hour' from generate_series(1, ${projected}) n`,
    ),
  ]);

test("each kind is found, counts when it is confirmed, and ends by itself when both agree", async () => {
  await fill(6, 5);
  await estate.orders.query("insert into payment_view values ('ORD-X', 1, 1, now())");
  await estate.payments.query("update payment set version = 2, amount = 9 where order_id = 'ORD-000001'");
  await estate.orders.query("update payment_view set amount = 8 where order_id = 'ORD-000002'");
  await estate.orders.query("update payment_view set amount = 8, version = 7 where order_id = 'ORD-000003'");
  await estate.makeDue();
  expect(await estate.run()).toEqual(["done", "done"]);
  expect(new Set((await estate.list()).map((one) => one.state))).toEqual(new Set(["candidate"]));
  expect(await estate.openKeys()).toEqual([]);
  await confirm();
  expect(await states()).toEqual([
    "ORD-000001 mismatch older open",
    "ORD-000002 mismatch other_values open",
    "ORD-000003 mismatch newer open",
    "ORD-000006 missing open",
    "ORD-X unexpected open",
  ]);
  expect((await estate.openKeys()).length).toBe(5);
  expect(await rule()).toMatchObject({ authorityN: 6, projectionN: 6, matchedN: 2, coverage: 1, cursor: null, error: null });

  await estate.orders.query("update payment_view v set amount = 9, version = 2 where order_id = 'ORD-000001'");
  await estate.orders.query("delete from payment_view where order_id = 'ORD-X'");
  await estate.makeDue();
  await estate.run();
  expect((await estate.list(["resolved"])).map((one) => [one.key, one.resolution])).toEqual([
    ["ORD-000001", "converged"],
    ["ORD-X", "converged"],
  ]);
  expect(await estate.openKeys()).toEqual(["ORD-000002", "ORD-000003", "ORD-000006"]);
  // The same key wrong once more is a row of its own.
  await estate.orders.query("update payment_view v set amount = 7, version = 1 where order_id = 'ORD-000001'");
  await confirm();
  expect((await estate.list(["open", "resolved"])).filter((one) => one.key === "ORD-000001").map((one) => one.state)).toEqual([
    "resolved",
    "open",
  ]);
});

test("X4: what was seen to agree is no older than that, however long ago the authority changed it", async () => {
  await fill(4, 3);
  await estate.store.db.execute(sql`update reconciliation_rule set ran_at = null, coverage = null`);
  await estate.makeDue();
  await estate.run();
  // Nothing was compared before: a missing row is as old as the authority says.
  const sinceOf = async (key: string) =>
    (await firstRow<{ since: number }>(estate.store.db, sql`select since from divergence where key = ${key}`))!.since;
  expect(Date.now() - (await sinceOf("ORD-000004"))).toBeGreaterThan(minutes(59));
  await estate.orders.query("update payment_view set amount = 8 where order_id = 'ORD-000002'");
  await estate.makeDue();
  await estate.run();
  expect(Date.now() - (await sinceOf("ORD-000002"))).toBeLessThan(minutes(5));
  expect(Date.now() - (await sinceOf("ORD-000004"))).toBeGreaterThan(minutes(59));
});

test("keys that two databases sort apart are looked up one side at the other, several rows of a key told, values masked", async () => {
  await estate.payments.query(
    "insert into refund select n, 'paid', 'a@example.com', now() - interval '1 hour' from generate_series(1, 120) n",
  );
  await estate.orders.query("insert into refund_view select n::text, 'paid', 'a@example.com' from generate_series(1, 118) n");
  await estate.orders.query("insert into refund_view values ('118', 'paid', 'a@example.com'), ('zzz', 'paid', 'b@example.com')");
  await estate.orders.query("update refund_view set email = 'wrong@example.com' where refund_id = '7'");
  await estate.makeDue();
  await estate.run({ pageSize: 50 });
  await confirm();
  expect(await states()).toEqual([
    "118 duplicate open",
    "119 missing open",
    "120 missing open",
    "7 mismatch open",
    "zzz unexpected open",
  ]);
  const refunds = await rule("refunds-agree");
  expect(refunds).toMatchObject({ authorityN: 120, projectionN: 120, matchedN: 116 });
  expect(refunds.notes.map((note) => note.text)).toContain("The key refund_id is not unique.");
  const stored = await firstRow<{ all: string }>(estate.store.db, sql`select string_agg(d::text, ' ') as all from divergence d`);
  expect(stored!.all).toContain("domain example.com");
  expect(stored!.all).not.toMatch(/[a-z]@example/);
});

test("a run that dies goes on at its last stored page, at another worker, and compares every key once", async () => {
  await fill(500);
  await estate.orders.query("delete from payment_view where order_id in ('ORD-000010', 'ORD-000490')");
  await estate.makeDue();
  const abort = new AbortController();
  const first = { ...estate.rule() };
  let pages = 0;
  const compared = first.authority.comparable!;
  const counting = {
    ...compared,
    page: (...asked: Parameters<typeof compared.page>) => {
      if (++pages === 3) abort.abort();
      return compared.page(...asked);
    },
  };
  const dying = { ...first, authority: { ...first.authority, comparable: counting } };
  const answer = await reconcileRule({ db: estate.store.db, workerId: "dies", duty: 1, pageSize: 50 }, dying, abort.signal);
  expect(answer).toBe("more");
  expect((await rule()).cursor).toMatchObject({ authorityN: 150, after: "ORD-000150" });
  expect((await estate.list()).map((one) => one.key)).toEqual(["ORD-000010"]);
  await estate.run({ workerId: "next", pageSize: 50 });
  expect(await rule()).toMatchObject({ authorityN: 500, projectionN: 498, matchedN: 498, cursor: null });
  expect((await estate.list()).map((one) => one.key)).toEqual(["ORD-000010", "ORD-000490"]);
});

test("eight workers want one rule at once: one has its run, and what it finds is stored once", async () => {
  await fill(300, 280);
  await estate.makeDue();
  const runs = Array.from({ length: 8 }, (_, i) =>
    reconcileRule({ db: estate.store.db, workerId: `w${i}`, duty: 1, pageSize: 20 }, estate.rule()),
  );
  const answers = await Promise.all(runs);
  expect(answers.filter((answer) => answer === "done").length).toBeGreaterThanOrEqual(1);
  expect(answers.every((answer) => answer === "done" || answer === "held elsewhere")).toBe(true);
  expect((await estate.list()).length).toBe(20);
});

test("when nearly everything differs the run stops, and only a sample is looked at key by key", async () => {
  await fill(4_000);
  await estate.orders.query("update payment_view set amount = amount + 1, version = 0");
  await estate.payments.query("analyze payment");
  await estate.makeDue();
  const { coveredAt } = await rule();
  await estate.run({ pageSize: 500 });
  const stopped = await rule();
  expect(stopped.bulkN).toBeGreaterThan(1_000);
  expect(stopped.authorityN).toBeLessThan(4_000);
  expect(stopped.coverage).toBeLessThan(1);
  expect([stopped.coveredAt, stopped.ranAt !== coveredAt]).toEqual([coveredAt, true]);
  expect((await estate.list()).length).toBe(1_000);
  await estate.orders.query("update payment_view set amount = amount - 1, version = 1");
  await estate.makeDue();
  await estate.run();
  const whole = await rule();
  expect(whole).toMatchObject({ bulkSince: null, bulkN: null, matchedN: 4_000, coverage: 1, coveredAt: whole.ranAt });
  expect(await estate.list()).toEqual([]);
});

test("work under way is no bulk difference, however much of it there is", async () => {
  await fill(4_000);
  await estate.payments.query("update payment set amount = amount + 1, version = 2, updated_at = now()");
  await estate.makeDue();
  await estate.run({ windowMs: seconds(600) });
  expect(await rule()).toMatchObject({ bulkSince: null, coverage: 1, candidatesN: 4_000 });
});

test("what cannot be compared is said in words on the rule, never thrown, and tried again when it is mended", async () => {
  const wrongs: [string, string, string][] = [
    [
      "alter table payment_view rename to gone",
      "alter table gone rename to payment_view",
      "orders: There is no relation payment_view",
    ],
    [
      "alter table payment_view rename amount to sum",
      "alter table payment_view rename sum to amount",
      "payment_view has no column amount",
    ],
    [
      "alter table payment_view drop constraint payment_view_pkey",
      "alter table payment_view add primary key (order_id)",
      "payment_view has no index that begins with order_id",
    ],
  ];
  for (const [breaks, mends, words] of wrongs) {
    await estate.orders.query(breaks);
    await estate.makeDue();
    expect(await estate.run()).toContain("failed");
    expect((await rule()).error).toContain(words);
    await estate.orders.query(mends);
    await estate.makeDue();
    await estate.run();
    expect((await rule()).error).toBeNull();
  }
});

test("a key that fits into no index stops the rule in words, not the worker", async () => {
  await estate.payments.query(
    "insert into payment select string_agg(md5(n::text), '') || ', long', 1, 1, now() from generate_series(1, 20) n",
  );
  await estate.makeDue();
  expect(await estate.run()).toContain("failed");
  expect((await rule()).error).toMatch(/^A key has more than 500 characters/);
});

test("a rule that is not due asks nothing of its sources, and a rule that is gone takes its divergences with it", async () => {
  await fill(3, 1);
  await confirm();
  expect(await estate.openKeys()).toEqual(["ORD-000002", "ORD-000003"]);
  expect(await estate.run()).toEqual([]);
  await estate.apply(contractOf(unversioned));
  expect(await estate.openKeys()).toEqual([]);
  expect((await estate.list(["resolved"])).map((one) => one.resolution)).toEqual(["rule gone", "rule gone"]);
  expect((await selectRules(estate.store.db, null)).map((one) => one.rule)).toEqual(["refunds-agree"]);
  await estate.apply(both);
});

test("an accepted difference counts for nothing until its end, and then is open again; one that converges ends", async () => {
  await fill(3, 1);
  await confirm();
  const [two, three] = await Promise.all(
    ["ORD-000002", "ORD-000003"].map((key) =>
      firstRow<{ id: number }>(estate.store.db, sql`select divergence_id as id from divergence where key = ${key}`),
    ),
  );
  const now = Date.now();
  for (const one of [two!, three!])
    expect(await estate.store.db.transaction((tx) => acceptDivergence(tx, one.id, now + seconds(900), now))).toBe(true);
  expect(await estate.openKeys()).toEqual([]);
  await estate.makeDue();
  await estate.run();
  expect((await estate.list()).map((one) => one.state)).toEqual(["accepted", "accepted"]);
  await estate.store.db.execute(sql`update divergence set accepted_until = now() - interval '1 second'`);
  await estate.orders.query("insert into payment_view select 'ORD-000003', 3, 1");
  await estate.makeDue();
  await estate.run();
  expect(await estate.openKeys()).toEqual(["ORD-000002"]);
  expect((await estate.list(["open", "resolved"])).map((one) => one.state)).toEqual(["open", "resolved"]);
});
