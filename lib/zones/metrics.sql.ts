import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { rows } from "../db/rows";

/** Open divergences of each zone by kind; by the index that every judgement counts with. */
export function countDivergences(db: Db): Promise<{ zoneId: string; kind: string; n: number }[]> {
  return rows(
    db,
    sql`select zone_id as "zoneId", kind, count(*)::int as n from divergence where state = 'open' group by zone_id, kind`,
  );
}
