import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rows } from "../db/rows";
import { makeOperator } from "../operators/testing";
import { contractOf, paymentAgrees, type TestReconciliation, testReconciliation } from "../reconciliation/testing";
import { textOf } from "../words";
import { judgeZones } from "../zones/judge";
import { followCases } from "./opening";
import { readCase } from "./reading";

let estate: TestReconciliation;
beforeAll(async () => {
  estate = await testReconciliation(contractOf(paymentAgrees));
});
afterAll(() => estate.close());

const db = () => estate.store.db;
const twoWorkers = () => Promise.all([followCases(db()), followCases(db())]);
const cases = () =>
  rows<{ caseId: number; kind: string; title: string; resolution: string | null }>(
    db(),
    sql`select case_id as "caseId", cause_kind as kind, title, resolution from case_file order by case_id`,
  );
const told = async () => (await cases()).map(({ kind, title, resolution }) => [kind, title, resolution]);
const consumerIs = async (state: "slow" | null) => {
  const waiting =
    state === null ? [] : [{ reason: "undelivered", sourceId: "orders", consumer: "order-service", throughput: { state } }];
  await judgeZones(db());
  await db().execute(sql`update zone_status set causes = causes || ${JSON.stringify({ waiting })}::jsonb`);
};

test("X12: that nearly every key differs while the consumer is behind is one lag; only a comparison after it has caught up tells of more", async () => {
  await db().execute(
    sql`insert into reconciliation_rule (zone_id, rule, next_run_at, ran_at, bulk_since, bulk_n) select zone_id, 'payment-agrees', now(), now() - interval '50 minutes', now() - interval '50 minutes', 1853 from zone
        on conflict (zone_id, rule) do update set ran_at = excluded.ran_at, bulk_since = excluded.bulk_since, bulk_n = excluded.bulk_n`,
  );
  await consumerIs("slow");
  await twoWorkers();
  const lag = ["lag", "order-service lags behind payment-service"];
  expect(await told()).toEqual([[...lag, null]]);
  const jo = (await makeOperator(db(), Date.now(), { name: "Jo" })).ctx;
  const { sentence } = await readCase(jo, { caseId: (await cases())[0]!.caseId });
  expect(textOf(sentence)).toMatch(/^1,853 orders in order-service wait for the same thing; they are one case\./);
  await consumerIs(null);
  await twoWorkers();
  await twoWorkers();
  expect(await told(), "what was found while it was behind").toEqual([[...lag, "converged"]]);
  await db().execute(sql`update reconciliation_rule set ran_at = now() + interval '1 second'`);
  await twoWorkers();
  expect((await told())[1]).toEqual(["mass", "order-service differs from payment-service in nearly every key", null]);
});
