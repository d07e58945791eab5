import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, list, rows } from "../db/rows";
import type { Instant } from "../time";
import type { Selection } from "./rules";
import { chosen } from "./sql";

/** Whether a letter `d` of a group `g` is of a process that was undone, or is being undone, since its event occurred: its consumer has a newer word on it. */
export const undone: SQL = sql`(exists (select 1 from saga s where s.business_key = d.business_key and s.zone_id = any(g.zones) and s.state in ('compensating', 'compensated') and s.started_at <= coalesce(d.occurred_at, d.since))
  and not exists (select 1 from saga s where s.business_key = d.business_key and s.zone_id = any(g.zones) and s.state = 'running'))`;

/** When the first of the selection will be deleted by its source; null where nothing says so. */
export async function selectFirstExpiry(db: Db, selection: Selection): Promise<Instant | null> {
  return (await firstRow<{ at: Instant | null }>(
    db,
    sql`select min(b.expires_at) as at from dead_letter d join dead_letter_body b using (id) where ${chosen(selection)}`,
  ))!.at;
}

/** Of some items, those that their consumer found old or processed before, by consumer and event; what was not sent at all is none of them. */
export async function countWithoutEffect(
  tx: Db,
  operationId: number,
  items: readonly number[],
): Promise<{ consumer: string; eventType: string; outcome: "stale" | "duplicate"; n: number }[]> {
  return rows(
    tx,
    sql`select i.consumer, g.event_type as "eventType", o.outcome, count(*)::int as n from operation_outcome o join operation_item i using (operation_id, item) join dead_letter_group g using (group_id)
          where o.operation_id = ${operationId} and o.item = any(${list(items, "int")}) and o.outcome in ('stale', 'duplicate') and o.detail is null group by 1, 2, 3 order by 1, 2, 3`,
  );
}

/** The consumers to which something is being redelivered. */
export async function selectRetrying(db: Db): Promise<string[]> {
  const found = await rows<{ consumer: string }>(
    db,
    sql`select distinct unnest(consumers) as consumer from operation where kind = 'retry' and ended_at is null and state in ('running', 'paused', 'cancelled')`,
  );
  return found.map(({ consumer }) => consumer);
}
