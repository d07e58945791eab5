import type { Db } from "../db/pool";
import { closeDeadLetters } from "../dead-letters/record";
import { selectSourceDeadLetterIds, selectUnnamedSeqs, withoutLetter } from "../dead-letters/record.sql";
import type { ZoneKey } from "../facts/rules";
import { type Closed, confirmUnresolved, deleteUnresolved, lockZones, refreshOpenKeys } from "../facts/sql";
import { ObjectiveTally } from "../objectives/tally";
import { endSagas, selectOpenSagas } from "../sagas/sql";
import { sinceOf } from "../sources/clocks.rules";
import { addCounts } from "../sources/counts.sql";
import { Fenced, fromSource } from "../sources/failures.rules";
import type { OpenRefs, Rechecked } from "../sources/observable";
import type { Observed } from "../sources/observed";
import type { Count } from "../sources/rules";
import { type Held, markChanged, recordRecheck, stillHeld } from "../sources/sql";
import { minutes } from "../time";
import { limits } from "./rules";
import { deliveryKey, insertSeen, type OpenFact, type SeenRow, selectFactZones, selectToRecheck, selectUnconfirmed } from "./sql";

const RECHECK_EVERY_MS = minutes(1);

/**
 * Asks the source by primary key what became of open facts: deletes leave nothing that a poll could see. Deliveries that a first
 * read opened are asked at once; the rest a page a poll, all of them about once a minute while they are few, and at once where the
 * poll `resumed`.
 */
export async function recheckSource(db: Db, workerId: string, observed: Observed, held: Held, resumed = false): Promise<void> {
  const { sourceId } = observed;
  const unconfirmed = await selectUnconfirmed(db, sourceId, limits.recheckPageSize);
  if (unconfirmed.length > 0) await recheckPage(db, workerId, observed, held, unconfirmed);

  const place = resumed ? null : held.rechecked;
  if (place !== null && place.after === null && held.now - place.startedAt < RECHECK_EVERY_MS) return;
  const startedAt = place === null || place.after === null ? held.now : place.startedAt;
  const page = await selectToRecheck(db, sourceId, place?.after ?? null, limits.recheckPageSize);
  await recheckPage(db, workerId, observed, held, page, resumed);
  const last = page.length === limits.recheckPageSize ? page.at(-1)! : null;
  await recordRecheck(db, sourceId, workerId, {
    after: last && { reason: last.reason, consumer: last.consumer, ref: last.ref },
    startedAt,
  });
}

async function recheckPage(
  db: Db,
  workerId: string,
  observed: Observed,
  held: Held,
  page: readonly OpenFact[],
  resumed = false,
): Promise<void> {
  const { sourceId, source, map } = observed;
  const of = (reason: string) => page.filter((fact) => fact.reason === reason);
  const parked = of("parked");
  const seqs = await selectSourceDeadLetterIds(
    db,
    sourceId,
    parked.map((fact) => fact.ref),
  );
  const refs: OpenRefs = {
    unpublished: of("unpublished").map((fact) => fact.ref),
    deliveries: of("undelivered").map((fact) => ({ consumer: fact.consumer, messageId: fact.ref })),
    // What no contract names has no open fact to be asked by.
    deadLetters: [...seqs, ...(await selectUnnamedSeqs(db, sourceId, limits.recheckPageSize))],
    sagas: await selectOpenSagas(db, sourceId, limits.recheckPageSize),
  };
  const found = await fromSource(source.recheck(refs));
  // Right after a poll resumed, its next one tells what was published, and counts it: closed here, it would be met as new after another restart.
  const published = resumed ? found.published.filter((ref) => !found.markedPublished.includes(ref)) : found.published;
  const processed = found.processed.map((row) => ({ consumer: row.consumer, ref: row.messageId }));
  const gone = new Set(processed.map((fact) => `${fact.consumer}\n${fact.ref}`));
  await db.transaction(async (tx) => {
    // What was deleted before it was published nobody will ever receive.
    const lost = of("unpublished").filter((fact) => found.unpublishedGone.includes(fact.ref));
    await lockZones(tx, [...new Set([...map.zonesOfSource(sourceId), ...(await selectFactZones(tx, sourceId, page))])]);
    // The answer is as old as the question: by now another worker may have seen the letter parked again.
    if (!(await stillHeld(tx, sourceId, workerId, held.epoch))) throw new Fenced();
    const letters = await closeDeadLetters(tx, sourceId, found.deadLetters, held.now);
    await endSagas(tx, sourceId, found.sagas, held.now);
    const left = await deleteUnresolved(
      tx,
      sourceId,
      "unpublished",
      published.map((ref) => ({ consumer: "", ref })),
    );
    const delivered = await deleteUnresolved(tx, sourceId, "undelivered", processed);
    await countDelivered(tx, observed, delivered, found.processed, held);
    const changed = [
      ...left,
      ...delivered,
      ...(await deleteUnresolved(tx, sourceId, "undelivered", letters.settled)),
      ...(await deleteLost(tx, observed, lost)),
      ...(await deleteUnresolved(tx, sourceId, "parked", [...letters.closed, ...(await withoutLetter(tx, sourceId, parked))])),
      ...(await confirmUnresolved(
        tx,
        sourceId,
        of("undelivered").filter((fact) => !fact.confirmed && !gone.has(`${fact.consumer}\n${fact.ref}`)),
      )),
    ];
    await refreshOpenKeys(tx, changed);
    if (changed.length + letters.closed.length > 0) await markChanged(tx, sourceId);
    // A poll counts what leaves the open ones; of these it will find that they left.
    const sent = left.filter(({ ref }) => found.markedPublished.includes(ref));
    await addCounts(tx, sourceId, [...countsOf("lost", lost), ...countsOf("published", sent)], held.now);
  });
}

/** Counts what was found processed; its inbox row, which a poll may still tell, and an outbox row that is read anew, do not count it again. */
async function countDelivered(
  tx: Db,
  { map }: Observed,
  delivered: readonly Closed[],
  processed: Rechecked["processed"],
  { now, clockOffsetMs }: Held,
): Promise<void> {
  const at = new Map(processed.map((row) => [deliveryKey(row), sinceOf(row.processedAt, clockOffsetMs ?? 0, now).since]));
  const promises = new ObjectiveTally(map.windowMs);
  // Found in a reading anew, and over before it was asked for: counted in its time, if that was ours.
  const counted = delivered.filter((fact) => fact.confirmed || !fact.retold);
  const seen = new Map<string, SeenRow>();
  for (const fact of counted) {
    const { consumer, ref: messageId } = fact;
    const processedAt = at.get(deliveryKey({ consumer, messageId })) ?? now;
    promises.converged(fact, { ...fact, processedAt });
    seen.set(deliveryKey({ consumer, messageId }), { consumer, messageId, processedAt, counted: true });
  }
  await insertSeen(tx, [...seen.values()], now);
  await promises.write(tx);
}

/** Closes what consumers were still owed of lost events, wherever their sources are. */
async function deleteLost(tx: Db, { sourceId, map }: Observed, lost: readonly OpenFact[]): Promise<ZoneKey[]> {
  const changed: ZoneKey[] = [];
  for (const { ref, eventType } of lost)
    for (const { sourceId: at, consumer } of map.obliged(sourceId, eventType))
      changed.push(...(await deleteUnresolved(tx, at, "undelivered", [{ consumer, ref }])));
  return changed;
}

/** Events by their types, each once however many zones it stands in. */
function countsOf(measure: Count["measure"], events: readonly { ref: string; eventType: string }[]): Count[] {
  const byRef = new Map(events.map(({ ref, eventType }) => [ref, eventType]));
  const counts = new Map<string, number>();
  for (const eventType of byRef.values()) counts.set(eventType, (counts.get(eventType) ?? 0) + 1);
  return [...counts].map(([eventType, n]) => ({ consumer: "", eventType, measure, detail: "", n }));
}
