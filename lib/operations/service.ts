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
import { choose, consumersOf, meant, nothingParked, retriedBy, zonesOf } from "./chosen";
import { patchOf, workOut } from "./edit";
import { insertEdit, selectPatch } from "./edit.sql";
import { nothingEditedWords } from "./edit-words";
import { beginOperation, freezeItems, insertOperation, nextOperationId } from "./freeze.sql";
import type { ActInput, CloseInput, EditInput, RetryFailedInput, Selection } from "./input";
import { readVisible } from "./known";
import { openingOf, planLimits } from "./plan.rules";
import { refuseOld, refuseOther } from "./previewed";
import { selectFailed } from "./read.sql";
import { lockRetries } from "./retried.sql";
import { type Act, kindOf, peopleNeeded } from "./rules";
import { type SelectedGroup, selectGroups, selectHolders } from "./sql";
import { titleOf } from "./title-words";

/** Asks for a retry of what was selected, as it is parked now. The same key again is the same operation. */
export const requestRetry = (ctx: Ctx, request: ActInput) => requestAct(ctx, "retry", request, async () => request.selection);

/** Asks for a retry of what did not get through in another operation, as far as it is parked and free. The same key again is the same operation. */
export async function retryFailed(ctx: Ctx, { operationId, ...request }: RetryFailedInput): Promise<Requested> {
  const failed = async () => {
    await readVisible(ctx, operationId);
    return { messages: await selectFailed(ctx.db, operationId), groups: [], asOf: null };
  };
  return requestAct(ctx, "retry", { ...request, operationId }, failed, async (selection) => {
    if ((await selectPatch(ctx.db, operationId)) === null) return selection;
    throw new Refusal(
      "conflict",
      `What failed in OP-${operationId} was edited: look at how it failed, and edit it again from its group.`,
    );
  });
}

/** Asks to discard what was selected, with a reason code and what shows it: it stays parked nowhere, and counts as unresolved no more. The same key again is the same operation. */
export const requestDiscard = (ctx: Ctx, request: CloseInput) =>
  requestAct(ctx, "discard", request, async () => request.selection);

/** Says of what was selected that its effect was had by hand, with a reason code and evidence: it is closed, in its source too where that may be written. The same key again is the same operation. */
export const requestResolve = (ctx: Ctx, request: CloseInput) =>
  requestAct(ctx, "resolve", request, async () => request.selection);

/**
 * Asks for a retry of what was selected with another payload, by a JSON Patch that is worked out and validated for each message: those that it
 * changes are sent, under new ids; the others stay parked as they were. The same key again is the same operation.
 */
export async function requestEdit(ctx: Ctx, { patch: text, ...request }: EditInput): Promise<Requested> {
  const patch = patchOf({ patch: text });
  return requestAct(
    ctx,
    "edit",
    { ...request, patch: text },
    async () => request.selection,
    async (selection) => {
      const { ids, misfits, ...counts } = await workOut(ctx.db, selection, patch, await readContracts(ctx.db));
      if (ids.length === 0 && counts.sameN + counts.misfitN + counts.unseenN === 0) throw await nothingFree(ctx.db, selection);
      if (ids.length === 0) throw new Refusal("invalid", nothingEditedWords(counts, misfits[0]));
      return { messages: ids, groups: [], asOf: selection.asOf };
    },
  );
}

/** What is asked for, however the messages are named: by a selection, or as what failed in another operation. */
type Asked = Omit<ActInput, "selection"> &
  Partial<Pick<CloseInput, "code" | "evidence">> & { operationId?: number; patch?: string };
export type Requested = { operationId: string; itemsN: number; awaiting: boolean; repeated: boolean };

async function requestAct(
  ctx: Ctx,
  act: Act,
  request: Asked,
  selected: () => Promise<Selection>,
  narrowed?: (selection: Selection) => Promise<Selection>,
): Promise<Requested> {
  const person = callerOf(ctx);
  const { value, repeated } = await auditedOnce(ctx, `dead_letter.${act}`, request, async () => {
    const { selection, refusal, ...found } = await choose(ctx.db, act, await meant(ctx, await selected()), selectGroups);
    let { chosen } = found;
    if (request.plan.notBefore !== null && request.plan.notBefore > ctx.now + planLimits.scheduledMsMax)
      throw new Refusal("invalid", `It can be scheduled for at most ${durationWords(planLimits.scheduledMsMax)} ahead.`);
    // Nothing stands in no zone: what is settled by now is no matter of permission for whoever may act at all.
    if (chosen.length === 0 && can(person, `dead_letter.${act}`, person.zones ?? ["any"]).ok) throw nothingParked();
    const operationId = await nextOperationId(ctx.db);
    const zones = chosen.some((group) => group.zones.length === 0) ? [] : zonesOf(chosen);
    const selectedAt = chosen;
    let frozen = selection;
    // What does not fit is said to nobody who may not act on it.
    if (narrowed && refusal === null && can(person, `dead_letter.${act}`, zones).ok) {
      frozen = await narrowed(selection);
      chosen = await selectGroups(ctx.db, frozen);
    }
    return {
      target: { kind: "operation", id: String(operationId), zones },
      change: (tx) => {
        if (refusal) throw refusal;
        refuseOld(request, ctx.now);
        return make(tx, ctx, {
          operationId,
          act,
          request,
          selection: frozen,
          scope: scopeOf(selection, selectedAt),
          chosen,
          person,
        });
      },
      entry: {
        reason: request.reason,
        detail: ({ itemsN, title }: Made) => ({
          items: itemsN,
          title,
          ticket: request.ticket,
          ...(request.code && { code: request.code, evidence: request.evidence }),
          ...(selection.queries && { query: selection.queries.map(printQuery).join(" ") }),
          plan: request.plan,
          ...(request.patch !== undefined && { patch: request.patch }),
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
  act: Act;
  request: Asked;
  selection: Selection;
  scope: string;
  chosen: SelectedGroup[];
  person: Caller;
};
type Made = { operationId: string; itemsN: number; awaiting: boolean; title: string };

/** Freezes what was selected into an operation; with a further person needed it waits for them. On the transaction's own connection throughout: many at once would otherwise wait for each other's second one. */
async function make(tx: Db, ctx: Ctx, { operationId, act, request, selection, scope, chosen, person }: Making): Promise<Made> {
  const kind = kindOf(act);
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
    ...{ code: request.code ?? null, evidence: request.evidence ?? null },
    scope,
    zones: zonesOf(chosen),
    consumers: consumersOf(chosen),
    plan: request.plan,
    retryOf: request.operationId ?? null,
  });
  const held = chosen.some((group) => group.held);
  const frozen = await freezeItems(tx, operationId, kind, { selection }, held);
  if (frozen.itemsN === 0) throw await nothingFree(tx, selection);
  refuseOther(request, kind, frozen.itemsN);
  // Rows may have come between the check and the freeze: the rules hold for what was frozen.
  const zones = frozen.outside > 0 ? [] : frozen.zones;
  const permission = can(ctx.actor, `dead_letter.${act}`, zones);
  if (!permission.ok) throw new Refusal("forbidden", permission.reason);
  if (request.patch !== undefined) await insertEdit(tx, operationId, request.patch);
  const title = titleOf(act, frozen.itemsN, chosen);
  const contracts = await readContracts(tx);
  const left = retryLeft(contracts, frozen.zones, retried);
  const neededN = peopleNeeded(contracts, act, frozen.zones, { n: frozen.itemsN, left });
  const awaiting = neededN > 0;
  const opening = openingOf(request.plan, ctx.now);
  await beginOperation(tx, operationId, { title, frozen, state: awaiting ? "awaiting" : "running" }, opening);
  if (awaiting)
    await askApproval(tx, person, ctx.now, {
      subjectKind: "operation",
      subjectId: operationId,
      action: `dead_letter.${act}`,
      zones,
      neededN,
      summary: title,
      detail: {
        items: frozen.itemsN,
        reason: request.reason,
        ...(request.code && { code: request.code, evidence: request.evidence }),
      },
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

function scopeOf(selection: Selection, chosen: readonly SelectedGroup[]): string {
  if (selection.queries) return `query: ${selection.queries.map(printQuery).join(" ") || "all that is parked"}`.slice(0, 500);
  if (selection.groups.length === 0) return counted(selection.messages.length, "message");
  return `${counted(selection.groups.length, "group")}: ${listed(chosen.slice(0, 3).map((group) => group.title))}`.slice(0, 500);
}
