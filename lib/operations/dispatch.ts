import type { Db } from "../db/pool";
import { failureWords } from "../sources/failure-words";
import { fromSource, SourceFailure, SourceProblem } from "../sources/failures.rules";
import type { Observed } from "../sources/observed";
import { meanwhile, type Redelivery, type RedeliveryState } from "../sources/redeliverable";
import type { Source } from "../sources/source";
import { discarded, resolved, takenBack } from "./closing";
import { type Chunk, claimChunk, type Item, markFailed, markSent, selectOpenItems } from "./dispatch.sql";
import { requestsOf } from "./edited";
import { endSent } from "./ending";
import { openGates } from "./guards";
import { endedBehind, endedWith } from "./outcomes";

// While a source writes one chunk, the store is asked for the next and told of the last.
const LANES = 2;

/**
 * Dispatches chunks until none waits: claim, effect on the source under the items' ids, then the note that it was sent. Killed anywhere, or
 * with the store away, the next worker does the same again when the claim has run out, and changes nothing twice. Answers how many.
 */
export async function dispatchChunks(
  db: Db,
  workerId: string,
  observed: readonly Observed[],
  signal?: AbortSignal,
): Promise<number> {
  const able = new Map(observed.map((one) => [one.sourceId, one]));
  const inTurn = turns();
  await openGates(db, Date.now());
  const lane = async () => {
    let done = 0;
    while (able.size > 0 && !signal?.aborted) {
      const chunk = await claimChunk(db, [...able.keys()], workerId);
      const from = chunk && observed.find(({ sourceId }) => sourceId === chunk.sourceId);
      if (!from) return done;
      try {
        await dispatchChunk(db, chunk, from, inTurn);
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
  };
  const ended = await Promise.allSettled(Array.from({ length: LANES }, lane));
  // Told when nothing of it goes on any more.
  for (const one of ended) if (one.status === "rejected") throw one.reason;
  return ended.reduce((sum, one) => sum + (one.status === "fulfilled" ? one.value : 0), 0);
}

type InTurn = <T>(sourceId: string, ask: () => Promise<T>) => Promise<T>;

/** A source has one connection for what is asked of it: who wants it next waits here, where no time runs out. */
function turns(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return (sourceId, ask) => {
    const mine = (last.get(sourceId) ?? Promise.resolve()).then(ask);
    last.set(
      sourceId,
      mine.catch(() => {}),
    );
    return mine;
  };
}

/** What its source can no longer do: its configuration was changed after the operation was asked for. */
function able<T>(ability: T | null, chunk: Chunk): T {
  if (ability === null)
    throw new SourceFailure("", { cause: new SourceProblem(`Its configuration allows no ${chunk.kind} any more.`) });
  return ability;
}

async function dispatchChunk(db: Db, chunk: Chunk, { source, map }: Observed, inTurn: InTurn): Promise<void> {
  const open = await selectOpenItems(db, chunk.operationId, chunk.chunk);
  const items = open.filter(({ behind }) => !behind);
  // Of a cancelled operation it is only looked at what was written before: by the watch, which takes back what nobody took.
  if (chunk.cancelled && chunk.kind === "retry") return void (await markSent(db, chunk, Date.now()));
  const { ended, change } = await inTurn(chunk.sourceId, () => carriedOut(db, chunk, items, { source, map }));
  const now = Date.now();
  await db.transaction(async (tx) => {
    // Before their operation's row is held, since this waits for who else writes in their zones.
    await change(tx, now);
    await endSent(tx, chunk.sourceId, chunk, [...open.filter(({ behind }) => behind).map(endedBehind), ...ended], now);
    await markSent(tx, chunk, now);
  });
}

/** The effect of a chunk on its source, and how its items ended as far as that is known by now. */
async function carriedOut(db: Db, chunk: Chunk, items: readonly Item[], { source, map }: Pick<Observed, "source" | "map">) {
  if (chunk.kind === "discard") return discarded(chunk, items, able(source.discardable, chunk));
  if (chunk.kind === "resolve") return resolved(db, chunk, items, source);
  if (chunk.kind === "take_back") return takenBack(db, chunk, items, source);
  if (chunk.patch !== null && !source.redeliverable?.edits)
    throw new SourceFailure("", { cause: new SourceProblem("Its configuration allows no edit any more.") });
  const requests = await requestsOf(db, map, chunk, items);
  const ended = await endedWith(db, map, chunk.operationId, items, await asked(source, chunk, requests));
  return { ended, change: async () => {} };
}

/** Asks for a chunk's requests; a service is asked one by one when the chunk is with it, and here it is seen what moved before. */
async function asked(source: Source, chunk: Chunk, requests: readonly Redelivery[]): Promise<RedeliveryState[]> {
  if (source.callable) return (await fromSource(source.redeliveries(requests))).states.map(meanwhile);
  return fromSource(able(source.redeliverable, chunk).redeliver(requests, chunk.claim > 1));
}
