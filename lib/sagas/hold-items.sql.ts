import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, list, rows } from "../db/rows";
import { type Instant, seconds } from "../time";
import type { HoldOutcome } from "./rules";

/** Sources that have a request to dispatch now. */
export async function selectHoldSources(db: Db): Promise<string[]> {
  const found = await rows<{ sourceId: string }>(
    db,
    sql`select distinct source_id as "sourceId" from saga_hold_item where outcome is null and due_at <= clock_timestamp()`,
  );
  return found.map(({ sourceId }) => sourceId);
}

export type HoldItem = {
  holdId: number;
  kind: "hold" | "release";
  sagaId: string;
  until: Instant | null;
  standing: Instant | null;
};

/** Who has taken requests of a source: what they note counts only while nobody else has taken them. */
export type HoldClaim = { sourceId: string; claimId: string };

// Longer than a source may take to answer, connecting included: a worker that is alive has noted its answer by then.
const CLAIM_MS = seconds(30);

/**
 * Claims requests of a source that are due, the earliest for each saga. A worker that dies leaves them due again when the claim runs out;
 * until the earlier one is settled, a later request over the same saga waits.
 */
export async function claimHolds(db: Db, { sourceId, claimId }: HoldClaim, most: number): Promise<HoldItem[]> {
  return rows<HoldItem>(
    db,
    sql`with due as (select i.hold_id, i.saga_id from saga_hold_item i where i.source_id = ${sourceId} and i.outcome is null and i.due_at <= clock_timestamp()
            and not exists (select 1 from saga_hold_item e where e.source_id = i.source_id and e.saga_id = i.saga_id and e.outcome is null and e.hold_id < i.hold_id)
            order by i.hold_id, i.saga_id limit ${most} for update of i skip locked),
          claimed as (update saga_hold_item i set claim_id = ${claimId}::uuid, due_at = clock_timestamp() + ${CLAIM_MS}::float8 * interval '1 ms'
            from due where i.source_id = ${sourceId} and i.hold_id = due.hold_id and i.saga_id = due.saga_id returning i.*)
        select c.hold_id as "holdId", h.kind, c.saga_id as "sagaId", date_part('epoch', c.until) * 1000 as until, date_part('epoch', c.standing) * 1000 as standing
          from claimed c join saga_hold h using (hold_id) order by 1, c.saga_id`,
  );
}

/** Tries these again later, and says why. */
export async function postponeHolds(
  db: Db,
  claim: HoldClaim,
  items: readonly HoldItem[],
  waitMs: number,
  error: string | null,
): Promise<void> {
  await db.execute(
    sql`update saga_hold_item i set due_at = clock_timestamp() + ${waitMs}::float8 * interval '1 ms', error = ${error} where ${these(claim, items)}`,
  );
}

const these = ({ sourceId, claimId }: HoldClaim, items: readonly { holdId: number; sagaId: string }[]): SQL =>
  sql`i.source_id = ${sourceId} and i.claim_id = ${claimId}::uuid and (i.hold_id, i.saga_id) in (select * from unnest(${list(
    items.map((item) => item.holdId),
    "bigint",
  )}, ${list(
    items.map((item) => item.sagaId),
    "text",
  )}))`;

export type SettledItem = { holdId: number; sagaId: string; outcome: HoldOutcome; heldUntil: Instant | null };

/** Notes what came of requests, once, and what stands now on the sagas themselves. */
export async function settleItems(tx: Db, claim: HoldClaim, settled: readonly SettledItem[], now: Instant): Promise<void> {
  const { sourceId, claimId } = claim;
  if (settled.length === 0) return;
  const what = sql`unnest(${list(
    settled.map((item) => item.holdId),
    "bigint",
  )}, ${list(
    settled.map((item) => item.sagaId),
    "text",
  )}, ${list(
    settled.map((item) => item.outcome),
    "text",
  )}, ${list(
    settled.map((item) => item.heldUntil),
    "float8",
  )}) f(hold_id, saga_id, outcome, held)`;
  // The sagas too, since it was seen here first: the next poll says the same, some seconds later. What it writes at this moment is left to it.
  await tx.execute(
    sql`with noted as (update saga_hold_item i set outcome = f.outcome, held_until = instant_of(f.held), settled_at = ${instant(now)}, error = null from ${what}
            where i.source_id = ${sourceId} and i.claim_id = ${claimId}::uuid and i.hold_id = f.hold_id and i.saga_id = f.saga_id and i.outcome is null returning i.saga_id, i.outcome, i.held_until),
          free as materialized (select s.saga_id, n.held_until from saga s join noted n using (saga_id) where s.source_id = ${sourceId} and n.outcome not in ('ended', 'gone', 'late') for update of s skip locked)
        update saga s set hold_until = free.held_until from free where s.source_id = ${sourceId} and s.saga_id = free.saga_id`,
  );
}

/** Holds whose end came before anybody knew what became of them. */
export async function settleLate(tx: Db, now: Instant): Promise<number[]> {
  const late = await rows<{ holdId: number }>(
    tx,
    sql`with late as (select i.hold_id, i.source_id, i.saga_id from saga_hold_item i join saga_hold h using (hold_id) where i.outcome is null and h.kind = 'hold' and h.until < ${instant(now)}
            order by i.hold_id, i.source_id, i.saga_id limit 1000 for update of i skip locked),
          settled as (update saga_hold_item i set outcome = 'late', settled_at = ${instant(now)} from late l where (i.hold_id, i.source_id, i.saga_id) = (l.hold_id, l.source_id, l.saga_id) returning i.hold_id)
        select distinct hold_id as "holdId" from settled`,
  );
  return late.map(({ holdId }) => holdId);
}

export type EndedHold = { holdId: number; kind: "hold" | "release"; zones: string[]; outcomes: Record<string, number> };

/** Ends requests of which nothing is open any more, once. Two workers that settle parts of one request meet at its row. */
export async function endHolds(tx: Db, holdIds: readonly number[], now: Instant): Promise<EndedHold[]> {
  const ids = list(holdIds, "bigint");
  await tx.execute(sql`select 1 from saga_hold where hold_id = any(${ids}) order by hold_id for update`);
  return rows<EndedHold>(
    tx,
    sql`with ended as (update saga_hold h set settled_at = ${instant(now)} where h.hold_id = any(${ids}) and h.settled_at is null
            and not exists (select 1 from saga_hold_item i where i.hold_id = h.hold_id and i.outcome is null) returning h.hold_id, h.kind, h.zones)
        select e.hold_id as "holdId", e.kind, e.zones, (select coalesce(jsonb_object_agg(outcome, n), '{}') from (select outcome, count(*) as n from saga_hold_item i where i.hold_id = e.hold_id group by 1) o) as outcomes
        from ended e order by 1`,
  );
}
