import { appendAudit } from "../audit/service";
import type { Db } from "../db/pool";
import { fromSource, SourceFailure } from "../sources/failures.rules";
import type { Observed } from "../sources/observed";
import type { Redelivery, RedeliveryState } from "../sources/redeliverable";
import type { Source } from "../sources/source";
import type { Instant } from "../time";
import { givenUp, stateAfterCall } from "./asked";
import { type Call, markSeen, selectCalls } from "./calls.sql";
import { markMoved, markUncertain, type SentChunk, selectOpenItems, selectSentChunks } from "./dispatch.sql";
import { requestsOf } from "./edited";
import { endSent } from "./ending";
import { endedWith } from "./outcomes";
import { redeliveryId } from "./request";
import { endOperations } from "./sql";
import { isNotKnown, withinMsOf } from "./uncertain";

// Chunks watched per round and source: 20,000 items, each asked by primary key.
const WATCHED_MAX = 20;
// While one is asked for in its source, another is written down in the store.
const WATCHED_AT_ONCE = 2;
// How often it is noted that a framework is at work.
const MOVED_EVERY_MS = 3_000;

// Where this process stands in each source; forgetting it costs a turn and nothing else.
const watched = new WeakMap<Source, { operationId: number; chunk: number } | null>();

/** Watches redeliveries for their outcome, by primary key; what is taken and silent becomes uncertain until it is known. */
export async function watchOutcomes(db: Db, observed: readonly Observed[]): Promise<void> {
  const watches = await Promise.allSettled(
    observed.map(async (one) => {
      const chunks = await selectSentChunks(db, one.sourceId, watched.get(one.source) ?? null, WATCHED_MAX);
      // A source with more than one round's chunks is gone through in turns: what nobody takes keeps nobody else waiting.
      watched.set(one.source, chunks.length < WATCHED_MAX ? null : chunks.at(-1)!);
      const waiting = [...chunks];
      await Promise.all(Array.from({ length: WATCHED_AT_ONCE }, () => watchInTurn(db, waiting, one)));
    }),
  );
  // In every round: a worker that died after the last outcome left an operation that nobody else would end.
  await settleOperations(db, Date.now());
  const broken = watches.find((watch) => watch.status === "rejected");
  if (broken) throw broken.reason;
}

async function watchInTurn(db: Db, waiting: SentChunk[], observed: Observed): Promise<void> {
  for (let chunk = waiting.shift(); chunk; chunk = waiting.shift()) {
    try {
      await watchChunk(db, chunk, observed);
    } catch (error) {
      // The source is away: its items show as uncertain by the age of its last poll, and are asked again in the next round.
      waiting.length = 0;
      if (!(error instanceof SourceFailure)) throw error;
    }
  }
}

async function watchChunk(db: Db, chunk: SentChunk, observed: Observed): Promise<void> {
  const { sourceId, source, map } = observed;
  const now = Date.now();
  const items = await selectOpenItems(db, chunk.operationId, chunk.chunk);
  const requests = await requestsOf(db, map, chunk, items);
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

/** Ends operations whose last item has an outcome, with one entry in the audit that says with which result. */
async function settleOperations(db: Db, now: Instant): Promise<void> {
  await db.transaction(async (tx) => {
    for (const operation of await endOperations(tx, now)) {
      await appendAudit(tx, {
        at: now,
        actor: { kind: "worker", workerId: "worker" },
        action: `dead_letter.${operation.edited ? "edit" : operation.kind}`,
        target: { kind: "operation", id: String(operation.operationId), zones: operation.zones },
        result: "result",
        detail: { state: operation.state, items: operation.itemsN, ...operation.ended },
        entryKey: `operation:${operation.operationId}:result`,
      });
    }
  });
}
