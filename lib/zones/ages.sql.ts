import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, rows, unnestOf } from "../db/rows";
import type { Instant } from "../time";

/** A zone and what is known of its keys: as how many they were counted when they were read, null for one that was not. */
export type Asked = { zoneId: string; barMs: number; from: Instant; keysN: number | null; changesN: number | null };

type Read = { zoneId: string; keysN: number; changesN: number; young: string | null; counted: number[] | null };

/**
 * How many keys each zone has open and how often its facts changed; where that is not what is known, since when each key is that opened after
 * an instant, in order. It leaves as the server keeps it, eight bytes in hexadecimal: fifty thousand times as text take longer than to read
 * them. Of a zone with more than `most` keys the bars before the last are counted here instead.
 */
export async function selectYoung(db: Db, zones: readonly Asked[], now: Instant, bars: number, most: number): Promise<Read[]> {
  const at = instant(now);
  const own = sql`from open_key o where o.zone_id = z.zone and o.since >`;
  return rows<Read>(
    db,
    sql`select z.zone as "zoneId", n.keys as "keysN", n.changes as "changesN",
          case when n.keys <= ${most} and (n.keys, n.changes) is distinct from (z.keys, z.changes)
            then coalesce((select encode(string_agg(timestamptz_send(o.since), '' order by o.since), 'hex') ${own} to_timestamp(z.low / 1000)), '') end as young,
          case when n.keys > ${most} then array(select count(o.bar)::int from generate_series(0, ${bars - 2}::int) i left join (
            select least(${bars - 2}::int, greatest(0, floor(extract(epoch from ${at} - o.since) * 1000 / z.bar)::int)) as bar ${own} ${at} - ${bars - 1}::int * z.bar * interval '1 ms') o on o.bar = i group by i order by i) end as counted
        from ${unnestOf("z", zones, {
          zone: ["text", (z) => z.zoneId],
          bar: ["float8", (z) => z.barMs],
          low: ["float8", (z) => z.from],
          keys: ["bigint", (z) => z.keysN],
          changes: ["bigint", (z) => z.changesN],
        })} left join open_key_count c on c.zone_id = z.zone cross join lateral (select coalesce(c.keys_n, 0) as keys, coalesce(c.changes_n, 0) as changes) n`,
  );
}
