import type { Db } from "../db/pool";
import { countOpen } from "../dead-letters/sql";
import { countRunning } from "../sagas/sql";
import { selectCounts } from "../sources/read.sql";
import type { SourceFigures } from "../sources/rules";
import { hours, type Instant } from "../time";
import { countFlows, countUnresolved } from "./sql";

/** What a source has open, for its row on the Sources screen; stored with the poll it was counted in. */
export async function figuresOf(tx: Db, sourceId: string, now: Instant): Promise<SourceFigures> {
  const open = new Map((await countUnresolved(tx, sourceId)).map((row) => [row.reason, row]));
  const counts = await selectCounts(tx, sourceId, now - hours(24));
  return {
    outboxPendingN: open.get("unpublished")?.n ?? 0,
    oldestPendingSince: open.get("unpublished")?.oldest ?? null,
    parkedN: await countOpen(tx, sourceId),
    heldN: open.get("held")?.n ?? 0,
    sagasRunningN: await countRunning(tx, sourceId),
    deliveriesOpenN: open.get("undelivered")?.n ?? 0,
    duplicatesDropped24h: counts.get("duplicate_dropped") ?? 0,
    semanticDuplicates24h: counts.get("semantic_duplicate") ?? 0,
    flows: await countFlows(tx, sourceId),
  };
}
