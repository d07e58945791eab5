import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, rows } from "../db/rows";
import { isUnexplained } from "../facts/sql";
import type { Instant } from "../time";

export type Undelivered = { messageId: string; eventType: string; businessKey: string; since: Instant; consumers: string[] };

/** Messages of a zone that were published before an instant and that obliged consumers have not processed, the oldest first; what is parked or held there, or not published, is none of them. */
export const selectUndelivered = (db: Db, zoneId: string, before: Instant, most: number): Promise<Undelivered[]> =>
  rows<Undelivered>(
    db,
    sql`select u.ref as "messageId", u.event_type as "eventType", u.business_key as "businessKey", min(u.since) as since, array_agg(distinct u.consumer order by u.consumer) as consumers
        from unresolved u where u.zone_id = ${zoneId} and u.reason = 'undelivered' and u.confirmed and u.since < ${instant(before)}
          and ${isUnexplained}
        group by 1, 2, 3 order by min(u.since), u.ref limit ${most}`,
  );
