import type { Db } from "../db/pool";
import type { Instant } from "../time";
import { bucketAt, type Change, type Converged, type Counts, changesOf, levels, noCounts } from "./counting.rules";
import { addCounts, type CauseRow, type CountRow, markMissed } from "./sql";

/** Whose delivery it is: of a zone, to a consumer, of an event. */
export type Delivery = { zoneId: string; consumer: string; eventType: string };

/** How long the zones' windows are; null for a zone that no contract names any more. */
export type Windows = (zoneId: string) => number | null;

// Of a backlog whose windows end at once the rest comes with the next poll, into the same buckets.
const MISSED_MAX = 10_000;

/** What one transaction of observation counts, summed up by the minute, and written once at its end. */
export class ObjectiveTally {
  private readonly minutes = new Map<string, Delivery & Counts & { at: Instant }>();
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
    const rows = new Map<string, CountRow>();
    for (const { zoneId, consumer, eventType, at, ...counts } of this.minutes.values())
      for (const level of levels)
        for (const whole of [false, true]) {
          const of = whole ? { consumer: "", eventType: "" } : { consumer, eventType };
          const row = { level, zoneId, measure: "delivery" as const, ...of, at: bucketAt(at, level) };
          const key = `${level}\n${zoneId}\n${of.consumer}\n${of.eventType}\n${row.at}`;
          const known = rows.get(key);
          if (known) addTo(known, counts);
          else rows.set(key, { ...row, ...counts });
        }
    await addCounts(tx, [...rows.values()], [...this.causes.values()]);
  }

  private put({ zoneId, consumer, eventType }: Delivery, { at, counts, cause }: Change): void {
    const minute = bucketAt(at, 60);
    const key = `${zoneId}\n${consumer}\n${eventType}\n${minute}`;
    let known = this.minutes.get(key);
    if (!known) {
      known = { zoneId, consumer, eventType, at: minute, ...noCounts };
      this.minutes.set(key, known);
    }
    addTo(known, counts);
    if (cause === undefined) return;
    const hour = bucketAt(at, 3_600);
    const place = `${zoneId}\n${consumer}\n${eventType}\n${cause}\n${hour}`;
    const row = this.causes.get(place) ?? { zoneId, consumer, eventType, cause, at: hour, missedN: 0 };
    row.missedN += counts.missedN ?? 0;
    this.causes.set(place, row);
  }
}

function addTo(row: Counts, { keptN = 0, fifthN = 0, missedN = 0, lateN = 0, doubleN = 0 }: Partial<Counts>): void {
  row.keptN += keptN;
  row.fifthN += fifthN;
  row.missedN += missedN;
  row.lateN += lateN;
  row.doubleN += doubleN;
}
