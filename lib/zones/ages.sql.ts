import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { rows, unnestOf } from "../db/rows";
import type { Instant } from "../time";

/** A zone's keys as they were counted when they were read; null for one that was not. */
export type Asked = { zoneId: string; from: Instant; keysN: number | null; changesN: number | null };

/**
 * How many keys each zone has open and how often its facts changed; where that is not what is known, since when each key is that opened after
 * an instant, in order. It leaves as the server keeps it, eight bytes in hexadecimal: fifty thousand times as text take longer than to read them.
 */
export async function selectYoung(
  db: Db,
  zones: readonly Asked[],
): Promise<{ zoneId: string; keysN: number; changesN: number; young: string | null }[]> {
  return rows(
    db,
    sql`select z.zone as "zoneId", n.keys as "keysN", n.changes as "changesN", case when (n.keys, n.changes) is distinct from (z.keys, z.changes) then coalesce(
            (select encode(string_agg(timestamptz_send(o.since), '' order by o.since), 'hex') from open_key o where o.zone_id = z.zone and o.since > to_timestamp(z.low / 1000)), '') end as young
          from ${unnestOf("z", zones, {
            zone: ["text", (z) => z.zoneId],
            low: ["float8", (z) => z.from],
            keys: ["bigint", (z) => z.keysN],
            changes: ["bigint", (z) => z.changesN],
          })} left join open_key_count c on c.zone_id = z.zone cross join lateral (select coalesce(c.keys_n, 0) as keys, coalesce(c.changes_n, 0) as changes) n`,
  );
}
