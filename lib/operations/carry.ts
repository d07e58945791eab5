import { v5 as uuidv5 } from "uuid";
import { appendAudit } from "../audit/service";
import type { Db } from "../db/pool";
import { fingerprintOf } from "../dead-letters/fingerprint";
import { selectItemFingerprints } from "../dead-letters/sql";
import { maskerOf } from "../masking";
import { type ContractMap, failureWords } from "../observation/rules";
import type { Observed } from "../observation/service";
import type { Redelivery, RedeliveryState, Source } from "../sources/source";
import type { Instant } from "../time";
import {
  type Chunk,
  claimChunk,
  type Item,
  markFailed,
  markSent,
  markUncertain,
  type SentChunk,
  selectOpenItems,
  selectSentChunks,
} from "./carry.sql";
import { isUncertain, outcomeOfRedelivery, outcomeWithoutRedelivery } from "./rules";
import { type Ended, endItems, endOperations } from "./sql";

// Accord's own namespace: the same operation and item are the same redelivery for ever, so that a repeat is the same row.
const NAMESPACE = "6f0c1a52-2f0e-4a5e-9d55-4f7c0b8e8a11";
// Chunks watched per beat and source: 10,000 items, each asked by primary key.
const WATCHED_MAX = 20;

/** The id of an item's redelivery: derived, never drawn. */
export const redeliveryId = (operationId: number, item: number): string => uuidv5(`${operationId}/${item}`, NAMESPACE);

const byOf = (name: string, operationId: number): string => `${name}, OP-${operationId}`;
const wishOf = (operationId: number, requestedBy: string, item: Item): Redelivery => ({
  redeliveryId: redeliveryId(operationId, item.item),
  sourceSeq: item.sourceSeq,
  consumer: item.consumer,
  messageId: item.messageId,
  requestedBy,
});

/** Carries out chunks until none waits: claim, effect on the source under the items' ids, then the note that it was sent. Killed anywhere, the next worker does the same again and changes nothing twice. */
export async function carryOut(db: Db, workerId: string, observed: readonly Observed[], signal?: AbortSignal): Promise<number> {
  const able = new Map(observed.filter(({ source }) => source.capabilities.redeliver).map((o) => [o.sourceId, o]));
  let done = 0;
  while (able.size > 0 && !signal?.aborted) {
    const chunk = await claimChunk(db, [...able.keys()], workerId);
    if (!chunk) return done;
    try {
      await carryChunk(db, chunk, able.get(chunk.sourceId)!);
      done++;
    } catch (error) {
      await markFailed(db, chunk, failureWords(error));
      // Its source is away: the others' chunks need not wait for it.
      able.delete(chunk.sourceId);
    }
  }
  return done;
}

async function carryChunk(db: Db, chunk: Chunk, { source, map }: Observed): Promise<void> {
  const items = await selectOpenItems(db, chunk.operationId, chunk.chunk);
  const by = byOf(chunk.requestedByName, chunk.operationId);
  const wishes = items.map((item) => wishOf(chunk.operationId, by, item));
  const ended =
    chunk.kind === "retry"
      ? await endedWith(db, map, chunk.operationId, items, await source.redeliver(wishes))
      : discardedOf(items, await source.discard(items, `${by}: ${chunk.reason}`));
  const now = Date.now();
  await db.transaction(async (tx) => {
    await endItems(tx, chunk.operationId, chunk.chunk, ended, now);
    await markSent(tx, chunk, now);
  });
}

function discardedOf(items: readonly Item[], states: readonly { sourceSeq: string; state: string | null }[]): Ended[] {
  const stateOf = new Map(states.map((row) => [row.sourceSeq, row.state]));
  return items.map(({ item, sourceSeq }): Ended => {
    const state = stateOf.get(sourceSeq) ?? null;
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
  await Promise.all(
    observed.map(async (one) => {
      const chunks = await selectSentChunks(db, one.sourceId, watched.get(one.source) ?? null, WATCHED_MAX);
      // A source with more than one beat's chunks is gone through in turns: what nobody takes keeps nobody else waiting.
      watched.set(one.source, chunks.length < WATCHED_MAX ? null : chunks.at(-1)!);
      for (const chunk of chunks) {
        try {
          await watchChunk(db, chunk, one);
        } catch {
          // The source is away: its items show as uncertain by the age of its last look, and are asked again at the next beat.
          return;
        }
      }
    }),
  );
  // At every beat: a worker that died after the last outcome left an operation that nobody else would end.
  await settleOperations(db, Date.now());
}

async function watchChunk(db: Db, chunk: SentChunk, { source, map }: Observed): Promise<void> {
  const items = await selectOpenItems(db, chunk.operationId, chunk.chunk);
  const wishes = items.map((item) => wishOf(chunk.operationId, byOf(chunk.requestedByName, chunk.operationId), item));
  let { sourceNow, states } = await source.redeliveries(wishes);
  // Parked and not asked for: it was with somebody else when its turn came, or the source was restored to before. The id makes it one wish.
  const unasked = new Set(states.filter((s) => s.state === null && s.deadLetterState === "parked").map((s) => s.redeliveryId));
  if (unasked.size > 0 && source.capabilities.redeliver) {
    const asked = await source.redeliver(wishes.filter((wish) => unasked.has(wish.redeliveryId)));
    states = [...states.filter((s) => !unasked.has(s.redeliveryId)), ...asked];
  }
  const ended = await endedWith(db, map, chunk.operationId, items, states);
  await db.transaction((tx) => endItems(tx, chunk.operationId, chunk.chunk, ended, Date.now()));
  const byId = new Map(items.map((item) => [redeliveryId(chunk.operationId, item.item), item.item]));
  const uncertain = states
    .filter((state) => state.state !== null && isUncertain({ state: state.state, takenAt: state.takenAt }, sourceNow))
    .map((state) => byId.get(state.redeliveryId)!);
  if (uncertain.join() !== chunk.uncertain.join()) await markUncertain(db, chunk.operationId, chunk.chunk, uncertain);
}

/** Outcomes of a retry's items, with what is to be said of each. */
async function endedWith(
  db: Db,
  map: ContractMap,
  operationId: number,
  items: readonly Item[],
  states: readonly RedeliveryState[],
): Promise<Ended[]> {
  return failedAgainWords(db, map, operationId, items, endedOf(operationId, items, states), states);
}

function endedOf(operationId: number, items: readonly Item[], states: readonly RedeliveryState[]): Ended[] {
  const stateOf = new Map(states.map((state) => [state.redeliveryId, state]));
  return items.flatMap(({ item }): Ended[] => {
    const state = stateOf.get(redeliveryId(operationId, item));
    if (!state) return [];
    if (state.state === null) {
      const other = outcomeWithoutRedelivery("retry", state.deadLetterState);
      return other ? [{ item, ...other }] : [];
    }
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
    const mask = maskerOf(old.payload, map.maskingOf(old.zones)).text;
    const errorMessage = mask(state.errorMessage ?? "");
    const errorStack = state.errorStack ?? "";
    const errorType = state.errorType ?? "";
    const { fingerprint } = fingerprintOf({
      sourceId: old.sourceId,
      consumer: consumerOf.get(e.item)!,
      eventType: old.eventType,
      errorType,
      errorMessage,
      // As when it was parked: without a payload the frames stay, they are code.
      errorStack: old.payload === null ? errorStack : mask(errorStack),
    });
    const words = [errorType, errorMessage].filter(Boolean).join(": ").slice(0, 500) || "no reason given";
    return { ...e, detail: `${fingerprint === old.fingerprint ? "Same way" : "New way"}: ${words}` };
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
