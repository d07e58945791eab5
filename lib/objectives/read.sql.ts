import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, list, rows, unnestOf } from "../db/rows";
import type { Instant } from "../time";
import type { Counts } from "./counting.rules";
import type { Basis, CauseCount, Segment } from "./rules";

export type Asked = Segment & { zoneId: string; measure: Basis; spanMs: number };
export type SpanCounts = Counts & { zoneId: string; spanMs: number };

const sums = sql`coalesce(sum(c.kept_n), 0)::float8 as "keptN", coalesce(sum(c.fifth_n), 0)::float8 as "fifthN", coalesce(sum(c.missed_n), 0)::float8 as "missedN", coalesce(sum(c.late_n), 0)::float8 as "lateN",
  coalesce(sum(c.double_n), 0)::float8 as "doubleN"`;

/** How whole zones did over spans, each made of the segments asked for: along the primary key, a few dozen rows a span. */
export function selectSpans(db: Db, asked: readonly Asked[]): Promise<SpanCounts[]> {
  if (asked.length === 0) return Promise.resolve([]);
  return rows<SpanCounts>(
    db,
    sql`select a.zone_id as "zoneId", a.span as "spanMs", ${sums} from ${unnestOf("a", asked, {
      zone_id: ["text", (one) => one.zoneId],
      measure: ["text", (one) => one.measure],
      span: ["float8", (one) => one.spanMs],
      level: ["int", (one) => one.level],
      since: ["float8", (one) => one.from],
      until: ["float8", (one) => one.to],
    })} left join lateral (select * from objective_count o where o.level_s = a.level and o.zone_id = a.zone_id and o.measure = a.measure and o.consumer = '' and o.event_type = ''
          and o.at >= to_timestamp(a.since / 1000) and o.at < to_timestamp(a.until / 1000)) c on true group by 1, 2`,
  );
}

export type DayRow = Counts & { at: Instant };

/** A zone day by day, the oldest first; days on which nothing was judged have no row. */
export function selectDays(db: Db, zoneId: string, measure: Basis, from: Instant, to: Instant): Promise<DayRow[]> {
  return rows<DayRow>(
    db,
    sql`select at, kept_n as "keptN", fifth_n as "fifthN", missed_n as "missedN", late_n as "lateN", double_n as "doubleN" from objective_count
          where level_s = 86400 and zone_id = ${zoneId} and measure = ${measure} and consumer = '' and event_type = '' and at >= ${instant(from)} and at < ${instant(to)} order by at`,
  );
}

export type ZoneDay = DayRow & { zoneId: string };

/** The days of several zones between two instants. */
export function selectZoneDays(
  db: Db,
  zones: readonly { zoneId: string; measure: Basis }[],
  from: Instant,
  to: Instant,
): Promise<ZoneDay[]> {
  return rows<ZoneDay>(
    db,
    sql`select c.zone_id as "zoneId", c.at, c.kept_n as "keptN", c.fifth_n as "fifthN", c.missed_n as "missedN", c.late_n as "lateN", c.double_n as "doubleN"
        from ${unnestOf("z", zones, { zone_id: ["text", (one) => one.zoneId], measure: ["text", (one) => one.measure] })} cross join lateral (select * from objective_count o
          where o.level_s = 86400 and o.zone_id = z.zone_id and o.measure = z.measure and o.consumer = '' and o.event_type = '' and o.at >= ${instant(from)} and o.at < ${instant(to)}) c order by 1, 2`,
  );
}

/** What stood in the way of the deliveries that were missed between two instants, the most first. */
export function selectCauses(db: Db, zoneIds: readonly string[], from: Instant, to: Instant): Promise<CauseCount[]> {
  return rows<CauseCount>(
    db,
    sql`select s.*, g.group_id as "groupId", g.error_type as "errorType" from (
          select zone_id as "zoneId", cause, consumer, event_type as "eventType", sum(missed_n)::float8 as "missedN" from objective_cause
            where zone_id = any(${list(zoneIds, "text")}) and at >= ${instant(from)} and at < ${instant(to)} group by 1, 2, 3, 4 having sum(missed_n) > 0) s
          left join dead_letter_group g on g.group_id = case when s.cause like 'group:%' then substr(s.cause, 7)::bigint end
        order by "missedN" desc, 1, 2, 3, 4`,
  );
}

/** How many of a zone's missed deliveries have not converged to this day. */
export async function countOpenMissed(db: Db, zoneId: string): Promise<number> {
  const [row] = await rows<{ n: number }>(
    db,
    sql`select count(*)::int as n from unresolved where zone_id = ${zoneId} and reason = 'undelivered' and missed is not null and missed <> 'before'`,
  );
  return row?.n ?? 0;
}

/** Forgets minutes that nobody asks for any more, and everything after 400 days, a part at a time. */
export async function deleteOldCounts(db: Db, minutesBefore: Instant, allBefore: Instant, most = 20_000): Promise<void> {
  await db.execute(
    sql`delete from objective_count where ctid = any(array(select ctid from objective_count where level_s = 60 and at < ${instant(minutesBefore)} limit ${most}))`,
  );
  await db.execute(
    sql`delete from objective_count where ctid = any(array(select ctid from objective_count where level_s > 60 and at < ${instant(allBefore)} limit ${most}))`,
  );
  await db.execute(
    sql`delete from objective_cause where ctid = any(array(select ctid from objective_cause where at < ${instant(allBefore)} limit ${most}))`,
  );
}

/** What rules found that differ, of zones of which nothing records deliveries; shaped as causes are. */
export function selectCompared(db: Db, zoneIds: readonly string[], from: Instant, to: Instant): Promise<CauseCount[]> {
  return rows<CauseCount>(
    db,
    sql`select zone_id as "zoneId", 'rule' as cause, '' as consumer, event_type as "eventType", sum(missed_n)::float8 as "missedN", null::bigint as "groupId", null::text as "errorType" from objective_count
          where level_s = 86400 and zone_id = any(${list(zoneIds, "text")}) and measure = 'comparison' and consumer = '' and event_type <> '' and at >= ${instant(from)} and at < ${instant(to)}
          group by 1, 4 having sum(missed_n) > 0 order by "missedN" desc, 1, 4`,
  );
}
