import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { rows } from "../db/rows";
import { reasonBits, type UnresolvedReason } from "../facts/rules";
import type { Instant } from "../time";

export type OpenFact = { reason: UnresolvedReason; sourceId: string; consumer: string; eventType: string; since: Instant };
/** `place` is the exact age in microseconds: milliseconds would meet the last key of a page again. */
export type OpenKey = { key: string; since: Instant; place: number; factsN: number; facts: OpenFact[] };

// What stands behind one key is a handful; a key that everything failed for is told by its oldest facts.
const FACTS_MAX = 6;

/** A page of a zone's unresolved keys, the oldest first, each with its oldest facts; of one reason if asked for. */
export async function selectOpenKeys(
  db: Db,
  zoneId: string,
  page: { reason: UnresolvedReason | null; after: { place: number; key: string } | null },
  most: number,
): Promise<OpenKey[]> {
  const bit = page.reason === null ? sql`true` : sql`o.reasons & ${reasonBits[page.reason]}::int <> 0`;
  const place =
    page.after === null
      ? sql`true`
      : sql`(o.since, o.business_key) > (timestamptz 'epoch' + ${page.after.place}::bigint * interval '1 microsecond', ${page.after.key})`;
  return rows<OpenKey>(
    db,
    sql`select o.business_key as key, o.since, (extract(epoch from o.since) * 1000000)::bigint as place, o.facts as "factsN", (select coalesce(jsonb_agg(jsonb_build_object('reason', f.reason, 'sourceId', f.source_id, 'consumer', f.consumer, 'eventType', f.event_type,
            'since', (extract(epoch from f.since) * 1000)::float8) order by f.since), '[]') from (select * from unresolved u where u.zone_id = o.zone_id and u.business_key = o.business_key and u.confirmed order by u.since limit ${FACTS_MAX}) f) as facts
          from open_key o where o.zone_id = ${zoneId} and ${bit} and ${place} order by o.since, o.business_key limit ${most}`,
  );
}
