import { auditedOnce } from "../audited";
import { type Ctx, callerOf } from "../context";
import type { Db } from "../db/pool";
import type { Action } from "../permissions";
import { Refusal } from "../refusal";
import { openGate, resumeState, undoState, updateLimits } from "./guards.sql";
import type { ChangeInput, StepInput } from "./input";
import { readVisible } from "./known";
import { capOf, type Limits } from "./plan.rules";
import { changeWords } from "./plan-words";
import { type StoredOperation, selectOperation } from "./read.sql";
import { cancelWaiting, insertEvent, moveState } from "./sql";

type Stepped = { operationId: string; state: string };
/** What a step does: false when the operation is not where it can be taken. `words`: what the page says of it, before who did it. */
type Step = { action: Action; verb: string; words: string; take: (tx: Db, operation: StoredOperation) => Promise<boolean> };

/** Nothing new is sent until it is resumed; what is on its way goes on. */
export const pauseOperation = (ctx: Ctx, request: StepInput) =>
  step(ctx, request, {
    action: "operation.pause",
    verb: "pause",
    words: "Paused",
    take: (tx, { operationId }) => moveState(tx, operationId, ["running"], "paused"),
  });

/** Goes on with what waits; after a stop by its own rule, judged from here on. */
export const resumeOperation = (ctx: Ctx, request: StepInput) =>
  step(ctx, request, {
    action: "operation.resume",
    verb: "resume",
    words: "Resumed",
    take: (tx, { operationId }) => resumeState(tx, operationId),
  });

/** Gives up what was not sent: those messages stay parked and are free. What was delivered stays delivered. */
export const cancelOperation = (ctx: Ctx, request: StepInput) =>
  step(ctx, request, {
    action: "operation.cancel",
    verb: "cancel",
    words: "Cancelled",
    take: async (tx, { operationId }) => {
      const moved = await moveState(tx, operationId, ["running", "paused"], "cancelled");
      if (moved) await cancelWaiting(tx, operationId, ctx.now);
      return moved;
    },
  });

/** Takes an operation back before its first message leaves, within the time its plan gives. */
export const undoOperation = (ctx: Ctx, request: StepInput) =>
  step(ctx, request, {
    action: "operation.undo",
    verb: "undo",
    words: "Undone",
    take: async (tx, { operationId }) => {
      const undone = await undoState(tx, operationId, ctx.now);
      if (undone) await cancelWaiting(tx, operationId, ctx.now);
      return undone;
    },
  });

/** Goes on with the rest once the canary is answered, without waiting longer. */
export const continueOperation = (ctx: Ctx, request: StepInput) =>
  step(ctx, request, {
    action: "operation.continue",
    verb: "go on with",
    words: "Let go on after the canary",
    take: (tx, { operationId }) => openGate(tx, operationId),
  });

/** Changes pace, cap in flight or stop limit from now on; what is not named stays. */
export async function changeOperation(ctx: Ctx, request: ChangeInput): Promise<Stepped> {
  const { limits } = request;
  return step(ctx, { ...request, reason: null }, (before) => {
    const { perSecond, inFlightMax, stopPercent } = { ...before, ...limits };
    const now: Limits = { perSecond, inFlightMax: capOf({ stopPercent, inFlightMax }), stopPercent };
    return {
      action: "operation.change",
      verb: "change",
      words: changeWords(before, now),
      take: (tx) => updateLimits(tx, before.operationId, now),
    };
  });
}

async function step(
  ctx: Ctx,
  request: StepInput & Partial<ChangeInput>,
  asked: Step | ((before: StoredOperation) => Step),
): Promise<Stepped> {
  const person = callerOf(ctx);
  const id = String(request.operationId);
  const action = typeof asked === "function" ? "operation.change" : asked.action;
  const { value } = await auditedOnce(ctx, action, request, async () => {
    const operation = await readVisible(ctx, request.operationId);
    const { verb, words, take } = typeof asked === "function" ? asked(operation) : asked;
    return {
      target: { kind: "operation", id, zones: operation.zones },
      change: async (tx) => {
        const taken = await take(tx, operation);
        const { state } = (await selectOperation(tx, request.operationId))!;
        if (!taken) throw new Refusal("conflict", `OP-${id} is ${state}: there is nothing to ${verb}.`);
        await insertEvent(tx, request.operationId, ctx.now, `${words} by ${person.name}`);
        return { operationId: id, state };
      },
      entry: { reason: request.reason ?? undefined, detail: { what: words } },
    };
  });
  return value;
}
