import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, list, rows, touched, unnestOf } from "../db/rows";
import type { UnresolvedReason } from "../facts/rules";
import { zoneLock } from "../facts/sql";
import { zonesOfSagas } from "../sagas/sql";
import type { Instant } from "../time";

/** Locks these zones, and those that sagas of the source stand in; with the last page of a poll those as well from which it takes what is owed no more. */
export async function lockZonesOf(tx: Db, sourceId: string, zoneIds: readonly string[], last: boolean): Promise<void> {
  // A saga that ended on a page before has left a fact, and no row of its own.
  const left = sql`union select zone_id from unresolved where source_id = ${sourceId} and reason in ('saga', 'held')`;
  await tx.execute(zoneLock(sql`select unnest(${list(zoneIds, "text")}) union ${zonesOfSagas(sourceId)} ${last ? left : sql``}`));
}

/** A message that was processed before its outbox row was seen; `processedAt` to the microsecond, on the store's clock. */
export type SeenRow = { consumer: string; messageId: string; processedAt: number | null; counted: boolean };

/** Takes the tombstones of messages that were processed before their outbox row was seen; answers those that were there. */
export async function takeSeen(
  tx: Db,
  deliveries: readonly { consumer: string; messageId: string }[],
): Promise<Map<string, SeenRow>> {
  if (deliveries.length === 0) return new Map();
  const taken = await rows<SeenRow>(
    tx,
    sql`delete from delivery_seen d using ${unnestOf("w", deliveries, { consumer: ["text", (d) => d.consumer], message_id: ["text", (d) => d.messageId] })}
        where d.consumer = w.consumer and d.message_id = w.message_id returning d.consumer, d.message_id as "messageId", (extract(epoch from d.processed_at) * 1000)::float8 as "processedAt", d.counted`,
  );
  return new Map(taken.map((row) => [deliveryKey(row), row]));
}

export const deliveryKey = (delivery: { consumer: string; messageId: string }): string =>
  `${delivery.consumer}\n${delivery.messageId}`;

export async function insertSeen(tx: Db, deliveries: readonly SeenRow[], now: Instant): Promise<void> {
  if (deliveries.length === 0) return;
  await tx.execute(
    sql`insert into delivery_seen (consumer, message_id, seen_at, processed_at, counted) select c, m, ${instant(now)}, to_timestamp(p / 1000), d
          from ${unnestOf("w", deliveries, { c: ["text", (d) => d.consumer], m: ["text", (d) => d.messageId], p: ["float8", (d) => d.processedAt], d: ["boolean", (d) => d.counted] })} on conflict do nothing`,
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

/** What waits, by log bucket of its present age: for the waiting histograms of a poll. `lnGamma` is the bucket's width. In float8: numeric would take most of an idle poll. */
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

export type OpenFact = { reason: UnresolvedReason; consumer: string; ref: string; eventType: string; confirmed: boolean };

/** Open facts of a source in the order of their key, to be asked again by primary key; unconfirmed deliveries first. */
export async function selectToRecheck(
  db: Db,
  sourceId: string,
  after: { reason: string; consumer: string; ref: string } | null,
  most: number,
): Promise<OpenFact[]> {
  return rows<OpenFact>(
    db,
    sql`select reason, consumer, ref, min(event_type) as "eventType", bool_and(confirmed) as confirmed from unresolved
          where source_id = ${sourceId} and reason not in ('held', 'divergence') and (reason, consumer, ref) > (${after?.reason ?? ""}, ${after?.consumer ?? ""}, ${after?.ref ?? ""})
          group by reason, consumer, ref order by reason, consumer, ref limit ${most}`,
  );
}

/** The zones that these facts of a source stand in; those of an earlier contract may be among them. */
export async function selectFactZones(tx: Db, sourceId: string, facts: readonly OpenFact[]): Promise<string[]> {
  if (facts.length === 0) return [];
  const found = await rows<{ zoneId: string }>(
    tx,
    sql`select distinct u.zone_id as "zoneId" from unresolved u join ${unnestOf("f", facts, { reason: ["text", (f) => f.reason], consumer: ["text", (f) => f.consumer], ref: ["text", (f) => f.ref] })}
          on u.source_id = ${sourceId} and u.reason = f.reason and u.consumer = f.consumer and u.ref = f.ref`,
  );
  return found.map(({ zoneId }) => zoneId);
}

export async function selectUnconfirmed(db: Db, sourceId: string, most: number): Promise<OpenFact[]> {
  return rows<OpenFact>(
    db,
    sql`select distinct reason, consumer, ref, event_type as "eventType", false as confirmed from unresolved where source_id = ${sourceId} and reason = 'undelivered' and not confirmed limit ${most}`,
  );
}

export type OpenCount = {
  /** '' is the source's own outbox. */
  consumer: string;
  /** The zones that each of these messages waits in, in any order; null where it is only held. */
  zones: string[] | null;
  held: boolean;
  parked: boolean;
  n: number;
  oldest: Instant | null;
  newest: Instant | null;
};

/**
 * How many messages a source has open, by where they wait, the zones that they stand in, and whether they are held or parked. What a
 * consumer owes that stood still for an hour is counted in every poll, in one pass, each message looked up among what is parked. What is
 * only parked is not read: while a backlog of letters comes, the planner knows too little of them to choose well.
 */
export async function countOpenMessages(tx: Db, sourceId: string): Promise<OpenCount[]> {
  return rows<OpenCount>(
    tx,
    sql`select consumer, zones, held, parked, count(*)::int as n, min(since) as oldest, max(since) as newest from (
          select m.*, p.ref is not null as parked from (
            select consumer, ref, array_agg(zone_id) filter (where reason <> 'held') as zones, bool_or(reason = 'held') as held, min(since) filter (where reason <> 'held') as since
              from unresolved where source_id = ${sourceId} and reason in ('undelivered', 'unpublished', 'held') and confirmed group by consumer, ref) m
            left join lateral (select p.ref from unresolved p where p.source_id = ${sourceId} and p.reason = 'parked' and p.consumer = m.consumer and p.ref = m.ref and p.confirmed limit 1) p on true) w group by 1, 2, 3, 4`,
  );
}
