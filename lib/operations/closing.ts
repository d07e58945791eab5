import type { Db } from "../db/pool";
import { type Closing, closeLetters, returnLetters } from "../dead-letters/closing";
import { fromSource } from "../sources/failures.rules";
import type { Settled } from "../sources/settleable";
import type { Source } from "../sources/source";
import type { Instant } from "../time";
import { type ClosedBefore, selectClosedBefore, selectStands } from "./closing.sql";
import type { Chunk, Item } from "./dispatch.sql";
import { byOf } from "./request";
import { type OperationKind, outcomeWithoutRedelivery } from "./rules";
import type { Ended } from "./sql";

type Closed = {
  ended: Ended[];
  /** What their ends mean for the letters, in the transaction that notes them. */
  change: (tx: Db, now: Instant) => Promise<void>;
};

const NEVER = "Its row in the source was never changed: Accord alone kept it as resolved.";
const ALONE = "Its row in the source stays as it was: Accord alone keeps it as resolved.";

/** What is left on a row by who closes it; by these words it is known again, and parked again. */
export const closingWords = ({
  requestedByName,
  operationId,
  reason,
}: Pick<Chunk, "requestedByName" | "operationId" | "reason">) => `${byOf(requestedByName, operationId)}: ${reason}`;

/** Puts letters aside in their source. */
export async function discarded(
  chunk: Chunk,
  items: readonly Item[],
  discard: NonNullable<Source["discardable"]>,
): Promise<Closed> {
  const found = await fromSource(discard.discard(items, closingWords(chunk)));
  return closedAs(chunk, items, endedBy("discard", items, stateById(found)), "discarded", true);
}

/** Marks letters as done by hand: on their rows where those may be written, else in the store alone. */
export async function resolved(db: Db, chunk: Chunk, items: readonly Item[], { settleable }: Source): Promise<Closed> {
  if (settleable === null) {
    const stands = await selectStands(
      db,
      items.map(({ deadLetter }) => deadLetter),
    );
    const ended = items.map((item): Ended => {
      const state = stands.get(item.deadLetter) ?? null;
      return state === "parked" || state === "by_hand"
        ? { item: item.item, outcome: "by_hand", detail: ALONE }
        : left("resolve", item, state);
    });
    return closedAs(chunk, items, ended, "by_hand", false);
  }
  const words = closingWords(chunk);
  const found = await fromSource(settleable.resolve(items, words));
  // What is resolved with these words on it was resolved by this, now or before a crash.
  const states = found.map((row) => ({
    ...row,
    state: row.state === "resolved" && row.reason === words ? "by_hand" : row.state,
  }));
  return closedAs(chunk, items, endedBy("resolve", items, stateById(states)), "by_hand", true);
}

/** Parks letters again that were closed: in their source where its row was changed, if it stands as it was left. */
export async function takenBack(db: Db, chunk: Chunk, items: readonly Item[], { settleable }: Source): Promise<Closed> {
  const before = await selectClosedBefore(
    db,
    chunk.operationId,
    items.map(({ item }) => item),
  );
  const inSource = items.filter(({ item }) => before.has(item) && before.get(item)!.written !== false);
  const words = closingWords(chunk);
  const letters = inSource.map((item) => ({ ...item, closedFor: closingWords(before.get(item.item)!) }));
  const found = settleable && letters.length > 0 ? await fromSource(settleable.takeBack(letters, words)) : [];
  const rowOf = new Map(found.map((row) => [row.sourceDeadLetterId, row]));
  const ended = items.map((item): Ended => {
    const detail = whyNotBack(before.get(item.item), settleable !== null, rowOf.get(item.sourceDeadLetterId), words);
    if (detail !== null) return { item: item.item, outcome: "stale", detail };
    return { item: item.item, outcome: "taken_back", detail: before.get(item.item)!.written === false ? NEVER : null };
  });
  const back = idsOf(items, ended, "taken_back");
  return { ended, change: (tx, now) => returnLetters(tx, chunk.sourceId, back, now) };
}

/** Why a letter stays closed, in words; null when it was parked again. */
function whyNotBack(before: ClosedBefore | undefined, settles: boolean, row: Settled | undefined, words: string): string | null {
  if (!before) return "Nothing is kept any more of how it was closed; it stays closed.";
  if (before.written === false) return null;
  if (!settles)
    return before.outcome === "discarded"
      ? "Its framework has no way back from a discard; it stays discarded."
      : "Its row in the source changed or went since; it stays closed.";
  if (!row || row.state === null) return "Its source does not keep it any more: there is nothing to take back.";
  if (row.state === "parked" && row.reason === words) return null;
  if (row.state === "parked" || row.state === "redelivering") return `It is ${row.state} already, by somebody else.`;
  return `It is ${row.state} in its source for another reason by now, and stays so.`;
}

const stateById = (rows: readonly { sourceDeadLetterId: string; state: string | null }[]) =>
  new Map(rows.map((row) => [row.sourceDeadLetterId, row.state]));

const endedBy = (kind: "discard" | "resolve", items: readonly Item[], states: ReadonlyMap<string, string | null>): Ended[] =>
  items.map((item) => left(kind, item, states.get(item.sourceDeadLetterId) ?? null));

/** How an item ended whose letter stands so after its turn. */
function left(kind: Extract<OperationKind, "discard" | "resolve">, { item }: Item, state: string | null): Ended {
  if (state === "discarded" && kind === "discard") return { item, outcome: "discarded", detail: null };
  if (state === "by_hand" && kind === "resolve") return { item, outcome: "by_hand", detail: null };
  const other = outcomeWithoutRedelivery(kind, state === "gone" ? null : state);
  const verb = kind === "discard" ? "discarded" : "resolved";
  return other
    ? { item, ...other }
    : { item, outcome: "failed_again", detail: `It is ${state} in its source and was not ${verb}.` };
}

const idsOf = (items: readonly Item[], ended: readonly Ended[], outcome: Ended["outcome"]): number[] => {
  const wanted = new Set(ended.filter((one) => one.outcome === outcome).map(({ item }) => item));
  return items.filter(({ item }) => wanted.has(item)).map(({ deadLetter }) => deadLetter);
};

function closedAs(chunk: Chunk, items: readonly Item[], ended: Ended[], as: Closing["as"], written: boolean): Closed {
  const { sourceId, operationId, code } = chunk;
  const ids = idsOf(items, ended, as);
  return { ended, change: (tx, now) => closeLetters(tx, { sourceId, ids, as, written, operationId, code }, now) };
}
