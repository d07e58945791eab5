import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { firstRow } from "../db/rows";
import { until } from "../db/testing";
import { approve } from "../decisions/service";
import { makeOperator } from "../operators/testing";
import { contractOf, paymentAgrees, type TestReconciliation, testReconciliation } from "../reconciliation/testing";
import { hours, minutes } from "../time";
import { followCases } from "./opening";
import { readCase } from "./reading";
import { resolveCase } from "./service";

let estate: TestReconciliation;
beforeAll(async () => {
  estate = await testReconciliation(contractOf(paymentAgrees));
  for (const [pool, table] of [
    [estate.payments, "payment"],
    [estate.orders, "payment_view"],
  ] as const) {
    await pool.query(
      `create table ${table} (order_id text primary key, amount int not null, version bigint not null, updated_at timestamptz not null default clock_timestamp())`,
    );
    await pool.query(`insert into ${table} select 'ORD-' || n, n, 1, now() - interval '1 day' from generate_series(1, 20) n`);
    await pool.query(`create index on ${table} (updated_at)`);
  }
});
afterAll(() => estate.close());

/** Looks again and again, as time would, until the only difference is in this state. */
const becomes = (state: string) =>
  until(
    async () => {
      await estate.age(minutes(10));
      await estate.makeDue();
      await estate.run();
      const [one] = await estate.list([state]);
      return one !== undefined;
    },
    { withinMs: 20_000 },
  );

test("an accepted difference counts no more, is not looked over, and counts again when its time is over: the same case opens again", async () => {
  const { db } = estate.store;
  await estate.orders.query("update payment_view set amount = 999 where order_id = 'ORD-7'");
  await becomes("open");
  await followCases(db);
  const { caseId } = (await firstRow<{ caseId: number }>(db, sql`select case_id as "caseId" from case_file`))!;
  const jo = (await makeOperator(db, Date.now(), { name: "Jo" })).ctx;
  const ann = (await makeOperator(db, Date.now(), { name: "Ann", role: "approver" })).ctx;
  expect((await readCase(jo, { caseId })).one.title).toBe("Orders are wrong in order-service, by payment-agrees");
  expect(await estate.openKeys()).toEqual(["ORD-7"]);

  const request = { caseId, resolution: "accepted" as const, reason: "a test payment, kept on purpose", key: "accepts" };
  await resolveCase(jo, { ...request, until: Date.now() + hours(1) });
  // Nothing is accepted by one person.
  expect(await estate.openKeys()).toEqual(["ORD-7"]);
  const { approval } = await readCase(ann, { caseId });
  await approve(ann, { approvalId: Number(approval!.approvalId), key: "approves", reason: null });
  expect([await estate.openKeys(), (await estate.list()).map((one) => one.state)]).toEqual([[], ["accepted"]]);
  await estate.makeDue();
  await estate.run();
  await followCases(db);
  expect((await readCase(jo, { caseId })).one).toMatchObject({ state: "resolved", resolution: "accepted" });

  await db.execute(sql`update divergence set accepted_until = now() - interval '1 second'`);
  await becomes("open");
  expect(await estate.openKeys()).toEqual(["ORD-7"]);
  await Promise.all([followCases(db), followCases(db)]);
  const view = await readCase(jo, { caseId });
  expect(view.one).toMatchObject({ state: "open", resolution: null, reopenedN: 1 });
});
