import type { Db } from "../db/pool";
import { closeDeadLetters, recordDeadLetters } from "../dead-letters/record";
import { selectZonesOfLetters } from "../dead-letters/record.sql";
import type { ZoneKey } from "../facts/rules";
import { deleteUnresolved, deleteUnresolvedExcept, insertUnresolved, refreshOpenKeys } from "../facts/sql";
import { addSamples } from "../lag/sql";
import { ObjectiveTally } from "../objectives/tally";
import { recordSagas, stuckSagas } from "../sagas/record";
import { endSagas } from "../sagas/sql";
import { clockOffset } from "../sources/clocks.rules";
import { addCounts, deleteOldCounts } from "../sources/counts.sql";
import { failureWords } from "../sources/failure-words";
import { Fenced, SourceFailure } from "../sources/failures.rules";
import type { Observed } from "../sources/observed";
import { timesOff } from "../sources/rules";
import { type Held, holdSource, recordAbilities, recordFailure, recordPoll, recordVersions, selectClocks } from "../sources/sql";
import { days, hours, type Instant } from "../time";
import { countsOf } from "./counts";
import { recordDeliveries } from "./deliveries";
import { figuresOf } from "./figures";
import { LagTally } from "./lags";
import { furthestOff, misdatedOf } from "./misdated";
import { type Missed, missedBy } from "./missed";
import { type Page, Pages } from "./pages";
import { recheckSource } from "./recheck";
import { backoffMs, limits } from "./rules";
import { deleteSeenBefore, lockZonesOf } from "./sql";
import { readSagaSteps } from "./steps";
import { SeenVersions } from "./versions";

/** Who looks: over which store, under which name; `pageSize` for tests that want many pages. */
export type Observer = { db: Db; workerId: string; pageSize?: number };

/** Where a poll ended, and what its rows meant then: under other contracts they mean something else, and are read anew. */
/** `unseen`: how many open rows not even reading everything anew showed; `begunAt`: when the round began of which more pages are to come. */
type Stored = { contractHash: string; at: unknown; unseen?: Missed; begunAt?: Instant };
const cursorOf = (stored: unknown, contractHash: string): unknown =>
  (stored as Stored | null)?.contractHash === contractHash ? (stored as Stored).at : null;

/**
 * Polls a source once, if this worker holds or gets its lease: reads pages until nothing more waits or the poll is used up. A source
 * that cannot be read is recorded with its reason and backed off; nothing is thrown for it. Answers whether more is waiting.
 */
export async function observeSource(
  observer: Observer,
  observed: Observed,
): Promise<"done" | "more" | "held elsewhere" | "failed"> {
  const pages = new Pages(observed, observer.pageSize ?? limits.pageSize);
  try {
    return await observePages(observer, observed, pages);
  } finally {
    await pages.settled();
  }
}

async function observePages(
  observer: Observer,
  observed: Observed,
  pages: Pages,
): Promise<"done" | "more" | "held elsewhere" | "failed"> {
  const versions = new SeenVersions(observed.service);
  const first = await holdSource(observer.db, observed.sourceId, observer.workerId);
  if (!first) return "held elsewhere";
  let held = first;
  for (let n = 1; n <= limits.pagesPerPoll; n++) {
    try {
      const page = await pages.next(held, cursorOf(held.cursor, observed.contractHash ?? ""));
      const last = n === limits.pagesPerPoll || !page.poll.more;
      if (!last) pages.readAhead(held, page);
      const at = { held, page, last, versions };
      const goesOn = await observer.db.transaction((tx) => record(tx, observer, observed, at));
      if (!page.poll.more) {
        await recheckSource(observer.db, observer.workerId, observed, held, page.poll.resumed);
        await readSagaSteps(observer.db, observer.workerId, observed, held);
        return "done";
      }
      held = goesOn;
    } catch (error) {
      if (error instanceof Fenced) return "held elsewhere";
      // What the store refuses is no news of the source.
      if (!(error instanceof SourceFailure)) throw error;
      const words = failureWords(error.cause);
      await recordFailure(observer.db, observed.sourceId, observer.workerId, words, backoffMs(held.failures + 1));
      return "failed";
    }
  }
  return "more";
}

/** `last`: no other page follows in this poll. `versions`: those of its pages before. */
type PollAt = { held: Held; page: Page; last: boolean; versions: SeenVersions };

/** Everything a page says, in one transaction with the move of the cursor; how the source is held from then on. */
async function record(
  tx: Db,
  observer: Observer,
  { sourceId, map, contractHash }: Observed,
  { held, page: { poll, foreign, names, before, after: now }, last, versions }: PollAt,
): Promise<Held> {
  const clockOffsetMs = clockOffset(held.clockOffsetMs, { before, after: now }, poll.sourceNow);
  const zones = new Set([
    ...map.zonesOfSource(sourceId),
    ...poll.sagas.map((saga) => map.zoneOfSaga(saga.sagaType)),
    ...(await selectZonesOfLetters(
      tx,
      sourceId,
      (poll.gone?.deadLetters ?? []).map((letter) => letter.sourceDeadLetterId),
    )),
    ...[...poll.deadLetters, ...poll.held].flatMap((row) => map.zonesOfConsumed(row.consumer, row.eventType)),
  ]);
  await lockZonesOf(tx, sourceId, [...zones].filter(Boolean), last);
  const clocks = await selectClocks(tx);
  const offsets = {
    own: clockOffsetMs,
    of: (id: string | null) => (id === null || id === sourceId ? clockOffsetMs : (clocks.get(id)?.offsetMs ?? 0)),
  };
  const misdated = misdatedOf(poll, {
    own: clockOffsetMs,
    of: (consumer, eventType) => offsets.of(map.producerOf(consumer, eventType)),
    producerIsOff: (consumer, eventType) => {
      const clock = clocks.get(map.producerOf(consumer, eventType) ?? "");
      return clock !== undefined && timesOff(clock, now) !== null;
    },
  });
  const tally = new LagTally();
  const changed: ZoneKey[] = [];
  let oddN = poll.unreadableN;

  const promises = new ObjectiveTally(map.windowMs);
  const deliveries = await recordDeliveries(tx, { sourceId, map, offsets, now, promises, last }, poll, tally);
  changed.push(...deliveries.changed);
  oddN += deliveries.oddN;

  const letters = await recordDeadLetters(tx, sourceId, poll.deadLetters, { map, names, offsets, now });
  changed.push(
    ...(await deleteUnresolved(tx, sourceId, "parked", letters.closed)),
    ...(await deleteUnresolved(tx, sourceId, "undelivered", letters.settled)),
  );
  changed.push(...(await insertUnresolved(tx, letters.opened)));
  oddN += letters.oddN;
  const gone = await closeDeadLetters(tx, sourceId, [...foreign.letters, ...(poll.gone?.deadLetters ?? [])], now);
  changed.push(
    ...(await deleteUnresolved(tx, sourceId, "parked", gone.closed)),
    ...(await deleteUnresolved(tx, sourceId, "undelivered", gone.settled)),
  );
  await endSagas(tx, sourceId, poll.gone?.sagas ?? [], now);
  const withdrawn = (poll.gone?.events ?? []).map((ref) => ({ consumer: "", ref }));
  changed.push(...(await deleteUnresolved(tx, sourceId, "unpublished", withdrawn)));

  await recordSagas(tx, sourceId, poll, map, clockOffsetMs, now);
  if (last) {
    const stuck = await stuckSagas(tx, sourceId, now);
    changed.push(...(await deleteUnresolvedExcept(tx, sourceId, "saga", stuck)), ...(await insertUnresolved(tx, stuck)));
  }

  // As of when everything that the source knew has been read: the rest of a round of several pages is as old as its first.
  const begunAt = (held.cursor as Stored | null)?.begunAt ?? held.now;
  if (!poll.more) await promises.missed(tx, sourceId, map.zonesOfSource(sourceId), begunAt);
  await promises.write(tx);

  await refreshOpenKeys(tx, changed);
  // All that waits is counted once a poll: with every page of a backlog, the backlog would be read as often as it has pages.
  await addSamples(tx, now, last ? await tally.withWaiting(tx, sourceId, now) : tally.all());
  // Most pages show what the one before showed.
  if (versions.add(poll) || last) await recordVersions(tx, sourceId, versions.all(), now);
  await addCounts(tx, sourceId, countsOf(sourceId, poll, map, { misdated, published: deliveries.published }), now);

  const figures = last ? await figuresOf(tx, sourceId, now) : null;
  const { unseen, anew } = await missedBy(tx, sourceId, poll, (held.cursor as Stored | null)?.unseen);
  const stored: Stored = {
    contractHash: contractHash ?? "",
    at: anew ? null : poll.cursor,
    ...(unseen && { unseen }),
    ...(poll.more && { begunAt }),
  };
  const stands = await recordPoll(tx, sourceId, observer.workerId, held.epoch, {
    ...poll,
    reread: anew ? "rows became visible that nobody wrote: restored, replicated or attached" : poll.reread,
    cursor: stored,
    pollMs: now - before,
    clockOffsetMs,
    timesOffMs: furthestOff(misdated),
    figures,
    oddN,
    foreign: foreign.consumers,
    // What is parked again in another group opens no fact, and moves a message from one count to another.
    changed: changed.length + letters.opened.length + letters.closed.length + gone.closed.length > 0,
  });
  if (!stands) throw new Fenced();
  if (poll.abilities) await recordAbilities(tx, sourceId, poll.abilities);
  return stands;
}

/** Forgets what waited in vain for the other side of its delivery, and counts that nobody looks at any more. */
export async function forgetObserved(db: Db, now: Instant): Promise<void> {
  await deleteSeenBefore(db, now - limits.tombstoneMs);
  await deleteOldCounts(db, now - days(30), now - hours(2));
}
