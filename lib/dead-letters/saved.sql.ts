import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, rows, touched } from "../db/rows";
import type { Instant } from "../time";
import { SAVED_MAX } from "./rules";

export type StoredView = {
  viewId: number;
  name: string;
  search: string;
  shared: boolean;
  pinned: boolean;
  operatorId: string;
  by: string;
};

/** A person's own views, and those that are shared. */
export async function selectSaved(db: Db, operatorId: string): Promise<StoredView[]> {
  return rows<StoredView>(
    db,
    sql`select v.view_id as "viewId", v.name, v.search, v.shared, v.pinned, v.operator_id as "operatorId", o.name as by from saved_view v join operator o on o.id = v.operator_id
          where v.shared or v.operator_id = ${operatorId}::uuid order by v.shared, v.name, v.view_id limit ${SAVED_MAX * 4}`,
  );
}

export async function selectSavedView(
  db: Db,
  viewId: number,
): Promise<{ operatorId: string; shared: boolean; name: string } | null> {
  return firstRow(db, sql`select operator_id as "operatorId", shared, name from saved_view where view_id = ${viewId}`);
}

type NewView = { name: string; search: string; shared: boolean; pinned: boolean };

/** Keeps a view under its name: a person's own of that name is changed, a shared one's too. Nothing comes back when the person has the most there may be. */
export async function upsertView(tx: Db, operatorId: string, view: NewView, now: Instant): Promise<number | null> {
  const values = sql`select ${operatorId}::uuid, ${view.name}::text, ${view.search}::text, ${view.shared}::boolean, ${view.pinned}::boolean, ${instant(now)}`;
  const few = sql`(select count(*) from saved_view where operator_id = ${operatorId}::uuid) < ${SAVED_MAX}`;
  const same = view.shared ? sql`(name) where shared` : sql`(operator_id, name) where not shared`;
  const kept = await firstRow<{ id: number }>(
    tx,
    sql`insert into saved_view (operator_id, name, search, shared, pinned, changed_at) ${values} where ${few}
        on conflict ${same} do update set search = excluded.search, pinned = excluded.pinned, changed_at = excluded.changed_at returning view_id as id`,
  );
  return kept?.id ?? null;
}

export async function deleteView(tx: Db, viewId: number): Promise<boolean> {
  return (await touched(tx, sql`delete from saved_view where view_id = ${viewId}`)) === 1;
}
