import type { ContractMap } from "../contracts/map.rules";
import type { Db } from "../db/pool";
import type { Unresolved } from "../facts/rules";
import { correction, sinceOf } from "../sources/clocks.rules";
import type { CompensationRow, SagaRow } from "../sources/observable";
import { days, type Instant } from "../time";
import { withoutData } from "./masked.rules";
import { deleteCompensations, deleteOldSagas, selectUnresolvedSagas, upsertCompensations, upsertSagas } from "./sql";

/** Follows a page of changed sagas and compensations. */
export async function recordSagas(
  tx: Db,
  sourceId: string,
  page: { sagas: readonly SagaRow[]; compensations: readonly CompensationRow[] },
  map: ContractMap,
  clockOffsetMs: number,
  now: Instant,
): Promise<void> {
  const shift = (at: Instant | null) => (at === null ? null : at - correction(clockOffsetMs));
  // A saga whose row names no end, or one that never comes, still has the one that its contract promises.
  const contractual = (saga: SagaRow): Instant | null => {
    const withinMs = map.sagaDeadlineMs(saga.sagaType);
    return withinMs === null ? null : sinceOf(saga.startedAt, clockOffsetMs, now).since + withinMs;
  };
  // A compensation that nothing has called for yet is a line in a plan, not an event.
  const due = page.compensations.filter(
    (step) => step.state !== "skipped" && (step.state !== "pending" || step.startedAt !== null || step.deadlineAt !== null),
  );
  const compensations = due.map((step) => {
    const within = map.compensationWithinMs(step.sagaType, step.name);
    const deadlineAt =
      shift(step.deadlineAt) ?? (step.startedAt !== null && within !== null ? shift(step.startedAt)! + within : null);
    const zoneId = map.zoneOfSaga(step.sagaType);
    return {
      ...withoutData(step, map.maskingOf([zoneId])),
      startedAt: shift(step.startedAt),
      endedAt: shift(step.endedAt),
      deadlineAt,
      zoneId,
    };
  });
  // Nothing to undo after all.
  await deleteCompensations(
    tx,
    sourceId,
    page.compensations.filter((step) => step.state === "skipped"),
  );
  // Before the sagas: a completed saga stays only when something of it was compensated.
  await upsertCompensations(tx, sourceId, compensations, now);
  const sagas = page.sagas.map((saga) => ({
    ...saga,
    zoneId: map.zoneOfSaga(saga.sagaType),
    since: sinceOf(saga.startedAt, clockOffsetMs, now).since,
    updatedAt: shift(saga.updatedAt),
    deadlineAt: shift(finite(saga.deadlineAt)) ?? contractual(saga),
    endedAt: shift(saga.endedAt),
    holdUntil: shift(saga.holdUntil),
  }));
  await upsertSagas(tx, sourceId, sagas);
}

/** Every saga of a source that has not converged now: deadlines pass without a row changing. */
export async function stuckSagas(tx: Db, sourceId: string, now: Instant): Promise<Unresolved[]> {
  return (await selectUnresolvedSagas(tx, sourceId, now)).map((stuck) => ({
    sourceId,
    reason: "saga",
    consumer: "",
    ref: stuck.sagaId,
    zoneId: stuck.zoneId,
    businessKey: stuck.businessKey,
    eventType: "",
    since: stuck.since,
    confirmed: true,
    flagged: false,
  }));
}

const finite = (at: Instant | null): Instant | null => (at !== null && Number.isFinite(at) ? at : null);

/** Forgets sagas a week after they ended, and counts of compensations after sixty days. */
export const forgetSagas = (db: Db, now: Instant): Promise<number> => deleteOldSagas(db, now - days(7), now - days(60));
