import type { Db } from "../db/pool";
import { recordDeadLetters } from "../dead-letters/record";
import { addSamples } from "../lag/sql";
import { recordSagas } from "../sagas/record";
import { selectSagaZones } from "../sagas/sql";
import { addCounts, deleteOldCounts } from "../sources/counts.sql";
import { timesOff } from "../sources/rules";
import type { Look, Source } from "../sources/source";
import { type Held, holdSource, recordFailure, recordLook, recordVersions, selectClocks } from "../sources/sql";
import { days, hours, type Instant } from "../time";
import { countsOf } from "./counts";
import { recordDeliveries } from "./deliveries";
import { Fenced, fromSource, SourceFailure } from "./failures";
import { figuresOf } from "./figures";
import { LagTally } from "./lags";
import { furthestOff, misdatedOf } from "./misdated";
import { recheckSource } from "./recheck";
import { backoffMs, type ContractMap, clockOffset, failureWords, limits } from "./rules";
import {
  deleteSeenBefore,
  deleteUnresolved,
  deleteUnresolvedExcept,
  insertUnresolved,
  lockZones,
  refreshOpenKeys,
  type ZoneKey,
} from "./sql";
import { readSagaSteps } from "./steps";

/** A source that this worker may look at: how to reach it, and what the contracts say about its rows; `meaning` tells one set of contracts from another. */
export type Observed = { sourceId: string; service: string; source: Source; map: ContractMap; meaning?: string };
export type Observer = { db: Db; workerId: string; pageSize?: number };

/** Where a look ended, and what its rows meant then: under other contracts they mean something else, and are read anew. */
type Stored = { meaning: string; at: unknown };
const cursorOf = (stored: unknown, meaning: string): unknown =>
  (stored as Stored | null)?.meaning === meaning ? (stored as Stored).at : null;

/**
 * Looks at a source once, if this worker holds or gets its lease: reads pages until nothing more waits or the beat is used up. A source
 * that cannot be read is recorded with its reason and backed off; nothing is thrown for it. Answers whether more is waiting.
 */
export async function observeSource(
  observer: Observer,
  observed: Observed,
): Promise<"done" | "more" | "held elsewhere" | "failed"> {
  let more = false;
  for (let page = 0; page < limits.pagesPerBeat; page++) {
    const held = await holdSource(observer.db, observed.sourceId, observer.workerId);
    if (!held) return "held elsewhere";
    try {
      more = await observePage(observer, observed, held, page === limits.pagesPerBeat - 1);
      if (!more) {
        await recheckSource(observer.db, observer.workerId, observed, held);
        await readSagaSteps(observer.db, observer.workerId, observed, held);
      }
    } catch (error) {
      if (error instanceof Fenced) return "held elsewhere";
      // What the store refuses is no news of the source.
      if (!(error instanceof SourceFailure)) throw error;
      const words = failureWords(error.cause);
      await recordFailure(observer.db, observed.sourceId, observer.workerId, words, backoffMs(held.failures + 1));
      return "failed";
    }
    if (!more) return "done";
  }
  return "more";
}

async function observePage(observer: Observer, observed: Observed, held: Held, lastOfBeat: boolean): Promise<boolean> {
  const startedAt = performance.now();
  const cursor = cursorOf(held.cursor, observed.meaning ?? "");
  const look = await fromSource(observed.source.look(cursor, observer.pageSize ?? limits.pageSize));
  const lookMs = performance.now() - startedAt;
  const clockOffsetMs = clockOffset(held.clockOffsetMs, { before: held.now, after: held.now + lookMs }, look.sourceNow);
  const now = held.now + lookMs;
  await observer.db.transaction(async (tx) => {
    await record(tx, observer, observed, { held, look, lookMs, clockOffsetMs, now, last: lastOfBeat || !look.more });
  });
  return look.more;
}

/** `last`: no other page follows in this beat. */
type LookAt = { held: Held; look: Look; lookMs: number; clockOffsetMs: number; now: Instant; last: boolean };

/** Everything a page says, in one transaction with the move of the cursor. */
async function record(
  tx: Db,
  observer: Observer,
  { sourceId, service, map, meaning }: Observed,
  { held, look, lookMs, clockOffsetMs, now, last }: LookAt,
): Promise<void> {
  const zones = new Set([
    ...map.zonesOfSource(sourceId),
    ...look.sagas.map((saga) => map.zoneOfSaga(saga.sagaType)),
    ...(await selectSagaZones(tx, sourceId)),
    ...[...look.deadLetters, ...look.held].flatMap((row) => map.zonesOfConsumed(row.consumer, row.eventType)),
  ]);
  await lockZones(tx, [...zones].filter(Boolean));
  const clocks = await selectClocks(tx);
  const offsets = {
    own: clockOffsetMs,
    of: (id: string | null) => (id === null || id === sourceId ? clockOffsetMs : (clocks.get(id)?.offsetMs ?? 0)),
  };
  const misdated = misdatedOf(look, {
    own: clockOffsetMs,
    of: (consumer, eventType) => offsets.of(map.producerOf(consumer, eventType)),
    producerIsOff: (consumer, eventType) => {
      const clock = clocks.get(map.producerOf(consumer, eventType) ?? "");
      return clock !== undefined && timesOff(clock, now) !== null;
    },
  });
  const tally = new LagTally();
  const changed: ZoneKey[] = [];
  let oddN = 0;

  const deliveries = await recordDeliveries(tx, { sourceId, map, offsets, now }, look, tally);
  changed.push(...deliveries.changed);
  oddN += deliveries.oddN;

  const letters = await recordDeadLetters(tx, sourceId, look.deadLetters, map, offsets, now);
  changed.push(
    ...(await deleteUnresolved(tx, sourceId, "parked", letters.closed)),
    ...(await deleteUnresolved(tx, sourceId, "undelivered", letters.settled)),
  );
  changed.push(...(await insertUnresolved(tx, letters.opened)));
  oddN += letters.oddN;

  const stuck = await recordSagas(tx, sourceId, look, map, clockOffsetMs, now);
  changed.push(...(await deleteUnresolvedExcept(tx, sourceId, "saga", stuck)), ...(await insertUnresolved(tx, stuck)));

  await refreshOpenKeys(tx, changed);
  // All that waits is counted once a beat: with every page of a backlog, the backlog would be read as often as it has pages.
  await addSamples(tx, now, last ? await tally.withWaiting(tx, sourceId, now) : tally.all());
  await recordVersions(tx, sourceId, versionsOf(service, look), now);
  await addCounts(tx, sourceId, countsOf(sourceId, look, map, misdated), now);

  const figures = last ? await figuresOf(tx, sourceId, now) : null;
  const stored: Stored = { meaning: meaning ?? "", at: look.cursor };
  const stands = await recordLook(tx, sourceId, observer.workerId, held.epoch, {
    ...look,
    cursor: stored,
    lookMs,
    clockOffsetMs,
    timesOffMs: furthestOff(misdated),
    figures,
    oddN,
    changed: changed.length > 0,
  });
  if (!stands) throw new Fenced();
}

function versionsOf(service: string, look: Look): { consumer: string; version: string }[] {
  const seen = [
    ...look.inbox.map((row) => ({ consumer: row.consumer, version: row.consumerVersion })),
    ...look.deadLetters.map((row) => ({ consumer: row.consumer, version: row.consumerVersion })),
    ...look.outbox.map((row) => ({ consumer: service, version: row.producerVersion })),
  ];
  const distinct = new Map<string, { consumer: string; version: string }>();
  for (const { consumer, version } of seen) if (version) distinct.set(`${consumer}\n${version}`, { consumer, version });
  return [...distinct.values()];
}

/** Forgets what waited in vain for the other side of its delivery, and counts that nobody looks at any more. */
export async function forgetObserved(db: Db, now: Instant): Promise<void> {
  await deleteSeenBefore(db, now - limits.tombstoneMs);
  await deleteOldCounts(db, now - days(30), now - hours(2));
}
