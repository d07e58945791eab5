import type { OpenRefs, Rechecked } from "../../observable";
import { around } from "./around";
import type { Described } from "./columns";
import { stateOf } from "./outcome";
import type { Reading } from "./poll";
import { selectIds, selectRows, selectStanding } from "./read.sql";
import { handledOf, sagaOf } from "./rows";
import type { Shape } from "./shape";

const ROWS_MAX = 5_000;

/** Those of some ids that have a row, whether or not its fields can be read; an id that no row could have has none. */
async function present(read: Reading, at: Described, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await around(ids, (some) => read((client) => selectIds(client, at, some)));
  return new Set(rows);
}

/**
 * Asks by primary key what became of open ids. Ids that no row could have are of another time, and gone; of a row that is there and cannot be
 * read nothing is said.
 */
export async function recheckMapped(read: Reading, shape: Shape, refs: OpenRefs): Promise<Rechecked> {
  return {
    ...(await recheckEvents(read, shape, refs.unpublished)),
    processed: await recheckDeliveries(read, shape, refs.deliveries),
    deadLetters: await recheckLetters(read, shape, refs.deadLetters),
    sagas: await recheckSagas(read, shape, refs.sagas),
  };
}

async function recheckEvents(
  read: Reading,
  { kinds, outbox }: Shape,
  ids: readonly string[],
): Promise<Pick<Rechecked, "published" | "markedPublished" | "unpublishedGone">> {
  const at = kinds.outbox;
  if (!at || !outbox) return { published: [...ids], markedPublished: [], unpublishedGone: [] };
  const conditions = { parked: outbox.pending, done: undefined };
  const found = await around(ids, (some) => read((client) => selectStanding(client, at, some, conditions)));
  const unread = await present(read, at, found.left);
  const rowOf = new Map(found.rows.map((row) => [row.id, row]));
  const isGone = (id: string) => !rowOf.has(id) && !unread.has(id);
  const waits = (id: string): boolean => {
    const row = rowOf.get(id);
    if (row === undefined) return unread.has(id);
    // What waits by its condition waits; without one, what has no mark of having been published.
    return outbox.pending === undefined ? (row.published ?? null) === null : row.isParked !== false;
  };
  const known = outbox.absent === "done" || outbox.published === undefined;
  return {
    published: ids.filter((id) => !waits(id)),
    markedPublished: ids.filter((id) => !waits(id) && (rowOf.get(id)?.published ?? null) !== null),
    unpublishedGone: known ? [] : ids.filter(isGone),
  };
}

async function recheckDeliveries(
  read: Reading,
  { kinds }: Shape,
  deliveries: OpenRefs["deliveries"],
): Promise<Rechecked["processed"]> {
  const at = kinds.inbox;
  if (!at) return [];
  const asked = new Set(deliveries.map(({ consumer, messageId }) => `${consumer}\n${messageId}`));
  const ids = [...new Set(deliveries.map(({ messageId }) => messageId))];
  const { rows } = await around(ids, (some) => read((client) => selectRows(client, at, some, ROWS_MAX)));
  return rows
    .map((row) => handledOf(row))
    .filter(({ consumer, messageId }) => asked.has(`${consumer}\n${messageId}`))
    .map(({ consumer, messageId, processedAt }) => ({ consumer, messageId, processedAt }));
}

async function recheckLetters(
  read: Reading,
  { kinds, letters }: Shape,
  ids: readonly string[],
): Promise<Rechecked["deadLetters"]> {
  const at = kinds.dead_letters;
  const absent = letters?.absent === "done" ? "resolved" : null;
  if (!at || !letters) return ids.map((sourceDeadLetterId) => ({ sourceDeadLetterId, state: null }));
  const found = await around(ids, (some) =>
    read((client) => selectStanding(client, at, some, { parked: letters.parked, done: letters.done })),
  );
  const unread = await present(read, at, found.left);
  const rowOf = new Map(found.rows.map((row) => [row.id, row]));
  return ids.flatMap((sourceDeadLetterId) => {
    const row = rowOf.get(sourceDeadLetterId);
    if (row) return stateOf(row) === "resolved" ? [{ sourceDeadLetterId, state: "resolved" }] : [];
    return unread.has(sourceDeadLetterId) ? [] : [{ sourceDeadLetterId, state: absent }];
  });
}

async function recheckSagas(read: Reading, { kinds, sagas }: Shape, ids: readonly string[]): Promise<Rechecked["sagas"]> {
  const at = kinds.sagas;
  if (!at) return ids.map((sagaId) => ({ sagaId, state: null }));
  const found = await around(ids, (some) => read((client) => selectRows(client, at, some, ROWS_MAX)));
  const unread = await present(read, at, found.left);
  const stateById = new Map(found.rows.map((row) => [row.id, sagaOf(row).state]));
  return ids.flatMap((sagaId) => {
    const state = stateById.get(sagaId);
    if (state === undefined) return unread.has(sagaId) ? [] : [{ sagaId, state: sagas?.absent === "done" ? "completed" : null }];
    return state === "completed" || state === "compensated" ? [{ sagaId, state }] : [];
  });
}
