import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, rows, unnestOf } from "../db/rows";
import type { Instant } from "../time";
import type { Counts, Level } from "./counting.rules";

export type CountRow = Counts & {
  level: Level;
  zoneId: string;
  measure: "delivery" | "comparison";
  consumer: string;
  eventType: string;
  at: Instant;
};

export type CauseRow = { zoneId: string; at: Instant; cause: string; consumer: string; eventType: string; missedN: number };

/** Adds to counts and causes, in one statement and one order, so that two writers never wait for each other in a circle. */
export async function addCounts(tx: Db, counts: readonly CountRow[], causes: readonly CauseRow[] = []): Promise<void> {
  if (counts.length === 0) return;
  const cause = sql`insert into objective_cause (zone_id, at, cause, consumer, event_type, missed_n)
        select z, to_timestamp(t / 1000), a, c, e, n from ${unnestOf("u", causes, {
          z: ["text", (c) => c.zoneId],
          t: ["float8", (c) => c.at],
          a: ["text", (c) => c.cause],
          c: ["text", (c) => c.consumer],
          e: ["text", (c) => c.eventType],
          n: ["bigint", (c) => c.missedN],
        })} order by 1, 2, 3, 4, 5
        on conflict (zone_id, at, cause, consumer, event_type) do update set missed_n = objective_cause.missed_n + excluded.missed_n`;
  await tx.execute(
    sql`with caused as (${cause})
        insert into objective_count (level_s, zone_id, measure, consumer, event_type, at, kept_n, fifth_n, missed_n, late_n, double_n)
        select l, z, m, c, e, to_timestamp(t / 1000), k, f, n, a, d from ${unnestOf("u", counts, {
          l: ["int", (c) => c.level],
          z: ["text", (c) => c.zoneId],
          m: ["text", (c) => c.measure],
          c: ["text", (c) => c.consumer],
          e: ["text", (c) => c.eventType],
          t: ["float8", (c) => c.at],
          k: ["bigint", (c) => c.keptN],
          f: ["bigint", (c) => c.fifthN],
          n: ["bigint", (c) => c.missedN],
          a: ["bigint", (c) => c.lateN],
          d: ["bigint", (c) => c.doubleN],
        })} order by l, z, m, c, e, t
        on conflict (level_s, zone_id, measure, consumer, event_type, at) do update set kept_n = objective_count.kept_n + excluded.kept_n, fifth_n = objective_count.fifth_n + excluded.fifth_n,
          missed_n = objective_count.missed_n + excluded.missed_n, late_n = objective_count.late_n + excluded.late_n, double_n = objective_count.double_n + excluded.double_n`,
  );
}

export type MissedRow = { zoneId: string; consumer: string; eventType: string; cause: string; at: Instant; n: number };

/** Marks deliveries of a source as missed whose windows ended before `until`, each once, with what stands in their way; answers how many, by the minute in which their windows ended. */
export async function markMissed(
  tx: Db,
  sourceId: string,
  zones: readonly { zoneId: string; windowMs: number }[],
  until: Instant,
  most: number,
): Promise<MissedRow[]> {
  if (zones.length === 0) return [];
  return rows<MissedRow>(
    tx,
    sql`with due as materialized (
          select u.zone_id, u.business_key, u.consumer, u.ref, w.ms from ${unnestOf("w", zones, { zone_id: ["text", (z) => z.zoneId], ms: ["float8", (z) => z.windowMs] })}
            cross join lateral (select * from unresolved o where o.source_id = ${sourceId} and o.zone_id = w.zone_id and o.reason = 'undelivered' and o.confirmed and o.missed is null
              and o.since < ${instant(until)} - w.ms * interval '1 ms' order by o.since limit ${most}) u),
        named as (select d.*, coalesce((select min(case p.reason when 'parked' then 'group:' || (select min(l.group_id) from dead_letter l where l.source_id = p.source_id and l.message_id = p.ref) else p.reason end)
            from unresolved p where p.zone_id = d.zone_id and p.business_key = d.business_key and p.ref = d.ref and (p.reason = 'unpublished' or p.reason in ('parked', 'held') and p.consumer = d.consumer)), 'undelivered') as cause from due d),
        marked as (update unresolved u set missed = n.cause from named n where u.source_id = ${sourceId} and u.reason = 'undelivered' and u.consumer = n.consumer and u.ref = n.ref and u.zone_id = n.zone_id
          returning u.zone_id, u.consumer, u.event_type, n.cause, date_bin('1 minute', u.since + n.ms * interval '1 ms', 'epoch'::timestamptz) as at)
        select zone_id as "zoneId", consumer, event_type as "eventType", cause, at, count(*)::int as n from marked group by 1, 2, 3, 4, 5`,
  );
}
