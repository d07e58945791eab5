import { askApproval } from "../approvals/ask";
import { auditedOnce } from "../audited";
import { actorId, type Caller, type Ctx, callerOf } from "../context";
import { retryLeft } from "../contracts/acts.rules";
import { readContracts } from "../contracts/service";
import type { Db } from "../db/pool";
import { printQuery } from "../dead-letters/query.rules";
import { can } from "../permissions";
import { Refusal } from "../refusal";
import { durationWords } from "../time";
import { counted, listed } from "../words";
import { consumersOf, freeOf, meant, nothingParked, refusal, retriedBy, zonesOf } from "./chosen";
import { beginOperation, freezeItems, insertOperation, nextOperationId } from "./freeze.sql";
import type { ActInput, RetryFailedInput, Selection } from "./input";
import { readVisible } from "./known";
import { openingOf, planLimits } from "./plan.rules";
import { selectFailed } from "./read.sql";
import { lockRetries } from "./retried.sql";
import { type OperationKind, peopleNeeded } from "./rules";
import { type Selected, selectHolders, selectSelected } from "./sql";

/** Asks for a retry of what was selected, as it is parked now. The same key again is the same operation. */
export const requestRetry = (ctx: Ctx, request: ActInput) => requestAct(ctx, "retry", request, async () => request.selection);

/** Asks for a retry of what did not get through in another operation, as far as it is parked and free. The same key again is the same operation. */
export async function retryFailed(ctx: Ctx, { operationId, ...request }: RetryFailedInput): Promise<Requested> {
  return requestAct(ctx, "retry", { ...request, operationId }, async () => {
    await readVisible(ctx, operationId);
    return { messages: await selectFailed(ctx.db, operationId), groups: [], asOf: null };
  });
}

/** Asks to discard what was selected: it stays parked nowhere, and counts as unresolved no more. The same key again is the same operation. */
export const requestDiscard = (ctx: Ctx, request: ActInput) => requestAct(ctx, "discard", request, async () => request.selection);

/** What is asked for, however the messages are named: by a selection, or as what failed in another operation. */
type Asked = Omit<ActInput, "selection"> & { operationId?: number };
type Requested = { operationId: string; itemsN: number; awaiting: boolean; repeated: boolean };

async function requestAct(ctx: Ctx, kind: OperationKind, request: Asked, selected: () => Promise<Selection>): Promise<Requested> {
  const person = callerOf(ctx);
  const { value, repeated } = await auditedOnce(ctx, `dead_letter.${kind}`, request, async () => {
    const selection = await meant(ctx, await selected());
    const chosen = await selectSelected(ctx.db, selection);
    if (request.plan.notBefore !== null && request.plan.notBefore > ctx.now + planLimits.scheduledMsMax)
      throw new Refusal("invalid", `It can be scheduled for at most ${durationWords(planLimits.scheduledMsMax)} ahead.`);
    // Nothing stands in no zone: what is settled by now is no matter of permission for whoever may act at all.
    if (chosen.length === 0 && can(person, `dead_letter.${kind}`, person.zones ?? ["any"]).ok) throw nothingParked();
    const operationId = await nextOperationId(ctx.db);
    const zones = chosen.some((group) => group.zones.length === 0) ? [] : zonesOf(chosen);
    return {
      target: { kind: "operation", id: String(operationId), zones },
      change: (tx) => make(tx, ctx, { operationId, kind, request, selection, chosen, person }),
      entry: {
        reason: request.reason,
        detail: ({ itemsN, title }: Made) => ({
          items: itemsN,
          title,
          ticket: request.ticket,
          ...(selection.queries && { query: selection.queries.map(printQuery).join(" ") }),
          plan: request.plan,
          ...(request.operationId !== undefined && { retryOf: request.operationId }),
          consumers: consumersOf(chosen),
          groups: chosen.map((group) => group.groupId).slice(0, 50),
        }),
      },
    };
  });
  const { title: _, ...answer } = value;
  return { ...answer, repeated };
}

type Making = {
  operationId: number;
  kind: OperationKind;
  request: Asked;
  selection: Selection;
  chosen: Selected[];
  person: Caller;
};
type Made = { operationId: string; itemsN: number; awaiting: boolean; title: string };

/** Freezes what was selected into an operation; with a further person needed it waits for them. On the transaction's own connection throughout: many at once would otherwise wait for each other's second one. */
async function make(tx: Db, ctx: Ctx, { operationId, kind, request, selection, chosen, person }: Making): Promise<Made> {
  const why = await refusal(tx, kind, chosen);
  if (why) throw why;
  // Before any claim, so that nobody waits for it who holds what others wait for.
  if (kind === "retry") await lockRetries(tx, actorId(person));
  const retried = await retriedBy(tx, person, ctx.now);
  await insertOperation(tx, {
    operationId,
    kind,
    requestedBy: actorId(person),
    requestedByName: person.name,
    requestedAt: ctx.now,
    reason: request.reason,
    ticket: request.ticket,
    title: titleOf(kind, freeOf(chosen), chosen),
    scope: scopeOf(selection, chosen),
    zones: zonesOf(chosen),
    consumers: consumersOf(chosen),
    plan: request.plan,
    retryOf: request.operationId ?? null,
  });
  const frozen = await freezeItems(tx, operationId, kind, selection);
  if (frozen.itemsN === 0) throw await nothingFree(tx, selection);
  // Rows may have come between the check and the freeze: the rules hold for what was frozen.
  const scope = frozen.outside > 0 ? [] : frozen.zones;
  const permission = can(ctx.actor, `dead_letter.${kind}`, scope);
  if (!permission.ok) throw new Refusal("forbidden", permission.reason);
  const title = titleOf(kind, frozen.itemsN, chosen);
  const contracts = await readContracts(tx);
  const left = retryLeft(contracts, frozen.zones, retried);
  const neededN = peopleNeeded(contracts, kind, frozen.zones, { n: frozen.itemsN, left });
  const awaiting = neededN > 0;
  const opening = openingOf(request.plan, ctx.now);
  await beginOperation(tx, operationId, { title, frozen, state: awaiting ? "awaiting" : "running" }, opening);
  if (awaiting)
    await askApproval(tx, person, ctx.now, {
      subjectKind: "operation",
      subjectId: operationId,
      action: `dead_letter.${kind}`,
      zones: scope,
      neededN,
      summary: title,
      detail: { items: frozen.itemsN, reason: request.reason },
    });
  return { operationId: String(operationId), itemsN: frozen.itemsN, awaiting, title };
}

async function nothingFree(db: Db, selection: Selection): Promise<Refusal> {
  const holders = await selectHolders(db, selection);
  const first = holders[0];
  if (first)
    return new Refusal(
      "conflict",
      `OP-${first.operationId} of ${first.requestedByName} was first: it holds ${holders.length > 1 ? "most of " : ""}what you selected.`,
      { operationId: String(first.operationId) },
    );
  return new Refusal("conflict", "Nothing of the selection is parked any more: it is being redelivered or has been settled.");
}

function titleOf(kind: OperationKind, n: number, chosen: readonly Selected[]): string {
  const types = [...new Set(chosen.map((group) => group.eventType))];
  return `${kind === "retry" ? "Retry" : "Discard"} of ${n.toLocaleString("en-US")} ${types.length <= 2 ? listed(types) : "messages"}`;
}

function scopeOf(selection: Selection, chosen: readonly Selected[]): string {
  if (selection.queries) return `query: ${selection.queries.map(printQuery).join(" ") || "all that is parked"}`.slice(0, 500);
  if (selection.groups.length === 0) return counted(selection.messages.length, "message");
  return `${counted(selection.groups.length, "group")}: ${listed(chosen.slice(0, 3).map((group) => group.title))}`.slice(0, 500);
}
