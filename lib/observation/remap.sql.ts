import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { bitsOf } from "../facts/sql";

// What a consumer takes in stands in the zones that oblige it, else in those that name the event at all.
const zonesOf = (consumer: string, eventType: string) =>
  sql.raw(`coalesce((select array_agg(distinct e.zone_id order by e.zone_id) from zone_event e where e.event_type = ${eventType} and e.consumer = ${consumer}),
    (select array_agg(distinct e.zone_id order by e.zone_id) from zone_event e where e.event_type = ${eventType}), '{}')`);

// Which zones each open fact stands in by the contracts in force. Sagas follow with the next poll, which reads them anew.
const meant = sql`
  select u.source_id, u.reason, u.consumer, u.ref, u.business_key, u.event_type, u.since, u.confirmed, u.flagged, e.zone_id from unresolved u
    join zone_event e on e.event_type = u.event_type and (u.reason = 'undelivered' and e.consumer = u.consumer or u.reason = 'unpublished' and e.consumer = '' and e.source_id = u.source_id)
  union all select u.source_id, u.reason, u.consumer, u.ref, u.business_key, u.event_type, u.since, u.confirmed, u.flagged, unnest(${zonesOf("u.consumer", "u.event_type")}) from unresolved u where u.reason = 'held'
  union all select d.source_id, 'parked', g.consumer, d.message_id, d.business_key, g.event_type, d.since, true, d.flagged, unnest(g.zones) from dead_letter d join dead_letter_group g using (group_id)
    where not exists (select 1 from source s where s.source_id = d.source_id and s.retired_at is not null)`;

/**
 * Puts every open fact and group into the zones that the contracts in force name, after these changed: what was known to wait goes on
 * waiting, wherever it stands now. Observers of all zones wait meanwhile.
 */
export async function remapZones(tx: Db): Promise<void> {
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended('zone:' || z, 0)) from (select z from (select zone_id as z from zone union select zone_id from unresolved) a order by z) s`,
  );
  await tx.execute(
    sql`update dead_letter_group g set zones = m.zones from (select group_id, ${zonesOf("o.consumer", "o.event_type")} as zones from dead_letter_group o) m
          where m.group_id = g.group_id and m.zones <> g.zones`,
  );
  await tx.execute(
    sql`with meant as materialized (select source_id, reason, consumer, ref, zone_id, min(business_key) as business_key, min(event_type) as event_type, min(since) as since, bool_and(confirmed) as confirmed,
          bool_or(flagged) as flagged from (${meant}) m group by 1, 2, 3, 4, 5),
        gone as (delete from unresolved u where u.reason not in ('saga', 'divergence') and not exists (select 1 from meant m where (m.source_id, m.reason, m.consumer, m.ref, m.zone_id) = (u.source_id, u.reason, u.consumer, u.ref, u.zone_id)))
        insert into unresolved (source_id, reason, consumer, ref, zone_id, business_key, event_type, since, confirmed, flagged)
        select source_id, reason, consumer, ref, zone_id, business_key, event_type, since, confirmed, flagged from meant on conflict do nothing`,
  );
  await tx.execute(sql`delete from open_key`);
  await tx.execute(sql`update open_key_count set changes_n = changes_n + 1`);
  await tx.execute(
    sql`insert into open_key (zone_id, business_key, since, reasons, facts)
        select zone_id, business_key, min(since), ${bitsOf(sql`reason`)}, count(*)::int from unresolved where confirmed group by 1, 2`,
  );
}
