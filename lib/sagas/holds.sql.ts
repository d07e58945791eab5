import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, hasOneOf, instant, list, rows, touched, unnestOf } from "../db/rows";
import type { Instant } from "../time";
import { type HoldOutcome, holdLimits } from "./rules";

export type Holdable = {
  sourceId: string;
  sagaId: string;
  sagaType: string;
  zoneId: string;
  step: string | null;
  state: string;
  deadlineAt: Instant | null;
  holdUntil: Instant | null;
};

const holdable = sql`s.source_id as "sourceId", s.saga_id as "sagaId", s.saga_type as "sagaType", s.zone_id as "zoneId", s.step, s.state, s.deadline_at as "deadlineAt", s.hold_until as "holdUntil"`;

/** Of the named sagas those that are open. */
export async function selectNamed(db: Db, sagas: readonly { sourceId: string; sagaId: string }[]): Promise<Holdable[]> {
  return rows<Holdable>(
    db,
    sql`select ${holdable} from saga s join ${unnestOf("w", sagas, { source_id: ["text", (saga) => saga.sourceId], saga_id: ["text", (saga) => saga.sagaId] })} using (source_id, saga_id) where s.state in ('running', 'compensating') order by s.deadline_at, s.source_id, s.saga_id`,
  );
}

/** The saga's zones, or the sagas of which one was held; both are read where an old request is looked at. */
export type HoldRecord = {
  holdId: number;
  kind: "hold" | "release";
  requestedByName: string;
  requestedBy: string;
  requestedAt: Instant;
  reason: string | null;
  until: Instant | null;
  zones: string[];
  sagasN: number;
  settledAt: Instant | null;
};

const record = sql`h.hold_id as "holdId", h.kind, h.requested_by_name as "requestedByName", h.requested_by as "requestedBy", h.requested_at as "requestedAt",
  h.reason, h.until, h.zones, h.sagas_n as "sagasN", h.settled_at as "settledAt"`;

export async function selectHold(db: Db, holdId: number): Promise<HoldRecord | null> {
  return firstRow<HoldRecord>(db, sql`select ${record} from saga_hold h where hold_id = ${holdId}`);
}

export async function nextHoldId(db: Db): Promise<number> {
  return (await firstRow<{ id: number }>(db, sql`select nextval('saga_hold_hold_id_seq') as id`))!.id;
}

export type NewHold = Omit<HoldRecord, "settledAt"> & { undoes: number | null };

/** Writes the request, with nothing in it yet. */
export async function insertHold(tx: Db, h: NewHold): Promise<void> {
  await tx.execute(
    sql`insert into saga_hold (hold_id, kind, requested_by, requested_by_name, requested_at, reason, until, undoes, zones, sagas_n)
        overriding system value values (${h.holdId}, ${h.kind}, ${h.requestedBy}, ${h.requestedByName}, ${instant(h.requestedAt)}, ${h.reason}, ${instant(h.until)},
          ${h.undoes}, ${list(h.zones, "text")}, ${h.sagasN})`,
  );
}

/**
 * Freezes the list: the chosen sagas that are open and in the zones that were asked for, with what is to be written on their sources'
 * clocks and what stood there before. Answers how many.
 */
export async function freezeSagas(
  tx: Db,
  holdId: number,
  chosen: readonly { sourceId: string; sagaId: string; offMs: number }[],
  zones: readonly string[],
  until: Instant | null,
): Promise<number> {
  const off = sql`w.off * interval '1 ms'`;
  return touched(
    tx,
    sql`insert into saga_hold_item (hold_id, source_id, saga_id, business_key, until, standing, due_at)
        select ${holdId}, s.source_id, s.saga_id, s.business_key, ${instant(until)} + ${off}, ${until === null ? sql`null` : sql`s.hold_until + ${off}`}, clock_timestamp()
          from saga s join ${unnestOf("w", chosen, { source_id: ["text", (saga) => saga.sourceId], saga_id: ["text", (saga) => saga.sagaId], off: ["float8", (saga) => saga.offMs] })} using (source_id, saga_id)
          where s.state in ('running', 'compensating') and s.zone_id = any(${list(zones, "text")}) order by s.source_id, s.saga_id`,
  );
}

/** Freezes what a hold may have done, to be taken back where it still stands: to what stood before, if that has not ended. */
export async function freezeUndone(tx: Db, holdId: number, undoes: number, now: Instant): Promise<number> {
  return touched(
    tx,
    sql`insert into saga_hold_item (hold_id, source_id, saga_id, business_key, until, standing, due_at)
        select ${holdId}, i.source_id, i.saga_id, i.business_key, case when i.standing > ${instant(now)} then i.standing end, i.until, clock_timestamp()
          from saga_hold_item i where i.hold_id = ${undoes} and (i.outcome is null or i.outcome in ('held', 'begun')) order by i.source_id, i.saga_id`,
  );
}

export async function setSagasN(tx: Db, holdId: number, n: number): Promise<void> {
  await tx.execute(sql`update saga_hold set sagas_n = ${n} where hold_id = ${holdId}`);
}

/** What came of a request so far: how many per outcome, and of those without one how many are uncertain. */
export async function selectHoldOutcomes(
  db: Db,
  holdId: number,
  now: Instant,
): Promise<{ outcome: HoldOutcome | null; uncertain: boolean; error: string | null; n: number }[]> {
  return rows(
    db,
    sql`select i.outcome, ${uncertain(now)} as uncertain, max(i.error) as error, count(*)::int as n from saga_hold_item i join saga_hold h using (hold_id) where i.hold_id = ${holdId} group by 1, 2 order by 1 nulls last`,
  );
}

const uncertain = (now: Instant): SQL =>
  sql`(i.outcome is null and (i.error is not null or h.requested_at < ${instant(now - holdLimits.uncertainAfterMs)}))`;

export type SagaHoldRow = HoldRecord & {
  outcome: HoldOutcome | null;
  uncertain: boolean;
  error: string | null;
  heldUntil: Instant | null;
};

/** What people requested of one saga, newest first. */
export async function selectHoldsOf(
  db: Db,
  { sourceId, sagaId }: { sourceId: string; sagaId: string },
  now: Instant,
  most: number,
): Promise<SagaHoldRow[]> {
  return rows<SagaHoldRow>(
    db,
    sql`select ${record}, i.outcome, ${uncertain(now)} as uncertain, i.error, i.held_until as "heldUntil" from saga_hold_item i join saga_hold h using (hold_id)
          where i.source_id = ${sourceId} and i.saga_id = ${sagaId} order by h.hold_id desc limit ${most}`,
  );
}

/** When people held or released in some zones, for the charts; null is all zones. */
export async function selectHoldMarks(
  db: Db,
  zones: readonly string[] | null,
  from: Instant,
  to: Instant,
): Promise<{ at: Instant; kind: "hold" | "release"; by: string; sagasN: number }[]> {
  return rows(
    db,
    sql`select requested_at as at, kind, requested_by_name as by, sagas_n as "sagasN" from saga_hold
          where requested_at >= ${instant(from)} and requested_at < ${instant(to)} and ${hasOneOf(sql`zones`, zones)} order by requested_at desc limit 100`,
  );
}
