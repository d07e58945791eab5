import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow } from "../db/rows";

/** What the last entry of an action said; null when there is none. */
export async function selectLastDetail(db: Db, action: string): Promise<Record<string, unknown> | null> {
  const row = await firstRow<{ detail: Record<string, unknown> }>(
    db,
    sql`select detail from audit_entry where action = ${action} order by at desc, id desc limit 1`,
  );
  return row?.detail ?? null;
}
