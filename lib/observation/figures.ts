import type { Db } from "../db/pool";
import { countOpen } from "../dead-letters/sql";
import { countRunning } from "../sagas/sql";
import type { OpenFlow } from "../sources/flows.rules";
import { selectCounts } from "../sources/read.sql";
import type { SourceFigures } from "../sources/rules";
import { hours, type Instant } from "../time";
import { countOpenMessages, type OpenCount } from "./sql";

/** What a source has open, for its rows on the Sources screen; stored with the poll it was counted in. */
export async function figuresOf(tx: Db, sourceId: string, now: Instant): Promise<SourceFigures> {
  const open = await countOpenMessages(tx, sourceId);
  const counts = await selectCounts(tx, sourceId, now - hours(24));
  const unpublished = open.filter(({ consumer, zones }) => consumer === "" && zones !== null);
  return {
    outboxPendingN: sum(unpublished),
    oldestPendingSince: unpublished.length === 0 ? null : Math.min(...unpublished.map(({ oldest }) => oldest!)),
    parkedN: await countOpen(tx, sourceId),
    heldN: sum(open.filter(({ held }) => held)),
    sagasRunningN: await countRunning(tx, sourceId),
    deliveriesOpenN: sum(open.filter(({ consumer, zones }) => consumer !== "" && zones !== null)),
    duplicatesDropped24h: counts.get("duplicate_dropped") ?? 0,
    semanticDuplicates24h: counts.get("semantic_duplicate") ?? 0,
    flows: flowsOf(open),
  };
}

const sum = (open: readonly OpenCount[]): number => open.reduce((all, { n }) => all + n, 0);

/** What goes through: what is held or parked is somebody else's turn. */
const flowsOf = (open: readonly OpenCount[]): OpenFlow[] =>
  open.flatMap(({ consumer, zones, held, parked, n, oldest, newest }) =>
    zones === null || held || parked
      ? []
      : [{ reason: consumer === "" ? "unpublished" : "undelivered", consumer, zones, n, oldest: oldest!, newest: newest! }],
  );
