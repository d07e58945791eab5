import type { Db } from "../db/pool";
import type { Unresolved } from "../facts/rules";
import { deleteUnresolved, insertUnresolved, lockZones, refreshOpenKeys } from "../facts/sql";
import type { Instant } from "../time";
import { keepAsRead, labelClosed, type Reopened, reopenLetters, selectZonesOfIds } from "./closing.sql";
import { closeOpen } from "./record.sql";
import { placeReturned } from "./regrouping/settle";
import { holdPlaces } from "./regrouping/sql";

/** What an operator closes: which letters of a source, as what, by which operation; `written`: their rows in the source were changed too. */
export type Closing = {
  sourceId: string;
  ids: readonly number[];
  as: "discarded" | "by_hand";
  written: boolean;
  operationId: number;
  code: string | null;
};

/** Closes letters at an operator's word, and what counted because of them. What their source showed first is only labelled; a repeat changes nothing. */
export async function closeLetters(tx: Db, closing: Closing, now: Instant): Promise<void> {
  const { sourceId, ids, as } = closing;
  if (ids.length === 0) return;
  await lockZones(tx, await selectZonesOfIds(tx, ids));
  await holdPlaces(tx, sourceId);
  await keepAsRead(tx, ids, closing.written);
  const closed = await closeOpen(tx, ids, as, now, closing);
  await labelClosed(tx, ids, as, closing);
  const facts = closed.map(({ consumer, messageId }) => ({ consumer, ref: messageId }));
  await refreshOpenKeys(tx, [
    ...(await deleteUnresolved(tx, sourceId, "parked", facts)),
    ...(await deleteUnresolved(tx, sourceId, "undelivered", facts)),
  ]);
}

/** Opens letters again that operators had closed, and lets them count as they did. A repeat changes nothing. */
export async function returnLetters(tx: Db, sourceId: string, ids: readonly number[], now: Instant): Promise<void> {
  if (ids.length === 0) return;
  await lockZones(tx, await selectZonesOfIds(tx, ids));
  await holdPlaces(tx, sourceId);
  const reopened = await reopenLetters(tx, ids, now);
  await placeReturned(tx, sourceId, reopened.map(idOf), now);
  await refreshOpenKeys(tx, await insertUnresolved(tx, reopened.flatMap(unresolvedAgain)));
}

const idOf = ({ sourceDeadLetterId }: Reopened): string => sourceDeadLetterId;

/** What counts because of letters that were opened again. */
export const unresolvedAgain = ({
  zones,
  sourceId,
  consumer,
  messageId,
  businessKey,
  eventType,
  since,
}: Reopened): Unresolved[] =>
  zones.map((zoneId) => ({
    ...{ sourceId, reason: "parked", consumer, ref: messageId, zoneId, businessKey, eventType, since },
    ...{ confirmed: true, flagged: false },
  }));
