import { askApproval } from "../approvals/ask";
import type { Caller, Ctx } from "../context";
import { readContracts } from "../contracts/service";
import type { Db } from "../db/pool";
import { assignable } from "../operators/assigning";
import { Refusal } from "../refusal";
import { type Instant, windowWords } from "../time";
import type { Part } from "../words";
import type { Acceptance } from "./acceptance";
import { whyNotAcknowledge, whyNotAssign } from "./bulk.rules";
import type { AssignInput, CaseStepInput, CommentInput, ReopenInput, ResolveInput, SnoozeInput, TickInput } from "./input";
import { caseLimits, caseState, wakesAt, whyNotResolve } from "./rules";
import {
  markAcknowledged,
  markAssignee,
  markReopened,
  markResolved,
  markSnoozed,
  markTick,
  markTouched,
  type StoredCase,
  selectDifference,
  selectLatest,
} from "./sql";
import { selectStands } from "./standing.sql";
import { type CaseAnswer, mustBeOpen, step } from "./step";
import { eventWords } from "./words";

/** Takes a case, gives it to an operator of its zone, or gives it back. Who takes it second is told who was first. */
export const assignCase = (ctx: Ctx, request: AssignInput): Promise<CaseAnswer> =>
  step(ctx, "case.assign", "assigned", request, async (tx, one, by) => {
    mustBeOpen(one);
    const why = whyNotAssign(one, request.to, request.from);
    if (why !== null) throw new Refusal("conflict", why, { assignee: one.assignee });
    const to =
      request.to === null ? null : await assignable(tx, request.to, "case.assign", [one.zoneId], `cases of ${one.zoneId}`);
    await markAssignee(tx, one.caseId, to, ctx.now);
    return eventWords.assigned(to?.name ?? null, to?.id === by.id);
  });

/** Says that somebody looks at it. */
export const acknowledgeCase = (ctx: Ctx, request: CaseStepInput): Promise<CaseAnswer> =>
  step(ctx, "case.acknowledge", "acknowledged", request, async (tx, one, by) => {
    mustBeOpen(one);
    if (!(await markAcknowledged(tx, one.caseId, by.name, ctx.now))) throw new Refusal("conflict", whyNotAcknowledge(one)!);
    return eventWords.acknowledged();
  });

/** Adds a note to the history; it is never edited. */
export const commentCase = (ctx: Ctx, request: CommentInput): Promise<CaseAnswer> =>
  step(ctx, "case.comment", "commented", request, async (tx, one) => {
    await markTouched(tx, one.caseId, ctx.now);
    return eventWords.commented(request.text);
  });

/** Puts a case aside until then, at most for a week; it wakes by itself, sooner when it gets due. */
export const snoozeCase = (ctx: Ctx, request: SnoozeInput): Promise<CaseAnswer> =>
  step(ctx, "case.snooze", request.until === null ? "woke" : "snoozed", request, async (tx, one) => {
    mustBeOpen(one);
    if (request.until === null) {
      if (caseState(one, ctx.now) !== "snoozed") throw new Refusal("conflict", `CASE-${one.caseId} is not snoozed.`);
      await markSnoozed(tx, one.caseId, null, null);
      return eventWords.woke(false);
    }
    if (request.until <= ctx.now) throw new Refusal("invalid", "until: lies in the past.", { field: "until" });
    if (request.until > ctx.now + caseLimits.snoozeMsMax)
      throw new Refusal("invalid", `until: is more than ${windowWords(caseLimits.snoozeMsMax)} ahead.`, { field: "until" });
    const wakes = wakesAt(request.until, one.dueAt, ctx.now);
    await markSnoozed(tx, one.caseId, request.until, wakes);
    return eventWords.snoozed(request.until, wakes, ctx.now);
  });

/** Ticks a step of the runbook, or takes the tick back. */
export const tickCase = (ctx: Ctx, request: TickInput): Promise<CaseAnswer> =>
  step(ctx, "case.tick", request.done ? "ticked" : "unticked", request, async (tx, one, by) => {
    mustBeOpen(one);
    const text = one.runbook?.steps[request.step - 1];
    if (text === undefined)
      throw new Refusal("invalid", `step: the runbook has ${one.runbook?.steps.length ?? 0} steps.`, { field: "step" });
    if (!(await markTick(tx, one.caseId, request.step, request.done, { by: by.name, at: ctx.now })))
      throw new Refusal("conflict", `Step ${request.step} ${request.done ? "is done already" : "is not done"}.`);
    return eventWords.ticked(request.step, text, request.done);
  });

/** Resolves a case, in which way and why. An accepted difference asks for a second person instead, and ends then. */
export const resolveCase = (ctx: Ctx, request: ResolveInput): Promise<CaseAnswer> =>
  step(
    ctx,
    "case.resolve",
    request.resolution === "accepted" ? "asked" : "resolved",
    request,
    async (tx, one, by, caller) => {
      const stands = await selectStands(tx, one.caseId, ctx.now);
      const why = whyNotResolve({ ...one, stands }, request.resolution);
      if (why !== null) throw new Refusal("conflict", why);
      if (request.resolution === "accepted") return askToAccept(tx, one, request, caller, ctx.now);
      const { resolution, reason } = request;
      if (!(await markResolved(tx, one.caseId, { resolution, reason, by: by.name, at: ctx.now, until: null })))
        throw new Refusal("conflict", `CASE-${one.caseId} is already resolved.`);
      return eventWords.resolved(resolution, reason);
    },
    { reason: request.reason, detail: { resolution: request.resolution, until: request.until } },
  );

/** Opens a resolved case again, with a new due time. */
export const reopenCase = (ctx: Ctx, request: ReopenInput): Promise<CaseAnswer> =>
  step(
    ctx,
    "case.reopen",
    "reopened",
    request,
    async (tx, one) => {
      if (one.resolvedAt === null) throw new Refusal("conflict", `CASE-${one.caseId} is open.`);
      const contract = (await readContracts(tx)).find(({ zoneId }) => zoneId === one.zoneId);
      if (!(await markReopened(tx, one.caseId, ctx.now + (contract?.recovery.cases.dueMs ?? 0)))) {
        const latest = await selectLatest(tx, one);
        throw new Refusal("conflict", `CASE-${latest?.caseId} is open for the same cause.`, { caseId: String(latest?.caseId) });
      }
      await markTouched(tx, one.caseId, ctx.now);
      return eventWords.reopened(request.reason);
    },
    { reason: request.reason },
  );

async function askToAccept(tx: Db, one: StoredCase, request: ResolveInput, caller: Caller, now: Instant): Promise<Part[]> {
  const { until, reason } = request;
  if (until === null) throw new Refusal("invalid", "until: an accepted difference needs an end.", { field: "until" });
  if (until <= now) throw new Refusal("invalid", "until: lies in the past.", { field: "until" });
  if (until > now + caseLimits.acceptMsMax)
    throw new Refusal("invalid", `until: is more than ${windowWords(caseLimits.acceptMsMax)} ahead.`, { field: "until" });
  const found = await selectDifference(tx, one);
  if (!found?.open) throw new Refusal("conflict", "The difference is being checked; there is nothing to accept yet.");
  if (found.divergenceIds.length > caseLimits.acceptedAtOnce)
    throw new Refusal(
      "conflict",
      `${found.divergenceIds.length} keys differ; at most ${caseLimits.acceptedAtOnce} are accepted at once. Compare the relations as a whole first.`,
    );
  const detail: Acceptance = { print: found.print, divergenceIds: found.divergenceIds, until, reason };
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
