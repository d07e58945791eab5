import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, list, rows, touched } from "../db/rows";
import type { Instant } from "../time";
import type { Part } from "../words";
import type { CaseFacts, CaseResolution, CaseRunbook, CauseKind, CauseRef } from "./rules";

export type StoredCase = {
  caseId: number;
  zoneId: string;
  causeKind: CauseKind;
  causeRef: string;
  causePart: string;
  businessKey: string | null;
  title: string;
  facts: CaseFacts;
  openedAt: Instant;
  openedByName: string;
  dueAt: Instant;
  assignee: string | null;
  assigneeName: string | null;
  acknowledgedAt: Instant | null;
  acknowledgedByName: string | null;
  touchedAt: Instant | null;
  snoozedUntil: Instant | null;
  wakesAt: Instant | null;
  causeGoneAt: Instant | null;
  resolvedAt: Instant | null;
  resolvedByName: string | null;
  resolution: CaseResolution | null;
  resolutionReason: string | null;
  acceptedUntil: Instant | null;
  reopenedN: number;
  runbook: CaseRunbook | null;
  tickedN: number;
  eventsN: number;
  /** Who has asked for a second person and waits. */
  askedBy: string | null;
};

/** What a list or a page shows of a case `c`. */
export const caseColumns = sql`c.case_id as "caseId", c.zone_id as "zoneId", c.cause_kind as "causeKind", c.cause_ref as "causeRef", c.cause_part as "causePart", c.business_key as "businessKey", c.title, c.facts, c.opened_at as "openedAt",
  c.opened_by_name as "openedByName", c.due_at as "dueAt", c.assignee::text as assignee, c.assignee_name as "assigneeName", c.acknowledged_at as "acknowledgedAt", c.acknowledged_by_name as "acknowledgedByName",
  c.touched_at as "touchedAt", c.snoozed_until as "snoozedUntil", c.wakes_at as "wakesAt", c.cause_gone_at as "causeGoneAt", c.resolved_at as "resolvedAt", c.resolved_by_name as "resolvedByName", c.resolution,
  c.resolution_reason as "resolutionReason", c.accepted_until as "acceptedUntil", c.reopened_n as "reopenedN", c.runbook, c.ticked_n as "tickedN", c.events_n as "eventsN",
  (select a.requested_by_name from approval a where a.subject_kind = 'case' and a.subject_id = c.case_id and a.state = 'waiting') as "askedBy"`;

export const selectCase = (db: Db, caseId: number): Promise<StoredCase | null> =>
  firstRow<StoredCase>(db, sql`select ${caseColumns} from case_file c where c.case_id = ${caseId}`);

export const selectCasesOf = (db: Db, caseIds: readonly number[]): Promise<StoredCase[]> =>
  rows<StoredCase>(db, sql`select ${caseColumns} from case_file c where c.case_id = any(${list(caseIds, "bigint")})`);

/** The case, and nobody else changes it until the transaction ends. */
export async function lockCase(tx: Db, caseId: number): Promise<StoredCase> {
  await tx.execute(sql`select 1 from case_file where case_id = ${caseId} for update`);
  return (await selectCase(tx, caseId))!;
}

export type NewCase = Pick<
  StoredCase,
  | "zoneId"
  | "causeKind"
  | "causeRef"
  | "causePart"
  | "businessKey"
  | "title"
  | "facts"
  | "openedAt"
  | "openedByName"
  | "dueAt"
  | "runbook"
> & { openedBy: string | null };

/** Opens a case and gives its number; null when one is open for the cause: somebody was first. */
export async function insertCase(tx: Db, c: NewCase): Promise<number | null> {
  const row = await firstRow<{ caseId: number }>(
    tx,
    sql`insert into case_file (zone_id, cause_kind, cause_ref, cause_part, business_key, title, facts, opened_at, opened_by, opened_by_name, due_at, runbook)
        values (${c.zoneId}, ${c.causeKind}, ${c.causeRef}, ${c.causePart}, ${c.businessKey}, ${c.title}, ${JSON.stringify(c.facts)}::jsonb, ${instant(c.openedAt)}, ${c.openedBy}, ${c.openedByName}, ${instant(c.dueAt)},
          ${c.runbook === null ? null : JSON.stringify(c.runbook)}::jsonb) on conflict do nothing returning case_id as "caseId"`,
  );
  return row?.caseId ?? null;
}

/** The latest case of a cause, open or not. */
export const selectLatest = (db: Db, one: CauseRef & { zoneId: string; causeKind: CauseKind }): Promise<StoredCase | null> =>
  firstRow<StoredCase>(
    db,
    sql`select ${caseColumns} from case_file c where c.zone_id = ${one.zoneId} and c.cause_kind = ${one.causeKind} and c.cause_ref = ${one.causeRef} and c.cause_part = ${one.causePart} order by c.case_id desc limit 1`,
  );

/** Which of some titles open cases of a zone have. */
export const selectTitles = async (tx: Db, zoneId: string, titles: readonly string[]): Promise<string[]> =>
  (
    await rows<{ title: string }>(
      tx,
      sql`select distinct title from case_file where zone_id = ${zoneId} and resolved_at is null and title = any(${list(titles, "text")})`,
    )
  ).map(({ title }) => title);

export type EventKind =
  | "opened"
  | "assigned"
  | "acknowledged"
  | "commented"
  | "snoozed"
  | "woke"
  | "ticked"
  | "unticked"
  | "asked"
  | "dropped"
  | "resolved"
  | "reopened"
  | "gone"
  | "returned";
export type CaseBy = { id: string | null; name: string };
export type NewEvent = { kind: EventKind; by: CaseBy; at: Instant; text: Part[] };

/** Appends to a case's history under the next number; the case's row is locked by it. */
export async function insertCaseEvent(tx: Db, caseId: number, { kind, by, at, text }: NewEvent): Promise<void> {
  await tx.execute(
    sql`with c as (update case_file set events_n = events_n + 1 where case_id = ${caseId} returning events_n)
        insert into case_event (case_id, n, at, kind, by_id, by_name, text) select ${caseId}, c.events_n, ${instant(at)}, ${kind}, ${by.id}, ${by.name}, ${JSON.stringify(text)}::jsonb from c`,
  );
}

export async function markAssignee(tx: Db, caseId: number, to: CaseBy | null, now: Instant): Promise<void> {
  await tx.execute(
    sql`update case_file set assignee = ${to?.id ?? null}, assignee_name = ${to?.name ?? null}, touched_at = coalesce(touched_at, ${instant(now)}) where case_id = ${caseId}`,
  );
}

/** False when somebody was first, or it is resolved. */
export const markAcknowledged = async (tx: Db, caseId: number, by: string, now: Instant): Promise<boolean> =>
  (await touched(
    tx,
    sql`update case_file set acknowledged_at = ${instant(now)}, acknowledged_by_name = ${by}, touched_at = coalesce(touched_at, ${instant(now)}) where case_id = ${caseId} and resolved_at is null and acknowledged_at is null`,
  )) === 1;

export async function markTouched(tx: Db, caseId: number, now: Instant): Promise<void> {
  await tx.execute(sql`update case_file set touched_at = coalesce(touched_at, ${instant(now)}) where case_id = ${caseId}`);
}

export async function markSnoozed(tx: Db, caseId: number, until: Instant | null, wakes: Instant | null): Promise<void> {
  await tx.execute(
    sql`update case_file set snoozed_until = ${instant(until)}, wakes_at = ${instant(wakes)} where case_id = ${caseId}`,
  );
}

/** Ticks a step, or takes the tick back; false when it was so already. */
export async function markTick(
  tx: Db,
  caseId: number,
  step: number,
  done: boolean,
  { by, at }: { by: string; at: Instant },
): Promise<boolean> {
  const n = await touched(
    tx,
    done
      ? sql`insert into case_tick (case_id, step, at, by_name) values (${caseId}, ${step}, ${instant(at)}, ${by}) on conflict do nothing`
      : sql`delete from case_tick where case_id = ${caseId} and step = ${step}`,
  );
  if (n === 1)
    await tx.execute(
      sql`update case_file set ticked_n = ticked_n + ${done ? 1 : -1}, touched_at = coalesce(touched_at, ${instant(at)}) where case_id = ${caseId}`,
    );
  return n === 1;
}

/** Resolves a case that is open; false when it is not any more. */
export const markResolved = async (
  tx: Db,
  caseId: number,
  r: { resolution: CaseResolution; reason: string; by: string; at: Instant; until: Instant | null },
): Promise<boolean> =>
  (await touched(
    tx,
    sql`update case_file set resolved_at = ${instant(r.at)}, resolved_by_name = ${r.by}, resolution = ${r.resolution}, resolution_reason = ${r.reason}, accepted_until = ${instant(r.until)}, snoozed_until = null, wakes_at = null
        where case_id = ${caseId} and resolved_at is null`,
  )) === 1;

/** Opens a resolved case again, unacknowledged, with a new due time; whose it was it stays. False when it is open, or another one is for its cause. */
export const markReopened = async (tx: Db, caseId: number, dueAt: Instant): Promise<boolean> =>
  (await touched(
    tx,
    sql`update case_file c set resolved_at = null, resolved_by_name = null, resolution = null, resolution_reason = null, accepted_until = null, acknowledged_at = null, acknowledged_by_name = null,
          touched_at = case when c.assignee is null then null else c.touched_at end, due_at = ${instant(dueAt)}, reopened_n = c.reopened_n + 1
        where c.case_id = ${caseId} and c.resolved_at is not null
          and not exists (select 1 from case_file o where o.zone_id = c.zone_id and o.cause_kind = c.cause_kind and o.cause_ref = c.cause_ref and o.cause_part = c.cause_part and o.resolved_at is null)`,
  )) === 1;

/** Notes that the cause is gone, or with null that it is back; false when that is known. */
export const markCause = async (tx: Db, caseId: number, goneAt: Instant | null): Promise<boolean> =>
  (await touched(
    tx,
    sql`update case_file set cause_gone_at = ${instant(goneAt)} where case_id = ${caseId} and (cause_gone_at is null) = ${goneAt !== null}`,
  )) === 1;

/** Snoozes that are over and still stand as such. */
export const selectAwake = (db: Db, now: Instant, most: number): Promise<{ caseId: number }[]> =>
  rows(
    db,
    sql`select case_id as "caseId" from case_file where resolved_at is null and wakes_at <= ${instant(now)} order by case_id limit ${most}`,
  );

export type OfDivergences = CauseRef & { zoneId: string; facts: CaseFacts };
/** The divergences that a case is about. */
export const ofCase = ({ zoneId, causeRef, causePart, facts }: OfDivergences): SQL =>
  sql`zone_id = ${zoneId} and rule = ${causeRef} and ${facts.kind === "divergence" && facts.key !== null ? sql`key = ${causePart}` : sql`kind = ${causePart} and explained_by is null`}`;

/** The divergences that a case is about and that are not settled, with a print of all that differs; null when there is none (any more). */
export const selectDifference = async (
  db: Db,
  one: OfDivergences,
): Promise<{ divergenceIds: number[]; open: boolean; print: string } | null> => {
  const found = await firstRow<{ divergenceIds: number[] | null; open: boolean; print: string }>(
    db,
    sql`select array_agg(divergence_id::float8 order by divergence_id) as "divergenceIds", bool_and(state = 'open') as open, md5(string_agg(concat_ws('|', divergence_id, kind, detail, authority_digest, projection_digest, fields::text), ',' order by divergence_id)) as print
        from divergence where ${ofCase(one)} and state not in ('resolved', 'accepted')`,
  );
  return found?.divergenceIds ? { ...found, divergenceIds: found.divergenceIds } : null;
};
