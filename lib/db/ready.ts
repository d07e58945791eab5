import { sql } from "drizzle-orm";
import type { Db } from "./pool";
import { firstRow } from "./rows";

/** Whether the store answers and has its tables. */
export async function isMigrated(db: Db): Promise<boolean> {
  return (
    (await firstRow<{ there: boolean }>(db, sql`select to_regclass('public.audit_entry') is not null as there`))?.there === true
  );
}
