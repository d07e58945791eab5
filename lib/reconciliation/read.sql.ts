import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { rows } from "../db/rows";
import type { Instant } from "../time";
import { unresolvedReasons } from "../verdicts/rules";
import type { Kind } from "./rules";

export type OpenCount = {
  zoneId: string;
  rule: string;
  kind: Kind;
  n: number;
  /** Keys that are open for no other reason. */
  ownN: number;
  lagN: number;
  oldest: Instant;
  oldestKey: string;
};

const otherReasons = ~(1 << unresolvedReasons.indexOf("divergence"));

/** Open divergences by rule and kind, with the oldest of each; one pass over what is open. */
export async function countOpen(db: Db): Promise<OpenCount[]> {
  return rows<OpenCount>(
    db,
    sql`select d.zone_id as "zoneId", d.rule, d.kind, count(*)::int as n, count(*) filter (where coalesce(o.reasons & ${otherReasons}::int, 0) = 0)::int as "ownN", count(*) filter (where d.explained_by = 'lag')::int as "lagN",
          min(d.since) as oldest, (array_agg(d.business_key order by d.since))[1] as "oldestKey"
        from divergence d left join open_key o on o.zone_id = d.zone_id and o.business_key = d.business_key where d.state = 'open' group by 1, 2, 3`,
  );
}
