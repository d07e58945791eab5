import type pg from "pg";

/** A time as milliseconds, under a name. */
export const ms = (column: string, as: string) => `(extract(epoch from ${column}) * 1000)::float8 as "${as}"`;

export type Now = { snapshot: string; xmin: string; xmax: string; sourceNow: number; identity: string; standby: boolean };

/** The snapshot of this transaction, the source's clock, and which database this is: system, database, timeline. */
export async function selectNow(client: pg.ClientBase): Promise<Now> {
  const result = await client.query<Now>(
    `select pg_current_snapshot()::text as snapshot, pg_snapshot_xmin(pg_current_snapshot())::text as xmin, pg_snapshot_xmax(pg_current_snapshot())::text as xmax,
       ${ms("clock_timestamp()", "sourceNow")}, pg_is_in_recovery() as standby,
       (select system_identifier from pg_control_system()) || '/' || (select oid from pg_database where datname = current_database()) || '/' ||
       (select timeline_id from pg_control_checkpoint()) as identity`,
  );
  return result.rows[0]!;
}
