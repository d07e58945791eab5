import { appendAudit } from "../audit/service";
import type { ContractMap } from "../contracts/map.rules";
import type { Db } from "../db/pool";
import { shownFailure } from "../dead-letters/failure.rules";
import { FINGERPRINT_VERSION, fingerprintOf } from "../dead-letters/fingerprint.rules";
import { selectItemFingerprints } from "../dead-letters/sql";
import { failureWords } from "../sources/failure-words";
import { fromSource, SourceFailure, SourceProblem } from "../sources/failures.rules";
import type { Observed } from "../sources/observed";
import { GIVEN_UP, meanwhile, REFUSED, type Redelivery, type RedeliveryState, WITHDRAWN } from "../sources/redeliverable";
import type { Source } from "../sources/source";
import type { Instant } from "../time";
import { givenUp, stateAfterCall } from "./asked";
import { type Call, markSeen, selectCalls } from "./calls.sql";
import {
  type Chunk,
  claimChunk,
  type Item,
  markFailed,
  markMoved,
  markSent,
  markUncertain,
  type SentChunk,
  selectOpenItems,
  selectSentChunks,
} from "./dispatch.sql";
import { endSent } from "./ending";
import { openGates } from "./guards";
import { byOf, redeliveryId, requestOf } from "./request";
import { outcomeOfRedelivery, outcomeWithoutRedelivery } from "./rules";
import { type Ended, endOperations } from "./sql";
import { isNotKnown, withinMsOf } from "./uncertain";

// Chunks watched per round and source: 10,000 items, each asked by primary key.
const WATCHED_MAX = 20;
// How often it is noted that a framework is at work.
const MOVED_EVERY_MS = 3_000;

/**
 * Dispatches chunks until none waits: claim, effect on the source under the items' ids, then the note that it was sent. Killed anywhere, or
 * with the store away, the next worker does the same again when the claim has run out, and changes nothing twice.
 */
export async function dispatchChunks(
  db: Db,
  workerId: string,
  observed: readonly Observed[],
  signal?: AbortSignal,
): Promise<number> {
  const able = new Map(observed.flatMap((one) => (acts(one) ? [[one.sourceId, one] as const] : [])));
  let done = 0;
  await openGates(db, Date.now());
  while (able.size > 0 && !signal?.aborted) {
    const chunk = await claimChunk(db, [...able.keys()], workerId);
    if (!chunk) return done;
    try {
      await dispatchChunk(db, chunk, able.get(chunk.sourceId)!);
      done++;
    } catch (error) {
      // What the store did says nothing of the source.
      if (!(error instanceof SourceFailure)) throw error;
      await markFailed(db, chunk, failureWords(error.cause));
      // Its source is away: the others' chunks need not wait for it.
      able.delete(chunk.sourceId);
    }
  }
  return done;
}

/** A source whose messages may be retried or discarded; what it cannot is refused when it is asked for. */
const acts = ({ source }: Observed): boolean =>
  source.redeliverable !== null || source.callable !== null || source.discardable !== null;

/** What its source can no longer do: its configuration was changed after the operation was asked for. */
function able<T>(ability: T | null, chunk: Chunk): T {
  if (ability === null)
    throw new SourceFailure("", { cause: new SourceProblem(`Its configuration allows no ${chunk.kind} any more.`) });
  return ability;
}

async function dispatchChunk(db: Db, chunk: Chunk, { source, map }: Observed): Promise<void> {
  const open = await selectOpenItems(db, chunk.operationId, chunk.chunk);
  const items = open.filter(({ behind }) => !behind);
  const by = byOf(chunk.requestedByName, chunk.operationId);
  const requests = items.map((item) => requestOf(chunk.operationId, by, item));
  // Of a cancelled operation it is only looked at what was written before: by the watch, which takes back what nobody took.
  if (chunk.cancelled && chunk.kind === "retry") return void (await markSent(db, chunk, Date.now()));
  const ended =
    chunk.kind === "retry"
      ? await endedWith(db, map, chunk.operationId, items, await asked(source, chunk, requests))
      : discardedOf(items, await fromSource(able(source.discardable, chunk).discard(items, `${by}: ${chunk.reason}`)));
  const now = Date.now();
  await db.transaction(async (tx) => {
    await endSent(tx, chunk.sourceId, chunk, [...open.filter(({ behind }) => behind).map(endedBehind), ...ended], now);
    await markSent(tx, chunk, now);
  });
}

/** Asks for a chunk's requests; a service is asked one by one when the chunk is with it, and here it is seen what moved before. */
async function asked(source: Source, chunk: Chunk, requests: readonly Redelivery[]): Promise<RedeliveryState[]> {
  if (source.callable) return (await fromSource(source.redeliveries(requests))).states.map(meanwhile);
  return fromSource(able(source.redeliverable, chunk).redeliver(requests, chunk.claim > 1));
}
const endedBehind = ({ item }: Item): Ended => ({
  item,
  outcome: "behind",
  detail: "An earlier message of its key did not get through; nothing was sent.",
});

function discardedOf(items: readonly Item[], states: readonly { sourceDeadLetterId: string; state: string | null }[]): Ended[] {
  const stateOf = new Map(states.map((row) => [row.sourceDeadLetterId, row.state]));
  return items.map(({ item, sourceDeadLetterId }): Ended => {
    const state = stateOf.get(sourceDeadLetterId) ?? null;
    if (state === "discarded") return { item, outcome: "discarded", detail: null };
    const other = outcomeWithoutRedelivery("discard", state);
    return other
      ? { item, ...other }
      : { item, outcome: "failed_again", detail: `It is ${state} in its source and was not discarded.` };
  });
}

// Where this process stands in each source; forgetting it costs a turn and nothing else.
const watched = new WeakMap<Source, { operationId: number; chunk: number } | null>();

/** Watches redeliveries for their outcome, by primary key; what is taken and silent becomes uncertain until it is known. */
export async function watchOutcomes(db: Db, observed: readonly Observed[]): Promise<void> {
  const watches = await Promise.allSettled(
    observed.map(async (one) => {
      const chunks = await selectSentChunks(db, one.sourceId, watched.get(one.source) ?? null, WATCHED_MAX);
      // A source with more than one round's chunks is gone through in turns: what nobody takes keeps nobody else waiting.
      watched.set(one.source, chunks.length < WATCHED_MAX ? null : chunks.at(-1)!);
      for (const chunk of chunks) {
        try {
          await watchChunk(db, chunk, one);
        } catch (error) {
          if (!(error instanceof SourceFailure)) throw error;
          // The source is away: its items show as uncertain by the age of its last poll, and are asked again in the next round.
          return;
        }
      }
    }),
  );
  // In every round: a worker that died after the last outcome left an operation that nobody else would end.
  await settleOperations(db, Date.now());
  const broken = watches.find((watch) => watch.status === "rejected");
  if (broken) throw broken.reason;
}

async function watchChunk(db: Db, chunk: SentChunk, observed: Observed): Promise<void> {
  const { sourceId, source, map } = observed;
  const now = Date.now();
  const items = await selectOpenItems(db, chunk.operationId, chunk.chunk);
  const requests = items.map((item) => requestOf(chunk.operationId, byOf(chunk.requestedByName, chunk.operationId), item));
  const itemOf = new Map(items.map(({ item }) => [redeliveryId(chunk.operationId, item), item]));
  const calls = source.redeliverable ? null : await selectCalls(db, chunk.operationId, chunk.chunk);
  const isAsked = source.callable !== null || (calls?.size ?? 0) > 0;
  const callOf = ({ redeliveryId: id }: RedeliveryState): Call | undefined => calls?.get(itemOf.get(id)!);
  let { sourceNow, states } = await fromSource(source.redeliveries(requests));
  if (isAsked) states = states.map((state) => stateAfterCall(state, callOf(state)));
  const withinMs = withinMsOf(observed, chunk);
  if (chunk.cancelled)
    states = isAsked
      ? states.map((one) => givenUp(one, callOf(one), withinMs ?? 0, now))
      : await withdrawn(source, requests, states);
  else states = await askedAnew(source, requests, states);
  const ended = await endedWith(db, map, chunk.operationId, items, states, chunk.cancelled);
  await db.transaction((tx) => endSent(tx, sourceId, chunk, ended, now));
  const taken = states.filter(({ state }) => state === "taken");
  const fresh = taken.flatMap((state) => (callOf(state)?.seenAt === null ? [itemOf.get(state.redeliveryId)!] : []));
  if (fresh.length > 0) await markSeen(db, chunk.operationId, fresh, now);
  if (taken.length > 0 && withinMs !== null && now - (chunk.movedAt ?? 0) > MOVED_EVERY_MS)
    await markMoved(db, chunk.operationId, chunk.chunk, now);
  const at = { sourceNow, now, chunk, withinMs, callOf, called: source.callable !== null };
  const uncertain = states.flatMap((state) => (isNotKnown(state, at) ? [itemOf.get(state.redeliveryId)!] : []));
  if (uncertain.join() !== chunk.uncertain.join()) await markUncertain(db, chunk.operationId, chunk.chunk, uncertain);
}

/** Asks again for what is parked and not asked for: it was with somebody else when its turn came, or the source was restored to before. The id makes it one request. */
async function askedAnew(source: Source, requests: readonly Redelivery[], states: RedeliveryState[]): Promise<RedeliveryState[]> {
  const { redeliverable } = source;
  const unasked = new Set(states.filter((s) => s.state === null && s.deadLetterState === "parked").map((s) => s.redeliveryId));
  if (unasked.size === 0 || !redeliverable) return states;
  const anew = requests.filter((request) => unasked.has(request.redeliveryId));
  return [...states.filter((s) => !unasked.has(s.redeliveryId)), ...(await fromSource(redeliverable.redeliver(anew, true)))];
}

/** Takes back what no consumer has taken; what one has taken ends by its outcome. */
async function withdrawn(source: Source, requests: readonly Redelivery[], states: RedeliveryState[]): Promise<RedeliveryState[]> {
  const waiting = new Set(states.filter((state) => state.state === "waiting").map((state) => state.redeliveryId));
  if (waiting.size === 0 || !source.redeliverable) return states;
  const after = await fromSource(source.redeliverable.withdraw(requests.filter((request) => waiting.has(request.redeliveryId))));
  return [...states.filter((state) => !waiting.has(state.redeliveryId)), ...after];
}

/** Outcomes of a retry's items, with what is to be said of each. */
async function endedWith(
  db: Db,
  map: ContractMap,
  operationId: number,
  items: readonly Item[],
  states: readonly RedeliveryState[],
  cancelled = false,
): Promise<Ended[]> {
  return failedAgainWords(db, map, operationId, items, endedOf(operationId, items, states, cancelled), states);
}

function endedOf(operationId: number, items: readonly Item[], states: readonly RedeliveryState[], cancelled: boolean): Ended[] {
  const stateOf = new Map(states.map((state) => [state.redeliveryId, state]));
  return items.flatMap(({ item }): Ended[] => {
    const state = stateOf.get(redeliveryId(operationId, item));
    if (!state) return [];
    if (state.state === null) {
      const other = outcomeWithoutRedelivery("retry", state.deadLetterState);
      if (cancelled) return [{ item, outcome: "cancelled", detail: other?.detail ?? "Nothing was sent for it." }];
      return other ? [{ item, ...other }] : [];
    }
    if (state.state === "stale" && state.errorType === REFUSED) return [{ item, outcome: "stale", detail: state.errorMessage }];
    if (state.state === "stale" && state.errorType === WITHDRAWN)
      return [{ item, outcome: "cancelled", detail: "No consumer had taken it; it was withdrawn." }];
    if (state.state === "stale" && state.errorType === GIVEN_UP)
      return [{ item, outcome: "cancelled", detail: state.errorMessage }];
    const outcome = outcomeOfRedelivery(state.state);
    if (outcome === null) return [];
    return [{ item, outcome, detail: null }];
  });
}

/** Says of what failed again whether it failed in the same way: by the group it belongs to, not by its words. */
async function failedAgainWords(
  db: Db,
  map: ContractMap,
  operationId: number,
  items: readonly Item[],
  ended: Ended[],
  states: readonly RedeliveryState[],
): Promise<Ended[]> {
  const failed = ended.filter((e) => e.outcome === "failed_again");
  if (failed.length === 0) return ended;
  const before = await selectItemFingerprints(
    db,
    operationId,
    failed.map((e) => e.item),
  );
  const stateOf = new Map(states.map((state) => [state.redeliveryId, state]));
  const consumerOf = new Map(items.map((item) => [item.item, item.consumer]));
  return ended.map((e) => {
    const old = before.get(e.item);
    const state = stateOf.get(redeliveryId(operationId, e.item));
    if (e.outcome !== "failed_again" || !old || !state) return e;
    // As when it was parked.
    const { mask, ...failure } = shownFailure(old.payload, map.maskingOf(old.zones), {
      errorType: state.errorType ?? "",
      errorMessage: state.errorMessage ?? "",
      errorStack: state.errorStack ?? "",
    });
    const { fingerprint } = fingerprintOf(
      { sourceId: old.sourceId, consumer: consumerOf.get(e.item)!, eventType: old.eventType, ...failure },
      mask,
    );
    const words = [failure.errorType, failure.errorMessage].filter(Boolean).join(": ").slice(0, 500) || "no reason given";
    // Fingerprints of two versions of the algorithm cannot be compared, nor words of which nobody knows any more what is masked.
    const known = old.fingerprintVersion === FINGERPRINT_VERSION && !old.removed;
    const how = fingerprint === old.fingerprint ? "Same way" : "New way";
    return { ...e, detail: `${known ? how : "Failed again"}: ${words}` };
  });
}

/** Ends operations whose last item has an outcome, with one entry in the audit that says with which result. */
async function settleOperations(db: Db, now: Instant): Promise<void> {
  await db.transaction(async (tx) => {
    for (const operation of await endOperations(tx, now)) {
      await appendAudit(tx, {
        at: now,
        actor: { kind: "worker", workerId: "worker" },
        action: `dead_letter.${operation.kind}`,
        target: { kind: "operation", id: String(operation.operationId), zones: operation.zones },
        result: "result",
        detail: { state: operation.state, items: operation.itemsN, ...operation.ended },
        entryKey: `operation:${operation.operationId}:result`,
      });
    }
  });
}
