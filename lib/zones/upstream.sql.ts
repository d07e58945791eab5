import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, list, rows, unnestOf } from "../db/rows";
import type { Lacking } from "../facts/rules";
import type { Instant } from "../time";
import type { MissedCause } from "./rules";

// Enough to tell what most of them have in common, and few enough to ask in every round.
const SAMPLED = { keys: 200, letters: 50 } as const;
const READ_MAX = 20_000;

/** What most keys that a consumer holds back lack at the same consumer, or before it; nothing where they lack nothing. */
export async function selectHeldLacks(
  db: Db,
  held: readonly { zoneId: string; sourceId: string; consumer: string }[],
): Promise<{ zoneId: string; consumer: string; lacks: Lacking }[]> {
  if (held.length === 0) return [];
  return rows(
    db,
    sql`select h.zone as "zoneId", h.consumer, jsonb_build_object('reason', l.reason, 'sourceId', l.source_id, 'consumer', l.who, 'groupId', l.group_id, 'n', l.n, 'ofN', k.n) as lacks
        from ${unnestOf("h", held, { zone: ["text", (one) => one.zoneId], source: ["text", (one) => one.sourceId], consumer: ["text", (one) => one.consumer] })}
          cross join lateral (select array_agg(business_key) as keys, count(*) as n from (select distinct business_key from unresolved u where u.source_id = h.source and u.reason = 'held' and u.consumer = h.consumer and u.zone_id = h.zone limit ${SAMPLED.keys}) d) k
          cross join lateral (select u.reason, u.source_id, u.consumer as who, case when u.reason = 'parked' then (select d.group_id from dead_letter d where d.source_id = u.source_id and d.message_id = u.ref::uuid limit 1) end as group_id, count(distinct u.business_key) as n
            from unresolved u where u.zone_id = h.zone and u.business_key = any(k.keys) and u.confirmed and (u.reason = 'unpublished' or u.reason in ('parked', 'undelivered') and u.consumer = h.consumer)
            group by 1, 2, 3, 4 order by n desc, u.reason limit 1) l`,
  );
}

/** What of one producer's events some consumers have not processed since before an instant; null when that is nothing any more. */
export async function selectMissed(
  db: Db,
  asked: { zoneId: string; consumers: readonly string[]; eventTypes: readonly string[]; before: Instant },
): Promise<Omit<MissedCause, "sourceId"> | null> {
  const found = await firstRow<Omit<MissedCause, "sourceId"> & { oldest: Instant | null }>(
    db,
    sql`select (array_agg(distinct u.consumer))[1:8] as consumers, (array_agg(distinct u.event_type))[1:4] as "eventTypes", count(distinct u.ref)::int as "eventsN", count(distinct u.business_key)::int as "keysN", min(u.since) as oldest, (array_agg(u.business_key order by u.since))[1] as "oldestKey"
        from (select * from unresolved where zone_id = ${asked.zoneId} and since < ${instant(asked.before)} and confirmed and reason = 'undelivered' and consumer = any(${list(asked.consumers, "text")}) and event_type = any(${list(asked.eventTypes, "text")}) order by since limit ${READ_MAX}) u
        where not exists (select 1 from unresolved p where p.zone_id = u.zone_id and p.business_key = u.business_key and p.ref = u.ref and (p.reason = 'unpublished' or p.reason in ('parked', 'held') and p.consumer = u.consumer))`,
  );
  return found && found.eventsN > 0 ? found : null;
}

/** Of a sample of each group's messages: the schemas and the producer's versions that they came in, and that producer's last deploy before the first of them. */
export type Origin = {
  groupId: number;
  schemas: (number | null)[];
  versions: (string | null)[];
  deploy: { version: string; at: Instant; before: string | null } | null;
};

export async function selectOrigins(
  db: Db,
  groups: readonly { groupId: number; sourceId: string; service: string; began: Instant }[],
): Promise<Origin[]> {
  if (groups.length === 0) return [];
  return rows<Origin>(
    db,
    sql`select g.group_id as "groupId", s.schemas, s.versions, (select jsonb_build_object('version', d.version, 'at', (extract(epoch from d.at) * 1000)::float8,
              'before', (select o.version from deploy o where o.source_id = d.source_id and o.consumer = d.consumer and o.at < d.at order by o.at desc limit 1))
            from deploy d where d.source_id = g.source and d.consumer = g.service and d.kind <> 'first' and d.at between to_timestamp(g.began / 1000) - interval '30 minutes' and to_timestamp(g.began / 1000) + interval '30 seconds' order by d.at desc limit 1) as deploy
        from ${unnestOf("g", groups, { group_id: ["bigint", (one) => one.groupId], source: ["text", (one) => one.sourceId], service: ["text", (one) => one.service], began: ["float8", (one) => one.began] })}
          cross join lateral (select coalesce(to_jsonb(array_agg(distinct b.schema_version)), '[]') as schemas, coalesce(to_jsonb(array_agg(distinct b.headers->>'producer_version')), '[]') as versions
            from (select d.id from dead_letter d where d.group_id = g.group_id order by d.parked_at desc, d.id desc limit ${SAMPLED.letters}) d join dead_letter_body b using (id)) s`,
  );
}
