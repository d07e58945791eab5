import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, list, rows } from "../db/rows";
import { type Closed, closedOf } from "./freeze.sql";
import type { Kept, Selection } from "./rules";
import { chosen } from "./sql";

/** Where letters stand in the store: open, or closed as what. Null of one that is in neither. */
export async function selectStands(db: Db, ids: readonly number[]): Promise<Map<number, string>> {
  const found = await rows<{ id: number; state: string }>(
    db,
    sql`select d.id, d.state from dead_letter d where d.id = any(${list(ids, "bigint")})
        union all (select distinct on (h.id) h.id, h.closed_as from dead_letter_history h where h.id = any(${list(ids, "bigint")}) and not exists (select 1 from dead_letter d where d.id = h.id) order by h.id, h.closed_at desc)`,
  );
  return new Map(found.map(({ id, state }) => [id, state]));
}

/** How an item's letter was closed before it is taken back: by which operation, and whether its row in the source was changed; null: nothing tells that any more. */
export type ClosedBefore = {
  item: number;
  operationId: number;
  requestedByName: string;
  reason: string;
  outcome: "discarded" | "by_hand";
  written: boolean | null;
};

/** The closing that each item of an operation would take back: the last of its letter before. */
export async function selectClosedBefore(
  db: Db,
  operationId: number,
  items: readonly number[],
): Promise<Map<number, ClosedBefore>> {
  const found = await rows<ClosedBefore>(
    db,
    sql`select i.item, c.operation_id as "operationId", c.requested_by_name as "requestedByName", c.reason, c.outcome, k.written from operation_item i
          cross join lateral (select o.operation_id, o.requested_by_name, o.reason, r.outcome from operation_item x join operation_outcome r using (operation_id, item) join operation o using (operation_id)
            where x.dead_letter = i.dead_letter and x.operation_id < i.operation_id and r.outcome in ('discarded', 'by_hand') order by x.operation_id desc limit 1) c
          left join dead_letter_closed k on k.dead_letter = i.dead_letter
        where i.operation_id = ${operationId} and i.item = any(${list(items, "int")})`,
  );
  return new Map(found.map((row) => [row.item, row]));
}

/** The groups of closed letters, for who may take them back and what that is called. */
export const selectClosedGroups = (db: Db, closed: Closed): Promise<{ consumer: string; eventType: string; zones: string[] }[]> =>
  rows(
    db,
    sql`select distinct g.consumer, g.event_type as "eventType", g.zones from (${closedOf(closed)}) c join dead_letter_group g using (group_id)`,
  );

/** What of an operation stands where. */
export const selectKept = (db: Db, operationId: number): Promise<Kept[]> =>
  rows<Kept>(
    db,
    sql`select coalesce(s.service, i.source_id) as service, count(*)::int as "doneN", count(h.id)::int as "closedN", count(*) filter (where r.detail is not null)::int as "aloneN"
          from operation_outcome r join operation_item i using (operation_id, item) left join source s on s.source_id = i.source_id
            left join lateral (select c.id from dead_letter_history c where c.id = i.dead_letter and c.closed_by = r.operation_id limit 1) h on true
          where r.operation_id = ${operationId} and r.outcome in ('discarded', 'by_hand', 'taken_back') group by 1 order by 1`,
  );

/** Events that are held at the consumers of a selection for an earlier one of its keys. */
export async function countBehind(db: Db, selection: Selection): Promise<number> {
  return (await firstRow<{ n: number }>(
    db,
    sql`with named as (select distinct g.consumer, d.business_key from dead_letter d join dead_letter_group g using (group_id) where ${chosen(selection)} and d.business_key <> '')
        select count(distinct (u.consumer, u.ref))::int as n from named join unresolved u on u.business_key = named.business_key and u.consumer = named.consumer where u.reason = 'held'`,
  ))!.n;
}
