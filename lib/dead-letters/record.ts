import type { ContractMap } from "../contracts/map.rules";
import type { Db } from "../db/pool";
import { wholeOrEach } from "../db/savepoint";
import type { Unresolved } from "../facts/rules";
import { sinceOf } from "../sources/clocks.rules";
import type { DeadLetterRow } from "../sources/observable";
import type { Instant } from "../time";
import { unresolvedAgain } from "./closing";
import { forgetAsRead, reopenLetters } from "./closing.sql";
import { type AsRead, type Open, type Returning, selectMet } from "./met.sql";
import { isSettled, type Names } from "./naming";
import { closeOpen, insertOpen, type Parked, selectKnown, updateStates, upsertGroups } from "./record.sql";
import { placeArrived, placeReturned } from "./regrouping/settle";
import { holdPlaces } from "./regrouping/sql";

// A source's clock is estimated anew at each poll, and the same time on it moves with the estimate.
const CLOCK_WOBBLE_MS = 3_000;

const isOpen = (state: string): boolean => state === "parked" || state === "redelivering";

type Offsets = { own: number; of: (sourceId: string | null) => number };
/** What is known of a page's rows beside themselves: what contracts say, what open ones are called, how clocks stand to the store's. */
export type Reading = { map: ContractMap; names: Names; offsets: Offsets; now: Instant };
export type Recorded = {
  opened: Unresolved[];
  closed: { consumer: string; ref: string }[];
  settled: { consumer: string; ref: string }[];
  oddN: number;
};

/**
 * Follows a page of new and changed dead letters: opens, follows, closes, and parks anew. A state that nobody knows counts as parked and is
 * flagged. A letter that the store cannot hold is counted as odd and left where it is, in its source.
 */
export async function recordDeadLetters(
  tx: Db,
  sourceId: string,
  page: readonly DeadLetterRow[],
  reading: Reading,
): Promise<Recorded> {
  if (page.length > 0) await holdPlaces(tx, sourceId);
  const { done, refused } = await wholeOrEach(tx, page, (inner, rows) => recordPage(inner, sourceId, rows, reading));
  return {
    opened: done.flatMap((one) => one.opened),
    closed: done.flatMap((one) => one.closed),
    settled: done.flatMap((one) => one.settled),
    oddN: done.reduce((n, one) => n + one.oddN, refused.length),
  };
}

async function recordPage(tx: Db, sourceId: string, page: readonly DeadLetterRow[], reading: Reading): Promise<Recorded> {
  const { now } = reading;
  const met = await selectMet(tx, sourceId, page.map(idOf));
  const known = new Map(met.flatMap((row) => (row.met === "open" ? [[idOf(row), row]] : [])));
  const asRead = new Map(met.flatMap((row) => (row.met === "closed" && !known.has(idOf(row)) ? [[idOf(row), row]] : [])));
  const changed: string[] = [];
  const toOpen: Parked[] = [];
  const toFollow: { id: number; state: string; attempts: number; mark: string | null }[] = [];
  const toClose: { known: Open; as: string }[] = [];
  const settled: { consumer: string; ref: string }[] = [];
  for (const row of page) {
    const old = known.get(row.sourceDeadLetterId);
    if (isSettled(row)) {
      if (old) toClose.push({ known: old, as: row.state });
      // Parked and settled between two polls: nobody owes it any more.
      else settled.push({ consumer: row.consumer, ref: row.messageId });
      if (asRead.has(row.sourceDeadLetterId)) changed.push(row.sourceDeadLetterId);
      continue;
    }
    const parked = parkedOf(row, reading);
    const closed = asRead.get(row.sourceDeadLetterId);
    if (closed && isAsRead(parked, closed)) continue;
    if (closed) changed.push(row.sourceDeadLetterId);
    if (old && !isAnew(parked, old))
      toFollow.push({ id: old.id, state: parked.state, attempts: row.attempts, mark: row.mark ?? null });
    else {
      if (old) toClose.push({ known: old, as: "parked again" });
      // The same message keeps its number: links lead to it still, and who holds it goes on holding it.
      const before = old ?? closed;
      parked.id = before?.messageId === row.messageId ? before.id : null;
      toOpen.push(parked);
    }
  }
  const reopened = new Set(toOpen.flatMap((parked) => (parked.id === null ? [] : [parked.row.messageId])));
  const closed: { consumer: string; ref: string }[] = [];
  for (const as of new Set(toClose.map((c) => c.as))) {
    const gone = (
      await closeOpen(
        tx,
        toClose.filter((c) => c.as === as).map((c) => c.known.id),
        as,
        now,
      )
    ).map(({ consumer, messageId }) => ({ consumer, ref: messageId }));
    closed.push(...(as === "parked again" ? gone.filter(({ ref }) => !reopened.has(ref)) : gone));
    if (as === "resolved" || as === "discarded") settled.push(...gone);
  }
  await updateStates(tx, toFollow, now);
  const returned = await returnOpen(
    tx,
    sourceId,
    met.filter((row) => row.met === "returning"),
    toOpen,
    now,
  );
  await forgetAsRead(tx, sourceId, changed);
  if (toOpen.length > 0) {
    const { groupOf, routed } = await upsertGroups(tx, sourceId, toOpen);
    await insertOpen(tx, sourceId, toOpen, groupOf, now);
    await placeArrived(
      tx,
      sourceId,
      toOpen.map(({ row }) => row.sourceDeadLetterId),
      routed,
      now,
    );
  }
  return {
    opened: [...toOpen.flatMap((parked) => unresolvedOf(sourceId, parked)), ...returned],
    closed,
    settled,
    oddN: toOpen.filter((parked) => parked.flagged).length,
  };
}

/** Parked again, maybe for another reason: its row starts anew, in the group it belongs to now. After a restore its number may even be another message's. */
function isAnew(parked: Read, old: Pick<Open, "messageId" | "attempts" | "parkedAt">): boolean {
  if (parked.row.messageId !== old.messageId) return true;
  if (parked.state !== "parked") return false;
  // A time that was guessed is another one at every poll.
  return parked.row.attempts !== old.attempts || (!parked.parkedGuessed && parked.parkedOnStore - old.parkedAt > CLOCK_WOBBLE_MS);
}

/** Whether a row is as it was when an operator closed its letter: then its source knows nothing of that, and nothing is new. */
function isAsRead(parked: Read, closed: AsRead): boolean {
  return parked.state === "parked" && !isAnew(parked, closed) && (parked.row.mark ?? null) === closed.mark;
}

/** Takes out of what is to be opened what an operation is just taking back: it is the letter that was closed, and nothing new. */
async function returnOpen(
  tx: Db,
  sourceId: string,
  returning: readonly Returning[],
  toOpen: Parked[],
  now: Instant,
): Promise<Unresolved[]> {
  if (returning.length === 0) return [];
  const messages = new Map(toOpen.map(({ row }) => [row.sourceDeadLetterId, row.messageId]));
  const reopened = await reopenLetters(
    tx,
    returning.filter((row) => messages.get(idOf(row)) === row.messageId).map(({ id }) => id),
    now,
  );
  await placeReturned(tx, sourceId, reopened.map(idOf), now);
  const open = new Set(reopened.map(idOf));
  toOpen.splice(0, toOpen.length, ...toOpen.filter(({ row }) => !open.has(row.sourceDeadLetterId)));
  return reopened.flatMap(unresolvedAgain);
}

const idOf = ({ sourceDeadLetterId }: { sourceDeadLetterId: string }): string => sourceDeadLetterId;

/** Closes dead letters that a re-check found settled or gone. */
export async function closeDeadLetters(
  tx: Db,
  sourceId: string,
  found: readonly { sourceDeadLetterId: string; state: string | null }[],
  now: Instant,
): Promise<Pick<Recorded, "closed" | "settled">> {
  if (found.length > 0) await holdPlaces(tx, sourceId);
  const known = await selectKnown(tx, sourceId, found.map(idOf));
  // A closed letter whose row went as well: nothing stands there any more that it could be taken back to.
  await forgetAsRead(tx, sourceId, found.map(idOf));
  const stateOf = new Map(found.map((row) => [row.sourceDeadLetterId, row.state]));
  const result: Pick<Recorded, "closed" | "settled"> = { closed: [], settled: [] };
  for (const as of ["resolved", "discarded", "gone"]) {
    const ids = known.filter((row) => (stateOf.get(row.sourceDeadLetterId) ?? "gone") === as).map((row) => row.id);
    const gone = (await closeOpen(tx, ids, as, now)).map(({ consumer, messageId }) => ({ consumer, ref: messageId }));
    result.closed.push(...gone);
    if (as !== "gone") result.settled.push(...gone);
  }
  return result;
}

/** A letter as read; `parkedGuessed`: its time was no time, and stands for when it was looked at. */
type Read = Parked & { parkedGuessed: boolean };

function parkedOf(row: DeadLetterRow, { map, names, offsets, now }: Reading): Read {
  const { since, flagged } = sinceOf(row.occurredAt, offsets.of(map.producerOf(row.consumer, row.eventType)), now);
  const parkedAt = sinceOf(row.parkedAt, offsets.own, now);
  return {
    row,
    name: names.get(row)!,
    state: isOpen(row.state) ? row.state : "parked",
    since,
    parkedOnStore: Math.min(Math.round(parkedAt.since), now),
    parkedGuessed: parkedAt.flagged,
    flagged:
      (flagged && !row.untold?.includes("occurredAt")) ||
      (parkedAt.flagged && !row.untold?.includes("parkedAt")) ||
      !isOpen(row.state),
    id: null,
  };
}

function unresolvedOf(sourceId: string, { row, name, since, flagged }: Parked): Unresolved[] {
  return name.zones.map((zoneId) => ({
    sourceId,
    reason: "parked",
    consumer: row.consumer,
    ref: row.messageId,
    zoneId,
    businessKey: row.businessKey,
    eventType: row.eventType,
    since,
    confirmed: true,
    flagged,
  }));
}
