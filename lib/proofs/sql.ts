import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, list, rows, unnestOf } from "../db/rows";
import type { UnresolvedReason } from "../facts/rules";
import type { Instant } from "../time";
import { limits, type ProofReason, type ProofState } from "./rules";

/** Hands the keys of delivered items over to be proven, in the transaction that writes their outcome; a key that is delivered again is proven anew. */
export async function handOverKeys(tx: Db, operationId: number, items: readonly number[], now: Instant): Promise<void> {
  if (items.length === 0) return;
  await tx.execute(
    sql`insert into operation_key (operation_id, zone_id, business_key, state, delivered_at, due_at)
        select distinct i.operation_id, coalesce(z, ''), i.business_key, 'checking', ${instant(now)}, ${instant(now)}
          from operation_item i left join dead_letter_group g using (group_id) left join lateral unnest(g.zones) z on true
          where i.operation_id = ${operationId} and i.item = any(${list(items, "int")}) order by 2, 3
        on conflict (operation_id, zone_id, business_key) do update set state = 'checking', delivered_at = excluded.delivered_at,
          due_at = excluded.due_at, why = null`,
  );
}

export type DueKey = {
  operationId: number;
  zoneId: string;
  businessKey: string;
  deliveredAt: Instant;
  why: ProofReason | null;
  /** The store's clock. */
  now: Instant;
};

/** Takes keys that are due, for as long as a turn may take: nobody else looks at them meanwhile, and if this worker dies, somebody does. */
export async function takeDueKeys(db: Db): Promise<DueKey[]> {
  return rows<DueKey>(
    db,
    sql`update operation_key k set due_at = clock_timestamp() + ${limits.leaseMs}::float8 * interval '1 ms'
        from (select operation_id, zone_id, business_key from operation_key where due_at <= clock_timestamp() order by due_at limit ${limits.keysPerTurn} for update skip locked) due
        where (k.operation_id, k.zone_id, k.business_key) = (due.operation_id, due.zone_id, due.business_key)
        returning k.operation_id as "operationId", k.zone_id as "zoneId", k.business_key as "businessKey", k.delivered_at as "deliveredAt", k.why, clock_timestamp() as now`,
  );
}

export type Judged = DueKey & { state: ProofState; lookAgainMs: number | null };

/** Writes what a look made of keys; what was delivered again meanwhile is left to the next look. */
export async function storeProofs(db: Db, judged: readonly (Judged & { next: ProofReason | null })[]): Promise<void> {
  if (judged.length === 0) return;
  await db.execute(
    sql`update operation_key k set state = j.state, why = j.why::jsonb, checked_at = clock_timestamp(), checked_n = checked_n + 1,
          due_at = clock_timestamp() + j.again * interval '1 ms'
        from ${unnestOf("j", judged, {
          op: ["bigint", (j) => j.operationId],
          zone: ["text", (j) => j.zoneId],
          key: ["text", (j) => j.businessKey],
          delivered: ["float8", (j) => j.deliveredAt],
          state: ["text", (j) => j.state],
          why: ["text", (j) => (j.next === null ? null : JSON.stringify(j.next))],
          again: ["float8", (j) => j.lookAgainMs],
        })}
        where k.operation_id = j.op and k.zone_id = j.zone and k.business_key = j.key and abs(extract(epoch from k.delivered_at) * 1000 - j.delivered) < 1`,
  );
}

export type OpenFact = {
  zoneId: string;
  businessKey: string;
  reason: UnresolvedReason;
  sourceId: string;
  consumer: string;
  eventType: string;
  since: Instant;
  waitsFor: number | null;
};

/** The oldest open fact of each key but what rules found, which are asked themselves. */
export async function selectOpenFacts(db: Db, keys: readonly { zoneId: string; businessKey: string }[]): Promise<OpenFact[]> {
  return rows<OpenFact>(
    db,
    sql`select f.* from ${unnestOf("k", keys, { zone: ["text", (k) => k.zoneId], key: ["text", (k) => k.businessKey] })}
          cross join lateral (select u.zone_id as "zoneId", u.business_key as "businessKey", u.reason, u.source_id as "sourceId", u.consumer, u.event_type as "eventType",
              u.since, u.waits_for as "waitsFor" from unresolved u where u.zone_id = k.zone and u.business_key = k.key and u.reason <> 'divergence'
            order by u.reason = 'undelivered', u.since limit 1) f`,
  );
}

/** Since when each source's last look began, on the store's clock; null for one that was never looked at, or whose last look failed. */
export async function selectLooks(db: Db): Promise<{ sourceId: string; service: string; begunAt: Instant | null }[]> {
  return rows(
    db,
    sql`select s.source_id as "sourceId", s.service, case when l.error is null then l.observed_at - coalesce(l.poll_ms, 0) * interval '1 ms' end as "begunAt"
          from source s left join source_status l using (source_id) where s.retired_at is null`,
  );
}
