import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { list, rows, unnestOf } from "../db/rows";
import { reasonBits, type Unresolved, type UnresolvedReason, type ZoneKey } from "./rules";

/** Locks the zones `z` of a list, whatever it is selected from. */
export const zoneLock = (zones: SQL): SQL =>
  sql`select pg_advisory_xact_lock(hashtextextended('zone:' || z, 0)) from (select z from (${zones}) u(z) order by z) s`;

/** One writer per zone at a time: observers of two sources meet here, in the order of the names, so that none waits in a circle. */
export async function lockZones(tx: Db, zoneIds: readonly string[]): Promise<void> {
  if (zoneIds.length === 0) return;
  await tx.execute(zoneLock(sql`select unnest(${list(zoneIds, "text")})`));
}

/** Opens what is not open yet; answers the keys that changed. */
export async function insertUnresolved(tx: Db, entries: readonly Unresolved[]): Promise<ZoneKey[]> {
  if (entries.length === 0) return [];
  const facts = unnestOf("u", entries, {
    f: ["text", (fact) => fact.ref],
    s: ["text", (fact) => fact.sourceId],
    r: ["text", (fact) => fact.reason],
    c: ["text", (fact) => fact.consumer],
    z: ["text", (fact) => fact.zoneId],
    k: ["text", (fact) => fact.businessKey],
    e: ["text", (fact) => fact.eventType],
    t: ["float8", (fact) => fact.since],
    o: ["boolean", (fact) => fact.confirmed],
    g: ["boolean", (fact) => fact.flagged],
    w: ["bigint", (fact) => fact.waitsFor],
    a: ["boolean", (fact) => fact.retold ?? false],
  });
  return rows<ZoneKey>(
    tx,
    sql`insert into unresolved (source_id, reason, consumer, ref, zone_id, business_key, event_type, since, confirmed, flagged, waits_for, retold)
        select s, r, c, f, z, k, e, to_timestamp(t / 1000), o, g, w, a from ${facts}
        order by s, r, c, f, z on conflict do nothing returning zone_id as "zoneId", business_key as "businessKey"`,
  );
}

/** `since` to the microsecond; `missed`: what it was counted under when its window ended. */
export type Closed = ZoneKey & {
  ref: string;
  consumer: string;
  eventType: string;
  since: number;
  missed: string | null;
  confirmed: boolean;
  retold: boolean;
};

/** Closes facts by their refs; answers those that were open. */
export async function deleteUnresolved(
  tx: Db,
  sourceId: string,
  reason: UnresolvedReason,
  facts: readonly { consumer: string; ref: string }[],
): Promise<Closed[]> {
  if (facts.length === 0) return [];
  return rows<Closed>(
    tx,
    sql`delete from unresolved u using ${unnestOf("f", facts, { consumer: ["text", (f) => f.consumer], ref: ["text", (f) => f.ref] })}
        where u.source_id = ${sourceId} and u.reason = ${reason} and u.consumer = f.consumer and u.ref = f.ref
        returning u.zone_id as "zoneId", u.business_key as "businessKey", u.ref, u.consumer, u.event_type as "eventType", (extract(epoch from u.since) * 1000)::float8 as since, u.missed, u.confirmed, u.retold`,
  );
}

/** Closes every fact of a reason that is not in the list any more: for sets that are read whole. */
export async function deleteUnresolvedExcept(
  tx: Db,
  sourceId: string,
  reason: UnresolvedReason,
  facts: readonly { consumer: string; ref: string; zoneId: string }[],
): Promise<ZoneKey[]> {
  return rows<ZoneKey>(
    tx,
    sql`delete from unresolved u where u.source_id = ${sourceId} and u.reason = ${reason} and not exists (
          select 1 from ${unnestOf("f", facts, { consumer: ["text", (f) => f.consumer], ref: ["text", (f) => f.ref], zone_id: ["text", (f) => f.zoneId] })} where f.consumer = u.consumer and f.ref = u.ref and f.zone_id = u.zone_id)
        returning u.zone_id as "zoneId", u.business_key as "businessKey"`,
  );
}

/** Facts asked by key and still open count from now on. */
export async function confirmUnresolved(
  tx: Db,
  sourceId: string,
  facts: readonly { consumer: string; ref: string }[],
): Promise<ZoneKey[]> {
  if (facts.length === 0) return [];
  return rows<ZoneKey>(
    tx,
    sql`update unresolved u set confirmed = true from ${unnestOf("f", facts, { consumer: ["text", (f) => f.consumer], ref: ["text", (f) => f.ref] })}
        where u.source_id = ${sourceId} and u.reason = 'undelivered' and u.consumer = f.consumer and u.ref = f.ref and not u.confirmed
        returning u.zone_id as "zoneId", u.business_key as "businessKey"`,
  );
}

/** Of an undelivered fact `u`: nothing else says why, neither that its message is not published nor that it is parked or held at the same consumer. Of most keys their own reasons say so, without a look at their facts. */
export const isUnexplained: SQL = sql`not (exists (select 1 from open_key o where o.zone_id = u.zone_id and o.business_key = u.business_key and o.reasons & ${sql.raw(String(reasonBits.undelivered))} <> 0 and o.reasons & ${sql.raw(String(reasonBits.unpublished | reasonBits.held | reasonBits.parked))} <> 0)
  and exists (select 1 from unresolved p where p.zone_id = u.zone_id and p.business_key = u.business_key and p.ref = u.ref and (p.reason = 'unpublished' or p.reason in ('parked', 'held') and p.consumer = u.consumer)))`;

/** All reasons of a group of facts, as one number: a bit each. */
export const bitsOf = (reason: SQL): SQL => {
  const bits = sql.raw(
    Object.entries(reasonBits)
      .map(([name, bit]) => `when '${name}' then ${bit}`)
      .join(" "),
  );
  return sql`bit_or(case ${reason} ${bits} end)::smallint`;
};

/** Recomputes the summary of the keys that changed, from their facts. The zones are locked, so that nobody else is at it. */
export async function refreshOpenKeys(tx: Db, keys: readonly ZoneKey[]): Promise<void> {
  if (keys.length === 0) return;
  const changed = sql`changed as (select distinct z, k from ${unnestOf("c", keys, { z: ["text", (k) => k.zoneId], k: ["text", (k) => k.businessKey] })})`;
  await tx.execute(
    sql`with ${changed}, open as (
          select c.z, c.k, min(u.since) as since, ${bitsOf(sql`u.reason`)} as reasons, count(*)::int as facts
            from changed c join unresolved u on u.zone_id = c.z and u.business_key = c.k where u.confirmed group by 1, 2),
        noted as (insert into open_key_count (zone_id, changes_n) select z, 1 from changed group by 1 order by 1 on conflict (zone_id) do update set changes_n = open_key_count.changes_n + 1),
        gone as (delete from open_key o using changed c where o.zone_id = c.z and o.business_key = c.k
            and not exists (select 1 from open where open.z = c.z and open.k = c.k))
        insert into open_key (zone_id, business_key, since, reasons, facts) select z, k, since, reasons, facts from open
        on conflict (zone_id, business_key) do update set since = excluded.since, reasons = excluded.reasons, facts = excluded.facts
          where (open_key.since, open_key.reasons, open_key.facts) is distinct from (excluded.since, excluded.reasons, excluded.facts)`,
  );
}
