import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, rows } from "../db/rows";
import type { Instant } from "../time";
import type { SourceCheck } from "./check.rules";

/** Keeps what a check of a source found, in place of what was found before. */
export async function recordCheck(db: Db, sourceId: string, checks: readonly SourceCheck[]): Promise<void> {
  await db.execute(
    sql`insert into source_check (source_id, checked_at, checks) values (${sourceId}, clock_timestamp(), ${JSON.stringify(checks)}::jsonb)
          on conflict (source_id) do update set checked_at = excluded.checked_at, checks = excluded.checks`,
  );
}

/** The sources that were checked since an instant. */
export async function selectCheckedSince(db: Db, since: Instant): Promise<Set<string>> {
  const checked = await rows<{ sourceId: string }>(
    db,
    sql`select source_id as "sourceId" from source_check where checked_at > ${instant(since)}`,
  );
  return new Set(checked.map(({ sourceId }) => sourceId));
}

export type CheckCounts = { sourceId: string; checkedAt: Instant; failN: number; warnN: number; unknownN: number };

/** How many checks of each source did not end well, without their sentences. */
export const selectCheckCounts = (db: Db): Promise<CheckCounts[]> =>
  rows<CheckCounts>(
    db,
    sql`select source_id as "sourceId", checked_at as "checkedAt", jsonb_array_length(jsonb_path_query_array(checks, '$[*] ? (@.state == "fail")')) as "failN",
          jsonb_array_length(jsonb_path_query_array(checks, '$[*] ? (@.state == "warn")')) as "warnN", jsonb_array_length(jsonb_path_query_array(checks, '$[*] ? (@.state == "unknown")')) as "unknownN" from source_check`,
  );

export type StoredCheck = { checkedAt: Instant | null; checks: SourceCheck[] | null };

/** What was last found of a source in force; null when there is no such source, with nulls when nobody has checked it yet. */
export async function selectCheck(db: Db, sourceId: string): Promise<StoredCheck | null> {
  return firstRow<StoredCheck>(
    db,
    sql`select c.checked_at as "checkedAt", c.checks from source s left join source_check c using (source_id) where s.source_id = ${sourceId} and s.retired_at is null`,
  );
}
