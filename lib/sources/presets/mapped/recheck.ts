import type { OpenRefs, Rechecked } from "../../observable";
import { around } from "./around";
import type { Reading } from "./poll";
import { type MappedRow, selectRows, selectStanding } from "./read.sql";
import { sagaOf } from "./rows";
import type { Shape } from "./shape";

const ROWS_MAX = 5_000;

/** Asks by primary key what became of open ids. Ids that no row could have are of another time, and gone. */
export async function recheckMapped(read: Reading, shape: Shape, refs: OpenRefs): Promise<Rechecked> {
  const { kinds, letters, outbox } = shape;
  const rows = async (kind: "outbox" | "inbox" | "sagas", ids: readonly string[]): Promise<MappedRow[] | null> => {
    const at = kinds[kind];
    if (!at) return null;
    return (await around(ids, (some) => read((client) => selectRows(client, at, some, ROWS_MAX)))).rows;
  };
  const events = await rows("outbox", refs.unpublished);
  const eventOf = new Map(events?.map((row) => [row.id, row]));
  // A job that is over and kept is told apart by the condition of those that wait, when its set is next read.
  const isPublished = (row: MappedRow) => outbox?.published !== undefined && (row.published ?? null) !== null;
  const published = refs.unpublished.filter((id) => !eventOf.has(id) || isPublished(eventOf.get(id)!));
  // Where a row that is gone was published, nothing was lost.
  const lost =
    outbox?.absent === "done" || outbox?.published === undefined ? [] : refs.unpublished.filter((id) => !eventOf.has(id));
  const handled = await rows("inbox", [...new Set(refs.deliveries.map(({ messageId }) => messageId))]);
  const asked = new Set(refs.deliveries.map(({ consumer, messageId }) => `${consumer}\n${messageId}`));
  const standing = kinds.dead_letters
    ? (
        await around(refs.deadLetters, (some) =>
          read((client) => selectStanding(client, kinds.dead_letters!, some, { parked: letters!.parked, done: letters!.done })),
        )
      ).rows
    : [];
  const letterOf = new Map(standing.map((row) => [row.id, row]));
  const sagas = new Map((await rows("sagas", refs.sagas))?.map((row) => [row.id, sagaOf(row).state]));
  return {
    published,
    unpublishedGone: lost,
    processed: (handled ?? [])
      .filter((row) => asked.has(`${row.consumer}\n${row.id}`))
      .map((row) => ({
        consumer: String(row.consumer),
        messageId: row.id,
        processedAt: row.processed === null ? null : Number(row.processed),
      })),
    deadLetters: refs.deadLetters.flatMap((id) => {
      const row = letterOf.get(id);
      if (row?.isParked) return [];
      if (row) return row.isDone ? [{ sourceDeadLetterId: id, state: "resolved" }] : [];
      return [{ sourceDeadLetterId: id, state: letters?.absent === "done" ? "resolved" : null }];
    }),
    sagas: refs.sagas.flatMap((sagaId) => {
      const state = sagas.get(sagaId);
      if (state === undefined) return [{ sagaId, state: shape.sagas?.absent === "done" ? "completed" : null }];
      return state === "completed" || state === "compensated" ? [{ sagaId, state }] : [];
    }),
  };
}
