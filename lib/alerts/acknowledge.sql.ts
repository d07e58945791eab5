import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant } from "../db/rows";
import type { Instant } from "../time";
import type { Part } from "../words";

/** Takes an alert that is raised, with its entry; the answer is null when it is not raised any more. */
export const markAcknowledged = (
  tx: Db,
  alertId: number,
  by: { id: string | null; name: string },
  text: Part[],
  at: Instant,
): Promise<{ n: number } | null> =>
  firstRow<{ n: number }>(
    tx,
    sql`with taken as (update alert set state = 'acknowledged', state_n = state_n + 1, acknowledged_at = ${instant(at)}, acknowledged_by = ${by.id}::uuid, acknowledged_by_name = ${by.name}, escalate_at = null, events_n = events_n + 1
          where alert_id = ${alertId} and state = 'raised' returning alert_id, events_n)
        insert into alert_event (alert_id, n, at, kind, by_id, by_name, text) select alert_id, events_n, ${instant(at)}, 'acknowledged', ${by.id}::uuid, ${by.name}, ${JSON.stringify(text)}::jsonb from taken returning n`,
  );
