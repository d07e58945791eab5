import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, list, rows, unnestOf } from "../db/rows";
import type { Lacking } from "../facts/rules";
import { isUnexplained } from "../facts/sql";
import type { Instant } from "../time";
import type { MissedCause } from "./rules";

// Enough to tell what most of them have in common, and few enough to ask in every round.
const SAMPLED = 200;
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
          cross join lateral (select array_agg(business_key) as keys, count(*) as n from (select distinct business_key from unresolved u where u.source_id = h.source and u.reason = 'held' and u.consumer = h.consumer and u.zone_id = h.zone limit ${SAMPLED}) d) k
          cross join lateral (select u.reason, u.source_id, u.consumer as who, case when u.reason = 'parked' then (select d.group_id from dead_letter d where d.source_id = u.source_id and d.message_id = u.ref limit 1) end as group_id, count(distinct u.business_key) as n
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
        where ${isUnexplained}`,
  );
  return found && found.eventsN > 0 ? found : null;
}
