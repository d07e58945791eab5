import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, hasOneOf, instant, list, rows, touched } from "../db/rows";
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

const holdable = sql`s.source_id as "sourceId", s.saga_id::text as "sagaId", s.saga_type as "sagaType", s.zone_id as "zoneId", s.step, s.state, s.deadline_at as "deadlineAt", s.hold_until as "holdUntil"`;

/** Of the named sagas those that are open. */
export async function selectNamed(db: Db, sagas: readonly { sourceId: string; sagaId: string }[]): Promise<Holdable[]> {
  return rows<Holdable>(
    db,
    sql`select ${holdable} from saga s join unnest(${list(
      sagas.map((saga) => saga.sourceId),
      "text",
    )}, ${list(
      sagas.map((saga) => saga.sagaId),
      "uuid",
    )}) w(source_id, saga_id) using (source_id, saga_id) where s.state in ('running', 'compensating') order by s.deadline_at, s.source_id, s.saga_id`,
  );
}

/** The saga's zones, or the sagas of which one was held; both are read where an old wish is looked at. */
export type HoldRecord = {
  holdId: number;
  kind: "hold" | "release";
  requestedByName: string;
  requestedBy: string;
  requestedAt: Instant;
  requestHash: string;
  reason: string | null;
  until: Instant | null;
  zones: string[];
  sagasN: number;
  settledAt: Instant | null;
};

const record = sql`h.hold_id as "holdId", h.kind, h.requested_by_name as "requestedByName", h.requested_by as "requestedBy", h.requested_at as "requestedAt", h.request_hash as "requestHash",
  h.reason, h.until, h.zones, h.sagas_n as "sagasN", h.settled_at as "settledAt"`;

/** The wish that was written under this key, if one was. */
export async function selectHoldByKey(db: Db, requestedBy: string, requestKey: string): Promise<HoldRecord | null> {
  return firstRow<HoldRecord>(
    db,
    sql`select ${record} from saga_hold h where requested_by = ${requestedBy} and request_key = ${requestKey}`,
  );
}

export async function selectHold(db: Db, holdId: number): Promise<HoldRecord | null> {
  return firstRow<HoldRecord>(db, sql`select ${record} from saga_hold h where hold_id = ${holdId}`);
}

export async function nextHoldId(db: Db): Promise<number> {
  return (await firstRow<{ id: number }>(db, sql`select nextval('saga_hold_hold_id_seq') as id`))!.id;
}

export type NewHold = Omit<HoldRecord, "settledAt"> & { requestKey: string; undoes: number | null };

/** Writes the wish; false when its key was used meanwhile. */
export async function insertHold(tx: Db, h: NewHold): Promise<boolean> {
  return (
    (await touched(
      tx,
      sql`insert into saga_hold (hold_id, kind, requested_by, requested_by_name, requested_at, request_key, request_hash, reason, until, undoes, zones, sagas_n)
          overriding system value values (${h.holdId}, ${h.kind}, ${h.requestedBy}, ${h.requestedByName}, ${instant(h.requestedAt)}, ${h.requestKey}, ${h.requestHash}, ${h.reason}, ${instant(h.until)},
            ${h.undoes}, ${list(h.zones, "text")}, ${h.sagasN}) on conflict (requested_by, request_key) do nothing`,
    )) === 1
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
          from saga s join unnest(${list(
            chosen.map((saga) => saga.sourceId),
            "text",
          )}, ${list(
            chosen.map((saga) => saga.sagaId),
            "uuid",
          )}, ${list(
            chosen.map((saga) => saga.offMs),
            "float8",
          )}) w(source_id, saga_id, off) using (source_id, saga_id)
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

/** Sources that have a wish to carry out now. */
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

/**
 * Takes wishes of a source that are due, the earliest for each saga, and locks them until the transaction ends. The lock is the claim: a worker
 * that dies leaves none behind, and one that only hangs keeps others away from what it may still write.
 */
export async function claimHolds(tx: Db, sourceId: string, most: number): Promise<HoldItem[]> {
  return rows<HoldItem>(
    tx,
    sql`select i.hold_id as "holdId", h.kind, i.saga_id::text as "sagaId", date_part('epoch', i.until) * 1000 as until, date_part('epoch', i.standing) * 1000 as standing
        from saga_hold_item i join saga_hold h using (hold_id) where i.source_id = ${sourceId} and i.outcome is null and i.due_at <= clock_timestamp()
          and not exists (select 1 from saga_hold_item e where e.source_id = i.source_id and e.saga_id = i.saga_id and e.outcome is null and e.hold_id < i.hold_id)
        order by i.hold_id, i.saga_id limit ${most} for update of i skip locked`,
  );
}

/** Tries these again later, and says why. */
export async function postponeHolds(
  tx: Db,
  sourceId: string,
  items: readonly HoldItem[],
  waitMs: number,
  error: string | null,
): Promise<void> {
  await tx.execute(
    sql`update saga_hold_item i set due_at = clock_timestamp() + ${waitMs}::float8 * interval '1 ms', error = ${error} where ${these(sourceId, items)}`,
  );
}

const these = (sourceId: string, items: readonly { holdId: number; sagaId: string }[]): SQL =>
  sql`i.source_id = ${sourceId} and (i.hold_id, i.saga_id) in (select * from unnest(${list(
    items.map((item) => item.holdId),
    "bigint",
  )}, ${list(
    items.map((item) => item.sagaId),
    "uuid",
  )}))`;

export type SettledItem = { holdId: number; sagaId: string; outcome: HoldOutcome; heldUntil: Instant | null };

/** Notes what came of wishes, once, and what stands now on the sagas themselves. */
export async function settleItems(tx: Db, sourceId: string, settled: readonly SettledItem[], now: Instant): Promise<void> {
  if (settled.length === 0) return;
  const what = sql`unnest(${list(
    settled.map((item) => item.holdId),
    "bigint",
  )}, ${list(
    settled.map((item) => item.sagaId),
    "uuid",
  )}, ${list(
    settled.map((item) => item.outcome),
    "text",
  )}, ${list(
    settled.map((item) => item.heldUntil),
    "float8",
  )}) f(hold_id, saga_id, outcome, held)`;
  await tx.execute(
    sql`update saga_hold_item i set outcome = f.outcome, held_until = instant_of(f.held), settled_at = ${instant(now)}, error = null from ${what}
          where i.source_id = ${sourceId} and i.hold_id = f.hold_id and i.saga_id = f.saga_id and i.outcome is null`,
  );
  // Seen here first: the next look says the same, some seconds later. What it writes at this moment is left to it.
  await tx.execute(
    sql`with free as materialized (select s.saga_id, f.held from saga s join ${what} using (saga_id) where s.source_id = ${sourceId} and f.outcome not in ('ended', 'gone', 'late') for update of s skip locked)
        update saga s set hold_until = instant_of(free.held) from free where s.source_id = ${sourceId} and s.saga_id = free.saga_id`,
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

/** Ends wishes of which nothing is open any more, once. Two workers that settle parts of one wish meet at its row. */
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

/** What came of a wish so far: how many per outcome, and of those without one how many are uncertain. */
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

/** What people wished of one saga, newest first. */
export async function selectHoldsOf(
  db: Db,
  { sourceId, sagaId }: { sourceId: string; sagaId: string },
  now: Instant,
  most: number,
): Promise<SagaHoldRow[]> {
  return rows<SagaHoldRow>(
    db,
    sql`select ${record}, i.outcome, ${uncertain(now)} as uncertain, i.error, i.held_until as "heldUntil" from saga_hold_item i join saga_hold h using (hold_id)
          where i.source_id = ${sourceId} and i.saga_id = ${sagaId}::uuid order by h.hold_id desc limit ${most}`,
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
