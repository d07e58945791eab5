import type { Db } from "../db/pool";
import type { Instant } from "../time";
import { bucketAt, type Change, type Converged, type Counts, changesOf, levels, noCounts } from "./counting.rules";
import { addCauses, addCounts, type CauseRow, type CountRow, markMissed } from "./sql";

/** Whose delivery it is: of a zone, to a consumer, of an event. */
export type Delivery = { zoneId: string; consumer: string; eventType: string };

/** How long the zones' windows are; null for a zone that no contract names any more. */
export type Windows = (zoneId: string) => number | null;

// Of a backlog whose windows end at once the rest comes with the next poll, into the same buckets.
const MISSED_MAX = 10_000;

/** What one transaction of observation counts, summed up, and written once at its end. */
export class ObjectiveTally {
  private readonly counts = new Map<string, CountRow>();
  private readonly causes = new Map<string, CauseRow>();

  constructor(private readonly windowOf: Windows) {}

  /** A delivery is known to have converged. */
  converged(delivery: Delivery, how: Converged): void {
    const windowMs = this.windowOf(delivery.zoneId);
    if (windowMs === null) return;
    for (const change of changesOf(how, windowMs)) this.put(delivery, change);
  }

  /**
   * Counts deliveries to this source's consumers as missed whose windows ended before `until`: by then everything was read that the source
   * knew at that moment.
   */
  async missed(tx: Db, sourceId: string, zoneIds: readonly string[], until: Instant): Promise<void> {
    const zones = zoneIds.flatMap((zoneId) => {
      const windowMs = this.windowOf(zoneId);
      return windowMs === null ? [] : [{ zoneId, windowMs }];
    });
    for (const { at, cause, n, ...delivery } of await markMissed(tx, sourceId, zones, until, MISSED_MAX))
      this.put(delivery, { at, counts: { missedN: n }, cause });
  }

  async write(tx: Db): Promise<void> {
    await addCounts(tx, [...this.counts.values()]);
    await addCauses(tx, [...this.causes.values()]);
  }

  private put({ zoneId, consumer, eventType }: Delivery, { at, counts, cause }: Change): void {
    for (const level of levels)
      for (const [who, what] of [
        [consumer, eventType],
        ["", ""],
      ] as const) {
        const row = { level, zoneId, measure: "delivery" as const, consumer: who, eventType: what, at: bucketAt(at, level) };
        const key = `${level}\n${zoneId}\n${who}\n${what}\n${row.at}`;
        this.counts.set(key, addTo(this.counts.get(key) ?? { ...row, ...noCounts }, counts));
      }
    if (cause === undefined) return;
    const row = { zoneId, consumer, eventType, cause, at: bucketAt(at, 3_600) };
    const key = Object.values(row).join("\n");
    const known = this.causes.get(key) ?? { ...row, missedN: 0 };
    this.causes.set(key, { ...known, missedN: known.missedN + (counts.missedN ?? 0) });
  }
}

function addTo(row: CountRow, counts: Partial<Counts>): CountRow {
  for (const [name, n] of Object.entries(counts) as [keyof Counts, number][]) row[name] += n;
  return row;
}
