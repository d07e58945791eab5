import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { rows, unnestOf } from "../db/rows";
import type { Instant } from "../time";

export type Changed = { zoneId: string; changesN: number; reached: boolean };

/**
 * How often the facts of each zone were changed (one without a row never had any), and whether something that waits has become as old as
 * `before` that was younger than `from`, when it was asked last: a look at an index for each. Null: it was not asked before.
 */
export async function selectChanged(
  db: Db,
  zones: readonly { zoneId: string; from: Instant | null; before: Instant }[],
): Promise<Changed[]> {
  return rows<Changed>(
    db,
    sql`select z.zone as "zoneId", coalesce(c.changes_n, 0) as "changesN",
            z.low is null or exists (select 1 from unresolved u where u.zone_id = z.zone and u.reason in ('undelivered', 'unpublished', 'held') and u.since >= to_timestamp(z.low / 1000) and u.since < to_timestamp(z.high / 1000)) as reached
          from ${unnestOf("z", zones, { zone: ["text", (z) => z.zoneId], low: ["float8", (z) => z.from], high: ["float8", (z) => z.before] })} left join open_key_count c on c.zone_id = z.zone`,
  );
}
