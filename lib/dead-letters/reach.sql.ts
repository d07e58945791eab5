import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, list } from "../db/rows";
import { type Reach, type ReachOf, reachLimits } from "./reach.rules";

const { lettersMost, keysMost, closedMost } = reachLimits;

/** How far a failure reaches: its keys, what waits behind them in these zones, and the versions that never failed so. Bounded, since a page asks again and again. */
export async function selectReach(
  db: Db,
  { groupId, sourceId, consumer, firstAt, closedN }: ReachOf,
  zones: readonly string[],
): Promise<Reach> {
  const found = await firstRow<Omit<Reach, "keysAtLeast" | "behindAtLeast"> & { lettersN: number }>(
    db,
    sql`with d as materialized (select business_key, version from dead_letter where group_id = ${groupId} limit ${lettersMost}),
        k as materialized (select business_key, min(version) as version from d group by 1),
        few as materialized (select * from k order by business_key limit ${keysMost}),
        failed as (select jsonb_object_keys(g.versions) as version from dead_letter_group g where g.group_id = ${groupId}
          union select h.consumer_version from dead_letter_history h where ${closedN <= closedMost} and h.group_id = ${groupId})
        select (select count(*)::int from d) as "lettersN", (select count(*)::int from k) as "keysN",
          (select count(distinct u.ref)::int from few join unresolved u using (business_key) where u.reason = 'held' and u.source_id = ${sourceId} and u.consumer = ${consumer} and u.zone_id = any(${list(zones, "text")})) as "heldN",
          (select count(*)::int from few join dead_letter l using (business_key) join dead_letter_group o on o.group_id = l.group_id
            where l.source_id = ${sourceId} and o.consumer = ${consumer} and l.version > few.version and (o.zones && ${list(zones, "text")} or l.group_id = ${groupId})) as "parkedN",
          case when ${closedN <= closedMost} then coalesce((select array_agg(v.version order by v.last_seen_at desc, v.version) from consumer_version v where v.source_id = ${sourceId} and v.consumer = ${consumer}
            and v.last_seen_at >= ${instant(firstAt)} and v.version <> '' and v.version not in (select version from failed)), '{}') end as "neverOn",
          (select version from deploy where source_id = ${sourceId} and consumer = ${consumer} order by at desc limit 1) as live`,
  );
  const { lettersN, ...reach } = found!;
  const keysAtLeast = lettersN >= lettersMost;
  return { ...reach, keysAtLeast, behindAtLeast: keysAtLeast || reach.keysN > keysMost };
}
