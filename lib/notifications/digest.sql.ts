import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, list, rows } from "../db/rows";
import type { Instant } from "../time";

export type Broke = { zoneId: string; condition: string; n: number; longestMs: number };

/** What was raised in these zones since a moment, what was raised most first. */
export const selectBroke = (db: Db, zoneIds: readonly string[], from: Instant, to: Instant): Promise<Broke[]> =>
  rows<Broke>(
    db,
    sql`select zone_id as "zoneId", condition, count(*)::int as n, max(extract(epoch from coalesce(cleared_at, ${instant(to)}) - raised_at) * 1000)::float8 as "longestMs" from alert
          where zone_id = any(${list(zoneIds, "text")}) and raised_at >= ${instant(from)} and raised_at < ${instant(to)} group by 1, 2 order by 3 desc, 1, 2 limit 20`,
  );

/** Retries that were asked for since a moment, and how many messages they were of. */
export async function countRetried(
  db: Db,
  zoneIds: readonly string[],
  from: Instant,
  to: Instant,
): Promise<{ operationsN: number; itemsN: number }> {
  const found = await firstRow<{ operationsN: number; itemsN: number }>(
    db,
    sql`select count(*)::int as "operationsN", coalesce(sum(items_n), 0)::int as "itemsN" from operation where kind = 'retry' and zones && ${list(zoneIds, "text")} and requested_at >= ${instant(from)} and requested_at < ${instant(to)}`,
  );
  return found!;
}

/** How many cases are open in these zones, and which of them is open for longest. */
export const selectOldestCase = (
  db: Db,
  zoneIds: readonly string[],
): Promise<{ caseId: number; title: string; openedAt: Instant; openN: number } | null> =>
  firstRow<{ caseId: number; title: string; openedAt: Instant; openN: number }>(
    db,
    sql`select case_id as "caseId", title, opened_at as "openedAt", (count(*) over ())::int as "openN" from case_file where zone_id = any(${list(zoneIds, "text")}) and resolved_at is null order by opened_at, case_id limit 1`,
  );

/** Whether one of the copies of a digest stands in the outbox already: all of them are put there at once. */
export async function isAsked(db: Db, subjects: readonly string[]): Promise<boolean> {
  const found = await firstRow<{ asked: boolean }>(
    db,
    sql`select exists (select 1 from notification where subject = any(${list(subjects, "text")}) and kind = 'digest') as asked`,
  );
  return found!.asked;
}
