import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll } from "vitest";
import { selectRules } from "./rule.sql";
import { contractOf, type TestReconciliation, testReconciliation } from "./testing";

export type Rows = [key: string, value: string][];
export type TestTable = [keyType: string, valueType: string, rows: Rows];
type Found = { found: string[]; matchedN: number; error: string | null; notes: string[] };

/** The contract of a rule that compares one value by one key. */
export const valueContract = (tolerance = "{}") =>
  contractOf(`    - rule: payment-agrees
      every: 10s
      authority: { source: payments, relation: payment, key: id, columns: [value] }
      projection: { source: orders, relation: payment, key: id, columns: [value] }
      tolerance: ${tolerance}`);

/** Two databases for a file's tests, each of which begins without tables and without divergences. */
export function testValues() {
  let estate: TestReconciliation;
  const afresh = async (): Promise<void> => {
    for (const pool of [estate.payments, estate.orders]) await pool.query("drop table if exists payment");
    for (const table of ["divergence", "unresolved", "open_key"]) await estate.store.db.execute(sql.raw(`delete from ${table}`));
  };
  beforeAll(async () => {
    estate = await testReconciliation(valueContract());
    await estate.orders.query("create extension if not exists citext");
  });
  afterAll(() => estate.close());
  afterEach(() => afresh());
  return {
    estate: () => estate,
    afresh,
    /** Makes both sides' tables, runs the rule, and tells what it found, how many keys agreed, and why it failed if it did. */
    async found(authority: TestTable, projection: TestTable, pageSize = 200): Promise<Found> {
      for (const [pool, [keyType, valueType, rows]] of [
        [estate.payments, authority],
        [estate.orders, projection],
      ] as const) {
        await pool.query(`create table payment (id ${keyType}, value ${valueType}); create index on payment (id)`);
        for (const [key, value] of rows) await pool.query(`insert into payment values ('${key}', '${value}')`);
      }
      await estate.store.db.execute(
        sql`update reconciliation_rule set cursor = null, error = null, retry_at = null, bulk_since = null, matched_n = 0`,
      );
      await estate.makeDue();
      await estate.run({ pageSize });
      const [rule] = await selectRules(estate.store.db, null);
      const listed = (await estate.list()).map(({ key, kind }) => `${key} ${kind}`);
      return { found: listed, matchedN: rule!.matchedN ?? 0, error: rule!.error, notes: rule!.notes.map(({ text }) => text) };
    },
  };
}
