import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, list, rows, touched } from "../db/rows";
import type { Instant } from "../time";
import { type UnresolvedReason, unresolvedReasons } from "../verdicts/rules";

/** One fact that has not converged, in one zone. */
export type Unresolved = {
  sourceId: string;
  reason: UnresolvedReason;
  consumer: string;
  ref: string;
  zoneId: string;
  businessKey: string;
  eventType: string;
  since: Instant;
  confirmed: boolean;
  flagged: boolean;
  /** Of a held message. */
  waitsFor?: number | null;
};
export type ZoneKey = { zoneId: string; businessKey: string };

/** One writer per zone at a time: observers of two sources meet here, in the order of the names, so that none waits in a circle. */
export async function lockZones(tx: Db, zoneIds: readonly string[]): Promise<void> {
  if (zoneIds.length === 0) return;
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended('zone:' || z, 0)) from (select z from unnest(${list([...zoneIds].sort(), "text")}) z order by z) s`,
  );
}

/** Opens what is not open yet; answers the keys that changed. */
export async function insertUnresolved(tx: Db, entries: readonly Unresolved[]): Promise<ZoneKey[]> {
  if (entries.length === 0) return [];
  const of = <K extends keyof Unresolved>(key: K) => entries.map((entry) => entry[key]);
  return rows<ZoneKey>(
    tx,
    sql`insert into unresolved (source_id, reason, consumer, ref, zone_id, business_key, event_type, since, confirmed, flagged, waits_for)
        select s, r, c, f, z, k, e, to_timestamp(t / 1000), o, g, w
          from unnest(${list(of("sourceId"), "text")}, ${list(of("reason"), "text")}, ${list(of("consumer"), "text")}, ${list(of("ref"), "text")}, ${list(of("zoneId"), "text")},
            ${list(of("businessKey"), "text")}, ${list(of("eventType"), "text")}, ${list(of("since"), "float8")}, ${list(of("confirmed"), "boolean")}, ${list(of("flagged"), "boolean")},
            ${list(
              entries.map(({ waitsFor }) => waitsFor ?? null),
              "bigint",
            )})
            u(s, r, c, f, z, k, e, t, o, g, w)
        order by s, r, c, f, z on conflict do nothing returning zone_id as "zoneId", business_key as "businessKey"`,
  );
}

type Closed = ZoneKey & { ref: string; consumer: string; eventType: string };

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
    sql`delete from unresolved u using unnest(${list(
      facts.map((f) => f.consumer),
      "text",
    )}, ${list(
      facts.map((f) => f.ref),
      "text",
    )}) f(consumer, ref)
        where u.source_id = ${sourceId} and u.reason = ${reason} and u.consumer = f.consumer and u.ref = f.ref
        returning u.zone_id as "zoneId", u.business_key as "businessKey", u.ref, u.consumer, u.event_type as "eventType"`,
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
          select 1 from unnest(${list(
            facts.map((f) => f.consumer),
            "text",
          )}, ${list(
            facts.map((f) => f.ref),
            "text",
          )}, ${list(
            facts.map((f) => f.zoneId),
            "text",
          )}) f(consumer, ref, zone_id) where f.consumer = u.consumer and f.ref = u.ref and f.zone_id = u.zone_id)
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
    sql`update unresolved u set confirmed = true from unnest(${list(
      facts.map((f) => f.consumer),
      "text",
    )}, ${list(
      facts.map((f) => f.ref),
      "text",
    )}) f(consumer, ref)
        where u.source_id = ${sourceId} and u.reason = 'undelivered' and u.consumer = f.consumer and u.ref = f.ref and not u.confirmed
        returning u.zone_id as "zoneId", u.business_key as "businessKey"`,
  );
}

/** Recomputes the summary of the keys that changed, from their facts. The zones are locked, so that nobody else is at it. */
export async function refreshOpenKeys(tx: Db, keys: readonly ZoneKey[]): Promise<void> {
  if (keys.length === 0) return;
  const changed = sql`changed as (select distinct z, k from unnest(${list(
    keys.map((k) => k.zoneId),
    "text",
  )}, ${list(
    keys.map((k) => k.businessKey),
    "text",
  )}) c(z, k))`;
  const bit = sql.raw(unresolvedReasons.map((reason, i) => `when '${reason}' then ${1 << i}`).join(" "));
  await tx.execute(
    sql`with ${changed}, open as (
          select c.z, c.k, min(u.since) as since, bit_or(case u.reason ${bit} end)::smallint as reasons, count(*)::int as facts
            from changed c join unresolved u on u.zone_id = c.z and u.business_key = c.k where u.confirmed group by 1, 2),
        gone as (delete from open_key o using changed c where o.zone_id = c.z and o.business_key = c.k
            and not exists (select 1 from open where open.z = c.z and open.k = c.k))
        insert into open_key (zone_id, business_key, since, reasons, facts) select z, k, since, reasons, facts from open
        on conflict (zone_id, business_key) do update set since = excluded.since, reasons = excluded.reasons, facts = excluded.facts
          where (open_key.since, open_key.reasons, open_key.facts) is distinct from (excluded.since, excluded.reasons, excluded.facts)`,
  );
}

/** Takes the tombstones of messages that were processed before their outbox row was seen; answers those that were there. */
export async function takeSeen(tx: Db, deliveries: readonly { consumer: string; messageId: string }[]): Promise<Set<string>> {
  if (deliveries.length === 0) return new Set();
  const taken = await rows<{ consumer: string; messageId: string }>(
    tx,
    sql`delete from delivery_seen d using unnest(${list(
      deliveries.map((d) => d.consumer),
      "text",
    )}, ${list(
      deliveries.map((d) => d.messageId),
      "uuid",
    )}) w(consumer, message_id)
        where d.consumer = w.consumer and d.message_id = w.message_id returning d.consumer, d.message_id::text as "messageId"`,
  );
  return new Set(taken.map(deliveryKey));
}

export const deliveryKey = (delivery: { consumer: string; messageId: string }): string =>
  `${delivery.consumer}\n${delivery.messageId}`;

export async function insertSeen(
  tx: Db,
  deliveries: readonly { consumer: string; messageId: string }[],
  now: Instant,
): Promise<void> {
  if (deliveries.length === 0) return;
  await tx.execute(
    sql`insert into delivery_seen (consumer, message_id, seen_at) select c, m, ${instant(now)}
          from unnest(${list(
            deliveries.map((d) => d.consumer),
            "text",
          )}, ${list(
            deliveries.map((d) => d.messageId),
            "uuid",
          )}) w(c, m) on conflict do nothing`,
  );
}

/** Forgets inbox rows that waited too long for their outbox row, a chunk at a time. */
export async function deleteSeenBefore(db: Db, before: Instant, most = 5_000): Promise<number> {
  return touched(
    db,
    sql`delete from delivery_seen where (consumer, message_id) in (select consumer, message_id from delivery_seen where seen_at < ${instant(before)} limit ${most})`,
  );
}

export type WaitingRow = { zoneId: string; consumer: string; reason: "unpublished" | "undelivered"; bucket: number; n: number };

/** What waits, by log bucket of its present age: for the waiting histograms of a look. `lnGamma` is the bucket's width. In float8: numeric would take most of an idle beat. */
export async function selectWaiting(
  tx: Db,
  sourceId: string,
  now: Instant,
  lnGamma: number,
  bucketMax: number,
): Promise<WaitingRow[]> {
  return rows<WaitingRow>(
    tx,
    sql`select zone_id as "zoneId", consumer, reason, least(${bucketMax}::int, ceil(ln(greatest(1, date_part('epoch', ${instant(now)} - since) * 1000)) / ${lnGamma}::float8)::int) as bucket, count(*)::int as n
          from unresolved where source_id = ${sourceId} and reason in ('unpublished', 'undelivered') and confirmed group by 1, 2, 3, 4`,
  );
}

export type OpenFact = { reason: UnresolvedReason; consumer: string; ref: string; confirmed: boolean };

/** Open facts of a source in the order of their key, to be asked again by primary key; unconfirmed deliveries first. */
export async function selectToRecheck(
  db: Db,
  sourceId: string,
  after: { reason: string; consumer: string; ref: string } | null,
  most: number,
): Promise<OpenFact[]> {
  return rows<OpenFact>(
    db,
    sql`select reason, consumer, ref, bool_and(confirmed) as confirmed from unresolved
          where source_id = ${sourceId} and reason not in ('held', 'divergence') and (reason, consumer, ref) > (${after?.reason ?? ""}, ${after?.consumer ?? ""}, ${after?.ref ?? ""})
          group by reason, consumer, ref order by reason, consumer, ref limit ${most}`,
  );
}

/** The zones that these facts of a source stand in; those of an earlier contract may be among them. */
export async function selectFactZones(tx: Db, sourceId: string, facts: readonly OpenFact[]): Promise<string[]> {
  if (facts.length === 0) return [];
  const found = await rows<{ zoneId: string }>(
    tx,
    sql`select distinct u.zone_id as "zoneId" from unresolved u join unnest(${list(
      facts.map((f) => f.reason),
      "text",
    )}, ${list(
      facts.map((f) => f.consumer),
      "text",
    )}, ${list(
      facts.map((f) => f.ref),
      "text",
    )}) f(reason, consumer, ref)
          on u.source_id = ${sourceId} and u.reason = f.reason and u.consumer = f.consumer and u.ref = f.ref`,
  );
  return found.map(({ zoneId }) => zoneId);
}

export async function selectUnconfirmed(db: Db, sourceId: string, most: number): Promise<OpenFact[]> {
  return rows<OpenFact>(
    db,
    sql`select distinct reason, consumer, ref, false as confirmed from unresolved where source_id = ${sourceId} and reason = 'undelivered' and not confirmed limit ${most}`,
  );
}

/** How much of each reason a source has open. */
export async function countUnresolved(
  tx: Db,
  sourceId: string,
): Promise<{ reason: UnresolvedReason; n: number; oldest: Instant }[]> {
  return rows(
    tx,
    sql`select reason, count(*)::int as n, min(since) as oldest from (select distinct on (reason, consumer, ref) reason, since from unresolved
          where source_id = ${sourceId} and reason <> 'parked' and confirmed order by reason, consumer, ref) u group by reason`,
  );
}
