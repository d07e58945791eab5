import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, list, rows, unnestOf } from "../db/rows";
import { isUnexplained } from "../facts/sql";
import type { Instant } from "../time";
import { type Coming, KEYS_COUNTED_MAX, type ParkedCause, type WaitingCause } from "./rules";

// A count of keys reads that many rows in as many places: it stands for a minute, or up to two, so that not all are due at once.
const KEYS_STAND_S = 60;
// Groups up to this are counted anew whenever they change.
const FEW = 500;

/** How many messages are parked in a zone, and its largest groups; `""` is what stands in none. */
export type ZoneGroups = { zoneId: string; parkedN: number; groupIds: number[] };

const LARGEST = 5;

/** One pass over the groups for all zones. */
export async function selectLargest(db: Db): Promise<ZoneGroups[]> {
  return rows<ZoneGroups>(
    db,
    sql`select z.zone as "zoneId", sum(g.open_n)::int as "parkedN", (array_agg(g.group_id::float8 order by g.open_n desc, g.group_id))[1:${LARGEST}::int] as "groupIds"
          from dead_letter_group g, unnest(case when cardinality(g.zones) = 0 then array[''] else g.zones end) z(zone) where g.open_n > 0 group by 1`,
  );
}

/**
 * Each zone's largest groups with how fast they grow, and the consumer's last deploy before what is parked now began, unless that was rolled back
 * before.
 */
export async function selectParkedCauses(
  db: Db,
  largest: readonly ZoneGroups[],
  now: Instant,
): Promise<(ParkedCause & { zoneId: string })[]> {
  const pairs = largest.flatMap(({ zoneId, groupIds }) => groupIds.map((groupId) => ({ zoneId, groupId })));
  const ids = list([...new Set(pairs.map(({ zoneId }) => zoneId))], "text");
  return rows<ParkedCause & { zoneId: string }>(
    db,
    sql`with known as materialized (select s.zone_id, (c->>'groupId')::bigint as group_id, (c->>'openN')::int as open_n, (c->>'keysN')::int as n, (c->>'keysAt')::float8 as at
          from zone_status s, jsonb_array_elements(s.causes->'parked') c where s.zone_id = any(${ids}))
        select t.zone as "zoneId", g.group_id as "groupId", g.consumer, g.event_type as "eventType", g.error_type as "errorType", g.template, g.frame, g.open_n as "openN", b.began as "firstAt", g.last_at as "lastAt", g.versions,
          case when u.stands then k.n else (select count(distinct business_key)::int from (select business_key from dead_letter d where d.group_id = g.group_id limit ${KEYS_COUNTED_MAX}) d) end as "keysN",
          case when u.stands then k.at else ${now}::float8 end as "keysAt",
          case when g.last_at < ${instant(now - 30_000)} then 0 else greatest(coalesce((select sum(n) / greatest(extract(epoch from ${instant(now)} - greatest(min(a.bucket), b.began)) / 60, 1) from group_arrival a
             where a.level_s = 60 and a.group_id = g.group_id and a.bucket >= date_trunc('minute', ${instant(now - 120_000)})), 0)::float8, 1) end as "perMinute",
          (select jsonb_build_object('version', d.version, 'at', (extract(epoch from d.at) * 1000)::float8) from deploy d where d.source_id = g.source_id and d.consumer = g.consumer and d.kind = 'deploy'
             and d.at between b.began - interval '30 minutes' and b.began + interval '30 seconds' and g.versions ? d.version
             and not exists (select 1 from deploy r where r.source_id = d.source_id and r.consumer = d.consumer and r.kind = 'rollback' and r.at > d.at and r.at < b.began) order by d.at desc limit 1) as deploy,
          c.busy as "busyN", c.asked as "askedN"
        from ${unnestOf("t", pairs, { zone: ["text", (one) => one.zoneId], group_id: ["bigint", (one) => one.groupId] })} join dead_letter_group g on g.group_id = t.group_id and g.open_n > 0
          cross join lateral (select coalesce((select d.parked_at from dead_letter d where d.group_id = g.group_id order by d.parked_at, d.id limit 1), g.first_at) as began) b
          cross join lateral (select count(*) filter (where o.state <> 'awaiting')::int as busy, count(*) filter (where o.state = 'awaiting')::int as asked
            from dead_letter_claim l join operation o using (operation_id) where l.group_id = g.group_id) c left join known k on k.zone_id = t.zone and k.group_id = t.group_id
          cross join lateral (select k.at > ${now}::float8 - 1000 * (${KEYS_STAND_S}::int + g.group_id % ${KEYS_STAND_S}::int) and (k.open_n = g.open_n or least(k.open_n, g.open_n) > ${FEW}::int) as stands) u
        order by t.zone, g.open_n desc, g.group_id`,
  );
}

/** What of each zone has waited since before an instant, by who owes it; what is parked, held or not even published is explained by that. */
export async function selectWaitingCauses(
  db: Db,
  zones: readonly { zoneId: string; before: Instant }[],
): Promise<(WaitingCause & { zoneId: string })[]> {
  if (zones.length === 0) return [];
  return rows<WaitingCause & { zoneId: string }>(
    db,
    sql`select z.zone as "zoneId", w.* from ${unnestOf("z", zones, { zone: ["text", (z) => z.zoneId], before: ["float8", (z) => z.before] })} cross join lateral (
          select u.reason, u.source_id as "sourceId", u.consumer, (array_agg(distinct u.event_type))[1:4] as "eventTypes", count(distinct u.business_key)::int as "keysN", count(*)::int as "factsN",
            min(u.since) as oldest, (array_agg(u.business_key order by u.since))[1] as "oldestKey", (array_agg(u.waits_for order by u.since, u.waits_for))[1] as "waitsFor"
          from (select * from unresolved where zone_id = z.zone and since < to_timestamp(z.before / 1000) and confirmed and reason in ('undelivered', 'unpublished', 'held') order by since limit 20000) u
          where u.reason <> 'undelivered' or ${isUnexplained}
          group by 1, 2, 3 order by 5 desc, 6 desc limit 8) w`,
  );
}

/** What of the rest that each consumer owes a zone has come since an instant, and whether it holds anything newer than the oldest of it. */
export async function selectComing(
  db: Db,
  owing: readonly { zoneId: string; sourceId: string; consumer: string; oldest: Instant }[],
  from: Instant,
): Promise<(Coming & { zoneId: string; consumer: string })[]> {
  if (owing.length === 0) return [];
  return rows(
    db,
    sql`select o.zone as "zoneId", o.consumer, u.n as "youngN", exists (select 1 from unresolved h where h.source_id = o.source and h.reason = 'held' and h.consumer = o.consumer and h.zone_id = o.zone and h.since > to_timestamp(o.oldest / 1000)) as "holdsNewer"
          from ${unnestOf("o", owing, { zone: ["text", (one) => one.zoneId], source: ["text", (one) => one.sourceId], consumer: ["text", (one) => one.consumer], oldest: ["float8", (one) => one.oldest] })} cross join lateral (
          select count(*)::int as n from (select 1 from unresolved where zone_id = o.zone and reason = 'undelivered' and confirmed and consumer = o.consumer and since > ${instant(from)} limit 20000) y) u`,
  );
}
