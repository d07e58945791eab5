import { sql } from "drizzle-orm";
import journal from "../../drizzle/migrations/meta/_journal.json" with { type: "json" };
import type { Db } from "./pool";
import { firstRow } from "./rows";

const newest = Math.max(...journal.entries.map(({ when }) => when));

/** Whether the store answers and every migration that this version was built with has been applied. A newer version's are no hindrance. */
export async function isMigrated(db: Db): Promise<boolean> {
  const record = await firstRow(
    db,
    sql`select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'drizzle' and c.relname = '__drizzle_migrations' and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')`,
  );
  if (!record) return false;
  const last = await firstRow<{ at: number | null }>(db, sql`select max(created_at) as at from drizzle.__drizzle_migrations`);
  return (last?.at ?? 0) >= newest;
}
