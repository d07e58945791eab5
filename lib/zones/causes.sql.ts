import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, rows } from "../db/rows";
import type { Instant } from "../time";
import { KEYS_COUNTED_MAX, type ParkedCause, type WaitingCause } from "./rules";

/** A zone's largest groups with how fast they grow, and the consumer's last deploy before they began. */
export async function selectParkedCauses(db: Db, zoneId: string, now: Instant): Promise<ParkedCause[]> {
  return rows<ParkedCause>(
    db,
    sql`select g.group_id as "groupId", g.consumer, g.event_type as "eventType", g.error_type as "errorType", g.template, g.frame, g.open_n as "openN", g.first_at as "firstAt", g.last_at as "lastAt", g.versions,
          (select count(distinct business_key)::int from (select business_key from dead_letter d where d.group_id = g.group_id limit ${KEYS_COUNTED_MAX}) k) as "keysN",
          case when g.last_at < ${instant(now - 30_000)} then 0 else greatest(coalesce((select sum(n) from group_arrival a where a.level_s = 60 and a.group_id = g.group_id and a.bucket >= date_trunc('minute', ${instant(now - 120_000)})
             and a.bucket < date_trunc('minute', ${instant(now)})), 0)::float8 / 2, 1) end as "perMinute",
          (select jsonb_build_object('version', d.version, 'at', (extract(epoch from d.at) * 1000)::float8) from deploy d where d.source_id = g.source_id and d.consumer = g.consumer and d.kind = 'deploy'
             and d.at between g.first_at - interval '30 minutes' and g.first_at + interval '30 seconds' and g.versions ? d.version order by d.at desc limit 1) as deploy,
          (select count(*)::int from dead_letter_claim c where c.group_id = g.group_id) as "busyN"
        from dead_letter_group g where g.open_n > 0 and ${zoneId} = any(g.zones) order by g.open_n desc limit 5`,
  );
}

/** What has waited since before an instant, by who owes it; what is parked, held or not even published is explained by that. */
export async function selectWaitingCauses(db: Db, zoneId: string, before: Instant): Promise<WaitingCause[]> {
  return rows<WaitingCause>(
    db,
    sql`select u.reason, u.source_id as "sourceId", u.consumer, (array_agg(distinct u.event_type))[1:4] as "eventTypes", count(distinct u.business_key)::int as "keysN", count(*)::int as "factsN",
          min(u.since) as oldest, (array_agg(u.business_key order by u.since))[1] as "oldestKey"
        from (select * from unresolved where zone_id = ${zoneId} and since < ${instant(before)} and confirmed and reason in ('undelivered', 'unpublished', 'held') order by since limit 20000) u
        where u.reason <> 'undelivered' or not exists (select 1 from unresolved p where p.zone_id = u.zone_id and p.business_key = u.business_key and p.ref = u.ref
          and (p.reason = 'unpublished' or (p.reason in ('parked', 'held') and p.consumer = u.consumer)))
        group by 1, 2, 3 order by 5 desc limit 8`,
  );
}
