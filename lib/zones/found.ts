import type { Db } from "../db/pool";
import type { KeptOrigins } from "../dead-letters/origins";
import type { KeptTrends } from "../lag/service";
import { countChanges } from "../sources/sql";
import { type Instant, seconds } from "../time";
import type { KeptAges } from "./ages";
import { selectLargest, selectWaitingCauses, type ZoneGroups } from "./causes.sql";
import { selectChanged } from "./changes.sql";
import type { WaitingCause } from "./rules";

/**
 * What a round of judging found, kept by who judges: it stands until something of its zone changes, as the store says. Losing it costs one
 * whole round, and nothing else.
 */
export type Found = {
  waiting: Map<string, { changesN: number; before: Instant; causes: WaitingCause[] }>;
  largest: { changesN: number; at: Instant; zones: ZoneGroups[] } | null;
  origins: KeptOrigins;
  trends: KeptTrends;
  ages: KeptAges;
};

export const nothingFound = (): Found => ({
  waiting: new Map(),
  largest: null,
  origins: new Map(),
  trends: new Map(),
  ages: new Map(),
});

// What people do with groups is no poll, and is seen within this.
const LARGEST_STAND_MS = seconds(10);

/** What each zone waits for since before an instant: read again where its facts changed, or one of them grew that old. */
export async function waitingCauses(
  db: Db,
  zones: readonly { zoneId: string; before: Instant }[],
  { waiting }: Pick<Found, "waiting">,
): Promise<(WaitingCause & { zoneId: string })[]> {
  // Counted before anything is read: what changes meanwhile is read now or in the next round.
  const changed = await selectChanged(
    db,
    zones.map((zone) => ({ ...zone, from: waiting.get(zone.zoneId)?.before ?? null })),
  );
  const changesOf = new Map(changed.map(({ zoneId, changesN }) => [zoneId, changesN]));
  const stands = new Set(
    changed
      .filter(({ zoneId, changesN, reached }) => !reached && waiting.get(zoneId)!.changesN === changesN)
      .map(({ zoneId }) => zoneId),
  );
  // A window that grew wider asks for older ones than were read.
  const asked = zones.filter(({ zoneId, before }) => !stands.has(zoneId) || waiting.get(zoneId)!.before > before);
  const read = await selectWaitingCauses(db, asked);
  for (const { zoneId, before } of asked) {
    const causes = read.filter((cause) => cause.zoneId === zoneId).map(({ zoneId: _, ...cause }) => cause);
    waiting.set(zoneId, { changesN: changesOf.get(zoneId)!, before, causes });
  }
  return zones.flatMap(({ zoneId }) => (waiting.get(zoneId)?.causes ?? []).map((cause) => ({ ...cause, zoneId })));
}

/** How much is parked in each zone, and its largest groups: one pass over the groups, made again after a poll that found something. */
export async function largestGroups(db: Db, found: Found, now: Instant): Promise<ZoneGroups[]> {
  const changesN = await countChanges(db);
  const kept = found.largest;
  if (kept && kept.changesN === changesN && now >= kept.at && now - kept.at < LARGEST_STAND_MS) return kept.zones;
  const zones = await selectLargest(db);
  found.largest = { changesN, at: now, zones };
  return zones;
}
