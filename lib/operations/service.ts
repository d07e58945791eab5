import { askApproval } from "../approvals/ask";
import { auditedOnce } from "../audited";
import { type Actor, actorId, type Caller, type Ctx, callerOf } from "../context";
import { othersObliged, retryAbove, retryLeft } from "../contracts/acts.rules";
import { readContracts } from "../contracts/service";
import type { Db } from "../db/pool";
import { refuseMasked } from "../dead-letters/masked-paths";
import { printQuery } from "../dead-letters/query.rules";
import { asMe } from "../dead-letters/triage/query.rules";
import type { PreviewView } from "../dead-letters/views";
import { can, canRead, zoneFilter } from "../permissions";
import { Refusal } from "../refusal";
import { hazardWords, unableWords } from "../sources/abilities-words";
import { selectSources } from "../sources/read.sql";
import { durationWords, type Instant } from "../time";
import { zoneTags } from "../verdicts/service";
import { counted, listed } from "../words";
import { countUndone, selectFirstExpiry } from "./effects.sql";
import { beginOperation, freezeItems, insertOperation, nextOperationId } from "./freeze.sql";
import type { ActInput, RetryFailedInput, Selection } from "./input";
import { readVisible } from "./known";
import { openingOf, planLimits } from "./plan.rules";
import { selectFailed } from "./read.sql";
import { lockRetries, selectRetried } from "./retried.sql";
import { type OperationKind, peopleNeeded, RETRIED_WITHIN_MS } from "./rules";
import { countKeys, type Selected, selectHolders, selectSelected } from "./sql";

/** What a retry or discard of this selection would do now: how many, to whom, who receives nothing, what is left out and why. Changes nothing. */
export async function preview(
  ctx: Ctx,
  { kind = "retry", ...asked }: Selection & { kind?: OperationKind },
): Promise<PreviewView> {
  // What stands in nobody's zones but others' is not shown, whoever guesses its number.
  const selection = { ...(await meant(ctx, asked)), scope: zoneFilter(ctx.actor) };
  const chosen = await selectSelected(ctx.db, selection);
  const zones = zonesOf(chosen);
  const contracts = await readContracts(ctx.db);
  const free = freeOf(chosen);
  const left = retryLeft(contracts, zones, await retriedBy(ctx.db, ctx.actor, ctx.now));
  const holders = await selectHolders(ctx.db, selection);
  const consumers = [...new Set(chosen.map((group) => group.consumer))].sort();
  return {
    now: ctx.now,
    messagesN: free,
    keysN: free === 0 ? 0 : await countKeys(ctx.db, selection),
    undoneN: free === 0 ? 0 : await countUndone(ctx.db, selection),
    groups: chosen.map((group) => ({
      groupId: String(group.groupId),
      title: group.title,
      messagesN: group.openN - group.claimedN,
    })),
    consumers,
    receiveNothing: othersObliged(
      contracts,
      chosen.map((group) => group.eventType),
    ).filter((consumer) => !consumers.includes(consumer)),
    zones: await zoneTags(
      ctx.db,
      zones.filter((zone) => canRead(ctx.actor, zone)),
      ctx.now,
    ),
    excluded: [
      ...holders.map((holder) => ({ n: holder.n, why: `held by OP-${holder.operationId} of ${holder.requestedByName}` })),
      ...some(sum(chosen.map((group) => group.redeliveringN)), "being redelivered already"),
    ],
    retryAbove: retryAbove(contracts, zones),
    retryLeft: left,
    ...(await ofSources(ctx.db, chosen, selection)),
    approvals: peopleNeeded(contracts, kind, zones, { n: free, left }),
    refusal: await blocked(ctx, kind, chosen),
  };
}

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

/** What a selection by query means to who asks: of their zones, as of now where nothing else is said, and nothing by what is masked. */
async function meant(ctx: Ctx, selection: Selection): Promise<Selection> {
  if (!selection.queries) return selection;
  const queries = asMe(selection.queries, actorId(ctx.actor));
  await refuseMasked(ctx, queries);
  return { ...selection, queries, scope: zoneFilter(ctx.actor), asOf: selection.asOf ?? ctx.now };
}

const retriedBy = (db: Db, actor: Actor, now: Instant) =>
  actor.kind === "worker" ? new Map<string, number>() : selectRetried(db, actorId(actor), now - RETRIED_WITHIN_MS);

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

async function refusal(db: Db, kind: OperationKind, chosen: readonly Selected[]): Promise<Refusal | null> {
  if (chosen.length === 0) return nothingParked();
  const concerned = (await selectSources(db)).filter((source) => chosen.some((group) => group.sourceId === source.sourceId));
  const observedOnly = concerned.filter((source) => !source.act);
  if (observedOnly.length > 0)
    return new Refusal(
      "conflict",
      `Accord only observes ${listed(observedOnly.map((source) => source.sourceId))}: act is false in accord.yaml.`,
    );
  const unable = concerned.find(({ abilities }) => abilities !== null && !abilities.deadLetters?.[kind]);
  return unable ? new Refusal("conflict", unableWords(unable, kind)) : null;
}

/** What the frameworks of the sources will do by themselves, as far as they say: asked only where one of them has such tables. */
async function ofSources(
  db: Db,
  chosen: readonly Selected[],
  selection: Selection,
): Promise<Pick<PreviewView, "expiresAt" | "hazards">> {
  const concerned = (await selectSources(db)).filter((source) => chosen.some((group) => group.sourceId === source.sourceId));
  const expires = concerned.some(({ abilities }) => abilities?.deadLetters?.expires);
  return {
    expiresAt: expires ? await selectFirstExpiry(db, selection) : null,
    hazards: [...new Set(concerned.flatMap(hazardWords))],
  };
}

async function blocked(ctx: Ctx, kind: OperationKind, chosen: readonly Selected[]): Promise<string | null> {
  const permission = can(
    ctx.actor,
    `dead_letter.${kind}`,
    chosen.some((group) => group.zones.length === 0) ? [] : zonesOf(chosen),
  );
  return permission.ok ? ((await refusal(ctx.db, kind, chosen))?.message ?? null) : permission.reason;
}

const nothingParked = () => new Refusal("not_found", "Nothing of the selection is parked any more.");

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

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const some = (n: number, why: string) => (n > 0 ? [{ n, why }] : []);
const freeOf = (chosen: readonly Selected[]): number =>
  sum(chosen.map((group) => group.openN - group.claimedN - group.redeliveringN));
const zonesOf = (chosen: readonly Selected[]): string[] => [...new Set(chosen.flatMap((group) => group.zones))].sort();
const consumersOf = (chosen: readonly Selected[]): string[] => [...new Set(chosen.map((group) => group.consumer))].sort();

function titleOf(kind: OperationKind, n: number, chosen: readonly Selected[]): string {
  const types = [...new Set(chosen.map((group) => group.eventType))];
  return `${kind === "retry" ? "Retry" : "Discard"} of ${n.toLocaleString("en-US")} ${types.length <= 2 ? listed(types) : "messages"}`;
}

function scopeOf(selection: Selection, chosen: readonly Selected[]): string {
  if (selection.queries) return `query: ${selection.queries.map(printQuery).join(" ") || "all that is parked"}`.slice(0, 500);
  if (selection.groups.length === 0) return counted(selection.messages.length, "message");
  return `${counted(selection.groups.length, "group")}: ${listed(chosen.slice(0, 3).map((group) => group.title))}`.slice(0, 500);
}
