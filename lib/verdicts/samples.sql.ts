import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, list, rows } from "../db/rows";
import type { Instant } from "../time";

export type SampleRow = {
  zoneId: string;
  at: Instant;
  verdict: number;
  oldestMs: number | null;
  keysN: number | null;
  parkedN: number | null;
  missingN: number | null;
  unexpectedN: number | null;
  mismatchN: number | null;
  duplicateN: number | null;
};

/** What zones were like in each span of a level: the worst verdict and the most of everything, in the order of time. */
export async function selectSamples(
  db: Db,
  zoneIds: readonly string[],
  level: number,
  from: Instant,
  to: Instant,
): Promise<SampleRow[]> {
  return rows<SampleRow>(
    db,
    sql`select zone_id as "zoneId", at, verdict, oldest_ms as "oldestMs", keys_n as "keysN", parked_n as "parkedN", missing_n as "missingN", unexpected_n as "unexpectedN", mismatch_n as "mismatchN", duplicate_n as "duplicateN" from zone_sample
          where level_s = ${level} and zone_id = any(${list(zoneIds, "text")}) and at >= ${instant(from)} and at < ${instant(to)} order by at`,
  );
}
