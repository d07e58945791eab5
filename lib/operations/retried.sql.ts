import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, rows } from "../db/rows";
import type { Instant } from "../time";

/**
 * How many messages somebody asked to retry since an instant without a second person, by zone. What was asked for counts, whatever became of
 * it; an operation counts in each of its zones.
 */
export async function selectRetried(db: Db, requestedBy: string, since: Instant): Promise<Map<string, number>> {
  const counts = await rows<{ zoneId: string; n: number }>(
    db,
    sql`select zone as "zoneId", sum(o.items_n)::float8 as n from operation o cross join unnest(o.zones) zone
          where o.kind = 'retry' and o.requested_by = ${requestedBy}::uuid and o.requested_at > ${instant(since)}
            and not exists (select from approval a where a.subject_kind = 'operation' and a.subject_id = o.operation_id)
          group by zone`,
  );
  return new Map(counts.map(({ zoneId, n }) => [zoneId, n]));
}

/** Lets one retry of somebody be decided at a time, until the transaction ends: of two at once the second counts what the first took. */
export async function lockRetries(tx: Db, requestedBy: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(4127032, hashtext(${requestedBy}))`);
}
