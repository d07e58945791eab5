import { askApproval } from "../approvals/ask";
import { audited } from "../audited";
import { actorId, type Ctx, type Person, type Service } from "../context";
import { readContracts } from "../contracts/service";
import type { Db } from "../db/pool";
import { selectOperator } from "../operators/sql";
import { type Action, can, canRead } from "../permissions";
import { Refusal } from "../refusal";
import { type Instant, windowWords } from "../time";
import type { Part } from "../words";
import type { Acceptance } from "./acceptance";
import type {
  AssignInput,
  CaseStepInput,
  CommentInput,
  OpenInput,
  ReopenInput,
  ResolveInput,
  SnoozeInput,
  TickInput,
} from "./input";
import { caseLimits, caseState, wakesAt, whyNotResolve } from "./rules";
import {
  type CaseBy,
  type EventKind,
  insertCase,
  insertCaseEvent,
  lockCase,
  markAcknowledged,
  markAssignee,
  markReopened,
  markResolved,
  markSnoozed,
  markTick,
  markTouched,
  type StoredCase,
  selectByOpenKey,
  selectCase,
  selectDifference,
  selectEventByKey,
  selectLatest,
} from "./sql";
import { selectStands } from "./standing.sql";
import { eventWords } from "./words";

type Answer = { caseId: string; state: string };
type Caller = Person | Service;

/** Opens a case by hand in a zone, over a business key where there is one. The same key again is the same case. */
export async function openCase(ctx: Ctx, wish: OpenInput): Promise<Answer & { repeated: boolean }> {
  const caller = callerOf(ctx);
  const contract = (await readContracts(ctx.db)).find((one) => one.zoneId === wish.zoneId);
  if (!contract || !canRead(ctx.actor, wish.zoneId))
    throw new Refusal("not_found", `There is no zone ${wish.zoneId.slice(0, 80)}, or it is not among yours.`);
  const id = actorId(caller);
  const before = await selectByOpenKey(ctx.db, id, wish.key);
  if (before) return repeatedOpen(before, wish);
  const causeRef = wish.businessKey ?? wish.title;
  try {
    return await audited(
      ctx,
      "case.open",
      { kind: "zone", id: wish.zoneId, zones: [wish.zoneId] },
      async (tx) => {
        const caseId = await insertCase(tx, {
          zoneId: wish.zoneId,
          causeKind: "manual",
          causeRef,
          businessKey: wish.businessKey,
          title: wish.title,
          facts: { kind: "manual" },
          openedAt: ctx.now,
          openedBy: id,
          openedByName: caller.name,
          openKey: wish.key,
          dueAt: ctx.now + contract.recovery.cases.dueMs,
          runbook: null,
        });
        if (caseId === null) throw new Repeated();
        await insertCaseEvent(tx, caseId, {
          kind: "opened",
          by: { id, name: caller.name },
          at: ctx.now,
          text: eventWords.opened(wish.note ?? ""),
          key: wish.key,
        });
        return { caseId: String(caseId), state: "open", repeated: false };
      },
      { detail: ({ caseId }) => ({ case: `CASE-${caseId}`, title: wish.title, businessKey: wish.businessKey }) },
    );
  } catch (error) {
    if (!(error instanceof Repeated)) throw error;
    const first = await selectByOpenKey(ctx.db, id, wish.key);
    if (first) return repeatedOpen(first, wish);
    const other = await selectLatest(ctx.db, wish.zoneId, "manual", causeRef);
    throw new Refusal("conflict", `CASE-${other?.caseId} of ${other?.openedByName} is open for the same.`, {
      caseId: String(other?.caseId),
    });
  }
}

function repeatedOpen(before: StoredCase, wish: OpenInput): Answer & { repeated: boolean } {
  if (before.zoneId === wish.zoneId && before.title === wish.title && before.businessKey === wish.businessKey)
    return { caseId: String(before.caseId), state: "open", repeated: true };
  throw new Refusal(
    "conflict",
    `This Idempotency-Key was used for CASE-${before.caseId}, which is another wish. Send a new key.`,
  );
}

/** Takes a case, gives it to an operator of its zone, or gives it back. Who takes it second is told who was first. */
export const assignCase = (ctx: Ctx, wish: AssignInput): Promise<Answer> =>
  step(ctx, "case.assign", "assigned", wish, async (tx, one, by) => {
    mustBeOpen(one);
    if (one.assignee === wish.to)
      throw new Refusal("conflict", wish.to === null ? "Nobody has this case." : `${one.assigneeName} has this case already.`);
    if (one.assignee !== wish.from && wish.to !== null)
      throw new Refusal(
        "conflict",
        one.assignee === null ? "It was given back meanwhile." : `${one.assigneeName} was first and has this case.`,
        {
          assignee: one.assignee,
        },
      );
    const to = wish.to === null ? null : await assignable(tx, wish.to, one.zoneId);
    await markAssignee(tx, one.caseId, to, ctx.now);
    return eventWords.assigned(to?.name ?? null, to?.id === by.id);
  });

/** Says that somebody looks at it. */
export const acknowledgeCase = (ctx: Ctx, wish: CaseStepInput): Promise<Answer> =>
  step(ctx, "case.acknowledge", "acknowledged", wish, async (tx, one, by) => {
    mustBeOpen(one);
    if (!(await markAcknowledged(tx, one.caseId, by.name, ctx.now)))
      throw new Refusal("conflict", `${one.acknowledgedByName} has already acknowledged CASE-${one.caseId}.`);
    return eventWords.acknowledged();
  });

/** Adds a note to the history; it is never edited. */
export const commentCase = (ctx: Ctx, wish: CommentInput): Promise<Answer> =>
  step(ctx, "case.comment", "commented", wish, async (tx, one) => {
    await markTouched(tx, one.caseId, ctx.now);
    return eventWords.commented(wish.text);
  });

/** Puts a case aside until then, at most for a week; it wakes by itself, sooner when it gets due. */
export const snoozeCase = (ctx: Ctx, wish: SnoozeInput): Promise<Answer> =>
  step(ctx, "case.snooze", wish.until === null ? "woke" : "snoozed", wish, async (tx, one) => {
    mustBeOpen(one);
    if (wish.until === null) {
      if (caseState(one, ctx.now) !== "snoozed") throw new Refusal("conflict", `CASE-${one.caseId} is not snoozed.`);
      await markSnoozed(tx, one.caseId, null, null);
      return eventWords.woke(false);
    }
    if (wish.until <= ctx.now) throw new Refusal("invalid", "until: lies in the past.", { field: "until" });
    if (wish.until > ctx.now + caseLimits.snoozeMsMax)
      throw new Refusal("invalid", `until: is more than ${windowWords(caseLimits.snoozeMsMax)} ahead.`, { field: "until" });
    const wakes = wakesAt(wish.until, one.dueAt, ctx.now);
    await markSnoozed(tx, one.caseId, wish.until, wakes);
    return eventWords.snoozed(wish.until, wakes, ctx.now);
  });

/** Ticks a step of the runbook, or takes the tick back. */
export const tickCase = (ctx: Ctx, wish: TickInput): Promise<Answer> =>
  step(ctx, "case.tick", wish.done ? "ticked" : "unticked", wish, async (tx, one, by) => {
    mustBeOpen(one);
    const text = one.runbook?.steps[wish.step - 1];
    if (text === undefined)
      throw new Refusal("invalid", `step: the runbook has ${one.runbook?.steps.length ?? 0} steps.`, { field: "step" });
    if (!(await markTick(tx, one.caseId, wish.step, wish.done, { by: by.name, at: ctx.now })))
      throw new Refusal("conflict", `Step ${wish.step} ${wish.done ? "is done already" : "is not done"}.`);
    return eventWords.ticked(wish.step, text, wish.done);
  });

/** Resolves a case, in which way and why. An accepted difference asks for a second person instead, and ends then. */
export const resolveCase = (ctx: Ctx, wish: ResolveInput): Promise<Answer> =>
  step(
    ctx,
    "case.resolve",
    wish.resolution === "accepted" ? "asked" : "resolved",
    wish,
    async (tx, one, by, caller) => {
      const stands = await selectStands(tx, one.caseId, ctx.now);
      const why = whyNotResolve({ ...one, stands }, wish.resolution);
      if (why !== null) throw new Refusal("conflict", why);
      if (wish.resolution === "accepted") return askToAccept(tx, one, wish, caller, ctx.now);
      const { resolution, reason } = wish;
      if (!(await markResolved(tx, one.caseId, { resolution, reason, by: by.name, at: ctx.now, until: null })))
        throw new Refusal("conflict", `CASE-${one.caseId} is already resolved.`);
      return eventWords.resolved(resolution, reason);
    },
    { reason: wish.reason, detail: { resolution: wish.resolution, until: wish.until } },
  );

/** Opens a resolved case again, with a new due time. */
export const reopenCase = (ctx: Ctx, wish: ReopenInput): Promise<Answer> =>
  step(
    ctx,
    "case.reopen",
    "reopened",
    wish,
    async (tx, one) => {
      if (one.resolvedAt === null) throw new Refusal("conflict", `CASE-${one.caseId} is open.`);
      const contract = (await readContracts(tx)).find(({ zoneId }) => zoneId === one.zoneId);
      if (!(await markReopened(tx, one.caseId, ctx.now + (contract?.recovery.cases.dueMs ?? 0)))) {
        const latest = await selectLatest(tx, one.zoneId, one.causeKind, one.causeRef);
        throw new Refusal("conflict", `CASE-${latest?.caseId} is open for the same cause.`, { caseId: String(latest?.caseId) });
      }
      await markTouched(tx, one.caseId, ctx.now);
      return eventWords.reopened(wish.reason);
    },
    { reason: wish.reason },
  );

async function askToAccept(tx: Db, one: StoredCase, wish: ResolveInput, caller: Caller, now: Instant): Promise<Part[]> {
  const { until, reason } = wish;
  if (until === null) throw new Refusal("invalid", "until: an accepted difference needs an end.", { field: "until" });
  if (until <= now) throw new Refusal("invalid", "until: lies in the past.", { field: "until" });
  if (until > now + caseLimits.acceptMsMax)
    throw new Refusal("invalid", `until: is more than ${windowWords(caseLimits.acceptMsMax)} ahead.`, { field: "until" });
  const found = await selectDifference(tx, one.zoneId, one.causeRef);
  if (found?.state !== "open") throw new Refusal("conflict", "The difference is being checked; there is nothing to accept yet.");
  const detail: Acceptance = { print: found.print, divergenceId: found.divergenceId, until, reason };
  await askApproval(tx, caller, now, {
    subjectKind: "case",
    subjectId: one.caseId,
    action: "case.accept",
    zones: [one.zoneId],
    neededN: 1,
    summary: `Accept that ${one.title}`,
    detail,
  });
  await markTouched(tx, one.caseId, now);
  return eventWords.asked(until, reason, now);
}

type Change = (tx: Db, one: StoredCase, by: CaseBy & { id: string }, caller: Caller) => Promise<Part[]>;

/** One change of one case: in sight, allowed, under the case's lock, once per key, with its entry in history and audit. */
async function step(
  ctx: Ctx,
  action: Action,
  kind: EventKind,
  wish: { caseId: number; key: string },
  change: Change,
  entry: { reason?: string; detail?: Record<string, unknown> } = {},
): Promise<Answer> {
  const caller = callerOf(ctx);
  const by = { id: actorId(caller), name: caller.name };
  const seen = await selectCase(ctx.db, wish.caseId);
  if (!seen || !canRead(ctx.actor, seen.zoneId))
    throw new Refusal("not_found", `There is no CASE-${wish.caseId}, or it is not in your zones.`);
  const target = { kind: "case", id: String(wish.caseId), zones: [seen.zoneId] };
  const answer = async (db: Db) => ({
    caseId: String(wish.caseId),
    state: caseState((await selectCase(db, wish.caseId))!, ctx.now),
  });
  try {
    return await audited(
      ctx,
      action,
      target,
      async (tx) => {
        const one = await lockCase(tx, wish.caseId);
        const before = await selectEventByKey(tx, wish.caseId, by.id, wish.key);
        if (before) throw before.kind === kind ? new Repeated() : anotherWish(wish.caseId);
        const text = await change(tx, one, by, caller);
        await insertCaseEvent(tx, wish.caseId, { kind, by, at: ctx.now, text, key: wish.key });
        return answer(tx);
      },
      entry,
    );
  } catch (error) {
    if (error instanceof Repeated) return answer(ctx.db);
    throw error;
  }
}

/** The same wish under the same key: the first one did it. */
class Repeated extends Error {}

const anotherWish = (caseId: number): Refusal =>
  new Refusal("conflict", `This Idempotency-Key was used for another step of CASE-${caseId}. Send a new key.`);

function mustBeOpen(one: StoredCase): void {
  if (one.resolvedAt !== null)
    throw new Refusal("conflict", `CASE-${one.caseId} was resolved by ${one.resolvedByName}; reopen it first.`);
}

async function assignable(tx: Db, operatorId: string, zoneId: string): Promise<CaseBy & { id: string }> {
  const operator = await selectOperator(tx, operatorId);
  if (!operator?.active) throw new Refusal("not_found", "There is no such operator.");
  const { role, zones, name, id } = operator;
  if (!can({ kind: "operator", role, zones }, "case.assign", [zoneId]).ok)
    throw new Refusal("conflict", `${name} may not work on cases of ${zoneId}.`);
  return { id, name };
}

function callerOf(ctx: Ctx): Caller {
  if (ctx.actor.kind === "worker") throw new Refusal("forbidden", "Only a person or a service may ask for this.");
  return ctx.actor;
}
