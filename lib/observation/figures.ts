import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant } from "../db/rows";
import { countRunning } from "../sagas/sql";
import type { SourceRow } from "../sources/views";
import { hours, type Instant } from "../time";
import { countUnresolved } from "./sql";

/** What a source has open, for its row on the Sources screen; stored with the look it was counted in. */
export async function figuresOf(tx: Db, sourceId: string, now: Instant): Promise<NonNullable<SourceRow["figures"]>> {
  const open = new Map((await countUnresolved(tx, sourceId)).map((row) => [row.reason, row]));
  const counts = await firstRow<{ parkedN: number; dropped: number; semantic: number }>(
    tx,
    sql`select (select coalesce(sum(open_n), 0)::int from dead_letter_group where source_id = ${sourceId}) as "parkedN",
          coalesce(sum(n) filter (where measure = 'duplicate_dropped'), 0)::int as dropped, coalesce(sum(n) filter (where measure = 'semantic_duplicate'), 0)::int as semantic
          from source_count where source_id = ${sourceId} and hour > ${instant(now - hours(24))}`,
  );
  return {
    outboxPendingN: open.get("unpublished")?.n ?? 0,
    oldestPendingSince: open.get("unpublished")?.oldest ?? null,
    parkedN: counts!.parkedN,
    heldN: open.get("held")?.n ?? 0,
    sagasRunningN: await countRunning(tx, sourceId),
    deliveriesOpenN: open.get("undelivered")?.n ?? 0,
    duplicatesDropped24h: counts!.dropped,
    semanticDuplicates24h: counts!.semantic,
  };
}
