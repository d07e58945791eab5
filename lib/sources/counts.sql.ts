import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, list, rows, touched, unnestOf } from "../db/rows";
import type { Instant } from "../time";
import type { Count, RecentCount } from "./rules";

const RECENT_MS = 300_000;

/** Counts what no open row holds: duplicates by the hour, and everything by event type for the next two hours. */
export async function addCounts(tx: Db, sourceId: string, counts: readonly Count[], now: Instant): Promise<void> {
  if (counts.length === 0) return;
  const of = <K extends keyof Count>(key: K) => counts.map((count) => count[key]);
  await tx.execute(
    sql`with s as materialized (select * from unnest(${list(of("consumer"), "text")}, ${list(of("eventType"), "text")}, ${list(of("measure"), "text")}, ${list(of("detail"), "text")}, ${list(of("n"), "bigint")}) s(c, e, m, d, n)),
        hourly as (insert into source_count (source_id, consumer, measure, hour, n)
          select ${sourceId}, c, m, date_trunc('hour', ${instant(now)}), sum(n) from s where m in ('duplicate_dropped', 'semantic_duplicate') group by c, m order by c, m
          on conflict (source_id, consumer, measure, hour) do update set n = source_count.n + excluded.n)
        insert into recent_count (at, source_id, consumer, event_type, measure, detail, n, last_at)
        select ${instant(Math.floor(now / RECENT_MS) * RECENT_MS)}, ${sourceId}, c, e, m, d, n, ${instant(now)} from s order by c, e, m, d
        on conflict (at, source_id, consumer, event_type, measure, detail) do update set n = recent_count.n + excluded.n, last_at = excluded.last_at`,
  );
}

/** What was met since an instant, and of that what was met lately, each summed up over the five minutes that lie wholly after it. */
export async function selectRecentCounts(
  db: Db,
  since: Instant,
  lately: Instant,
): Promise<{ since: RecentCount[]; lately: RecentCount[] }> {
  const recent = sql`filter (where at >= ${instant(lately)})`;
  const found = await rows<RecentCount & { latelyN: number | null; latelyAt: Instant | null }>(
    db,
    sql`select source_id as "sourceId", consumer, event_type as "eventType", measure, detail, sum(n)::float8 as n, max(last_at) as "lastAt", (sum(n) ${recent})::float8 as "latelyN", max(last_at) ${recent} as "latelyAt"
          from recent_count where at >= ${instant(since)} group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`,
  );
  return {
    since: found.map(({ latelyN: _, latelyAt: __, ...count }) => count),
    lately: found.flatMap(({ latelyN, latelyAt, ...count }) =>
      latelyN === null ? [] : [{ ...count, n: latelyN, lastAt: latelyAt! }],
    ),
  };
}

export type CountAt = { sourceId: string; consumer: string; at: Instant; n: number; lastAt: Instant };

/** What was processed by consumers, and published where `consumer` is '', of these event types: five minutes a row, since an instant. */
export async function selectCountsAt(
  db: Db,
  events: readonly { sourceId: string; consumer: string; eventType: string }[],
  from: Instant,
): Promise<CountAt[]> {
  return rows<CountAt>(
    db,
    sql`select r.source_id as "sourceId", r.consumer, r.at, sum(r.n)::float8 as n, max(r.last_at) as "lastAt"
          from recent_count r join ${unnestOf("e", events, { source_id: ["text", (e) => e.sourceId], consumer: ["text", (e) => e.consumer], event_type: ["text", (e) => e.eventType] })} using (source_id, consumer, event_type)
          where r.at >= ${instant(from)} and r.measure = case when r.consumer = '' then 'published' else 'processed' end group by 1, 2, 3`,
  );
}

/** What a source published and its consumers processed in the last two hours, by event type; `consumer` '' is what it published. */
export async function selectEventCounts(
  db: Db,
  sourceId: string,
): Promise<{ consumer: string; eventType: string; n: number; lastAt: Instant }[]> {
  return rows(
    db,
    sql`select consumer, event_type as "eventType", sum(n)::float8 as n, max(last_at) as "lastAt" from recent_count
          where source_id = ${sourceId} and measure = case when consumer = '' then 'published' else 'processed' end group by 1, 2`,
  );
}

/** Forgets hourly counts past their use, a chunk at a time, and the recent ones that nothing is said of any more. */
export async function deleteOldCounts(db: Db, before: Instant, recentBefore: Instant): Promise<number> {
  const recent = await touched(db, sql`delete from recent_count where at < ${instant(recentBefore)}`);
  const hourly = await touched(
    db,
    sql`delete from source_count where (source_id, consumer, measure, hour) in (
          select source_id, consumer, measure, hour from source_count where hour < ${instant(before)} limit 5000)`,
  );
  return recent + hourly;
}
