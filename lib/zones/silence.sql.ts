import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, rows } from "../db/rows";
import type { Instant } from "../time";

/** Zones that were judged last before then, zones' sources that the last judgement knew from before then, and sources that were seen last before then. */
export function selectUnseen(db: Db, before: Instant): Promise<{ name: string }[]> {
  return rows(
    db,
    sql`select 'judged ' || zone_id as name from zone_status where judged_at < ${instant(before)}
        union all select 'known ' || zone_id || ' ' || (f->>'sourceId') from zone_status, jsonb_array_elements(facts->'sources') f where (f->>'observedAt')::float8 < ${before}::float8
        union all select 'seen ' || source_id from source_status where observed_at < ${instant(before)} order by 1`,
  );
}
