import type { Db } from "../db/pool";
import { countOpen } from "../dead-letters/sql";
import { countOpenSagas } from "../sagas/sql";
import type { Poll } from "../sources/observable";

/** How many open rows a source has that the store does not know. */
export type Missed = { deadLetters: number; sagas: number };

/**
 * Compares what a source counted with what the store holds after the poll. More than even a reading of everything showed became visible
 * without being written, so that everything is to be read `anew`; `unseen` is what such a reading leaves, since a row may be one that the
 * store cannot hold.
 */
export async function missedBy(
  tx: Db,
  sourceId: string,
  { openN, readAnew }: Poll,
  before: Missed | undefined,
): Promise<{ unseen: Missed | undefined; anew: boolean }> {
  if (openN === null) return { unseen: before, anew: false };
  const [lettersN, sagasN] = [await countOpen(tx, sourceId), await countOpenSagas(tx, sourceId)];
  const beyond = (counted: number | null, known: number) => (counted === null ? 0 : Math.max(0, counted - known));
  const missed = { deadLetters: beyond(openN.deadLetters, lettersN), sagas: beyond(openN.sagas, sagasN) };
  if (readAnew) return { unseen: missed, anew: false };
  const known = before ?? { deadLetters: 0, sagas: 0 };
  const anew = missed.deadLetters > known.deadLetters || missed.sagas > known.sagas;
  const unseen = {
    deadLetters: Math.min(missed.deadLetters, known.deadLetters),
    sagas: Math.min(missed.sagas, known.sagas),
  };
  return { unseen, anew };
}
