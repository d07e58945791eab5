import type { Db } from "../db/pool";
import { closeDeadLetters } from "../dead-letters/record";
import { selectSourceSeqs, selectUnnamedSeqs, withoutLetter } from "../dead-letters/record.sql";
import { endSagas, selectOpenSagas } from "../sagas/sql";
import type { OpenRefs } from "../sources/source";
import { type Held, recordRecheck, stillHeld } from "../sources/sql";
import { minutes } from "../time";
import { Fenced, fromSource } from "./failures";
import { limits } from "./rules";
import type { Observed } from "./service";
import {
  confirmUnresolved,
  deleteUnresolved,
  lockZones,
  type OpenFact,
  refreshOpenKeys,
  selectFactZones,
  selectToRecheck,
  selectUnconfirmed,
} from "./sql";

const RECHECK_EVERY_MS = minutes(1);

/**
 * Asks the source by primary key what became of open facts: deletes leave nothing that a look could see. Deliveries that a first
 * read opened are asked at once; the rest a page a beat, all of them about once a minute while they are few.
 */
export async function recheckSource(db: Db, workerId: string, observed: Observed, held: Held): Promise<void> {
  const { sourceId } = observed;
  const unconfirmed = await selectUnconfirmed(db, sourceId, limits.recheckPageSize);
  if (unconfirmed.length > 0) await recheckPage(db, workerId, observed, held, unconfirmed);

  const place = held.rechecked;
  if (place !== null && place.after === null && held.now - place.startedAt < RECHECK_EVERY_MS) return;
  const startedAt = place === null || place.after === null ? held.now : place.startedAt;
  const page = await selectToRecheck(db, sourceId, place?.after ?? null, limits.recheckPageSize);
  await recheckPage(db, workerId, observed, held, page);
  const last = page.length === limits.recheckPageSize ? page.at(-1)! : null;
  await recordRecheck(db, sourceId, workerId, {
    after: last && { reason: last.reason, consumer: last.consumer, ref: last.ref },
    startedAt,
  });
}

async function recheckPage(
  db: Db,
  workerId: string,
  { sourceId, source, map }: Observed,
  held: Held,
  page: readonly OpenFact[],
): Promise<void> {
  const of = (reason: string) => page.filter((fact) => fact.reason === reason);
  const parked = of("parked");
  const seqs = await selectSourceSeqs(
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
  const processed = found.processed.map((row) => ({ consumer: row.consumer, ref: row.messageId }));
  const gone = new Set(processed.map((fact) => `${fact.consumer}\n${fact.ref}`));
  await db.transaction(async (tx) => {
    await lockZones(tx, [...new Set([...map.zonesOfSource(sourceId), ...(await selectFactZones(tx, sourceId, page))])]);
    // The answer is as old as the question: by now another worker may have seen the letter parked again.
    if (!(await stillHeld(tx, sourceId, workerId, held.epoch))) throw new Fenced();
    const letters = await closeDeadLetters(tx, sourceId, found.deadLetters, held.now);
    await endSagas(tx, sourceId, found.sagas, held.now);
    const changed = [
      ...(await deleteUnresolved(
        tx,
        sourceId,
        "unpublished",
        found.published.map((ref) => ({ consumer: "", ref })),
      )),
      ...(await deleteUnresolved(tx, sourceId, "undelivered", [...processed, ...letters.settled])),
      ...(await deleteUnresolved(tx, sourceId, "parked", [...letters.closed, ...(await withoutLetter(tx, sourceId, parked))])),
      ...(await confirmUnresolved(
        tx,
        sourceId,
        of("undelivered").filter((fact) => !fact.confirmed && !gone.has(`${fact.consumer}\n${fact.ref}`)),
      )),
    ];
    await refreshOpenKeys(tx, changed);
  });
}
