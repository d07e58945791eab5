import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { list, rows, unnestOf } from "../db/rows";
import type { Instant } from "../time";

/** How often the facts of each zone were changed; one without a row never had any. */
export async function selectChangesOf(db: Db, zoneIds: readonly string[]): Promise<Map<string, number>> {
  const found = await rows<{ zoneId: string; changesN: number }>(
    db,
    sql`select zone_id as "zoneId", changes_n as "changesN" from open_key_count where zone_id = any(${list(zoneIds, "text")})`,
  );
  return new Map(found.map(({ zoneId, changesN }) => [zoneId, changesN]));
}

/** Zones in which something that waits has become as old as is asked for since it was asked last: a look at an index for each. */
export async function selectReached(
  db: Db,
  zones: readonly { zoneId: string; from: Instant; before: Instant }[],
): Promise<string[]> {
  if (zones.length === 0) return [];
  const found = await rows<{ zoneId: string }>(
    db,
    sql`select z.zone as "zoneId" from ${unnestOf("z", zones, { zone: ["text", (z) => z.zoneId], low: ["float8", (z) => z.from], high: ["float8", (z) => z.before] })}
          where exists (select 1 from unresolved u where u.zone_id = z.zone and u.reason in ('undelivered', 'unpublished', 'held') and u.since >= to_timestamp(z.low / 1000) and u.since < to_timestamp(z.high / 1000))`,
  );
  return found.map(({ zoneId }) => zoneId);
}
