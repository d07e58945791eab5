import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, list, rows, touched, unnestOf } from "../db/rows";
import type { CompensationRow, SagaRow } from "../sources/observable";
import type { Instant } from "../time";

export type StoredSaga = SagaRow & { zoneId: string; since: Instant };
export type StoredCompensation = Omit<CompensationRow, "sagaData"> & { zoneId: string };

/** Follows sagas; calm ones leave when they complete, those that were held up or compensated stay for a while. */
export async function upsertSagas(tx: Db, sourceId: string, sagas: readonly StoredSaga[]): Promise<void> {
  if (sagas.length === 0) return;
  const table = unnestOf("x", sagas, {
    i: ["text", (s) => s.sagaId],
    t: ["text", (s) => s.sagaType],
    z: ["text", (s) => s.zoneId],
    k: ["text", (s) => s.businessKey],
    c: ["text", (s) => s.correlationId],
    s: ["text", (s) => s.state],
    p: ["text", (s) => s.step],
    a: ["float8", (s) => s.since],
    u: ["float8", (s) => s.updatedAt],
    d: ["float8", (s) => s.deadlineAt],
    e: ["float8", (s) => s.endedAt],
    h: ["float8", (s) => s.holdUntil],
  });
  await tx.execute(
    sql`insert into saga (source_id, saga_id, saga_type, zone_id, business_key, correlation_id, state, step, started_at, updated_at, deadline_at, ended_at, hold_until)
        select ${sourceId}, i, t, z, k, c, s, p, instant_of(a), instant_of(u), instant_of(d), instant_of(e), instant_of(h)
          from ${table} order by i
        on conflict (source_id, saga_id) do update set state = excluded.state, step = excluded.step, updated_at = excluded.updated_at, deadline_at = excluded.deadline_at,
          ended_at = excluded.ended_at, hold_until = excluded.hold_until, zone_id = excluded.zone_id, steps_at = null`,
  );
  await tx.execute(
    sql`delete from saga s where s.source_id = ${sourceId} and s.saga_id = any(${list(
      sagas.filter((s) => s.state === "completed").map((s) => s.sagaId),
      "text",
    )})
          and not exists (select 1 from saga_compensation c where c.source_id = s.source_id and c.saga_id = s.saga_id)
          and not exists (select 1 from saga_step t where t.source_id = s.source_id and t.saga_id = s.saga_id)`,
  );
}

/** Follows compensations; one that ends is counted once, in the minute it ended, by its change of state. */
export async function upsertCompensations(
  tx: Db,
  sourceId: string,
  steps: readonly StoredCompensation[],
  now: Instant,
): Promise<void> {
  if (steps.length === 0) return;
  const table = unnestOf("s", steps, {
    saga_id: ["text", (s) => s.sagaId],
    position: ["int", (s) => s.position],
    zone_id: ["text", (s) => s.zoneId],
    saga_type: ["text", (s) => s.sagaType],
    name: ["text", (s) => s.name],
    state: ["text", (s) => s.state],
    attempts: ["int", (s) => s.attempts],
    deadline_at: ["float8", (s) => s.deadlineAt],
    started_at: ["float8", (s) => s.startedAt],
    ended_at: ["float8", (s) => s.endedAt],
    error_type: ["text", (s) => s.errorType],
    error_message: ["text", (s) => s.errorMessage],
  });
  await tx.execute(
    sql`with s as materialized (select * from ${table}),
        ended as (select s.zone_id, date_trunc('minute', ${instant(now)}) as minute, s.saga_type, s.name, count(*) filter (where s.state = 'done')::int as ok, count(*) filter (where s.state = 'failed')::int as bad
            from s left join saga_compensation c on c.source_id = ${sourceId} and c.saga_id = s.saga_id and c.position = s.position
            where s.state in ('done', 'failed') and c.state is distinct from s.state and s.zone_id <> '' group by 1, 2, 3, 4),
        counted as (insert into compensation_count (zone_id, minute, saga_type, name, succeeded, failed) select * from ended order by 1, 2, 3, 4
            on conflict (zone_id, minute, saga_type, name) do update set succeeded = compensation_count.succeeded + excluded.succeeded, failed = compensation_count.failed + excluded.failed),
        hourly as (insert into compensation_hour (zone_id, hour, saga_type, name, succeeded, failed) select zone_id, date_trunc('hour', minute), saga_type, name, ok, bad from ended order by 1, 2, 3, 4
            on conflict (zone_id, hour, saga_type, name) do update set succeeded = compensation_hour.succeeded + excluded.succeeded, failed = compensation_hour.failed + excluded.failed),
        stale as (update saga set steps_at = null from s where saga.source_id = ${sourceId} and saga.saga_id = s.saga_id and saga.steps_at is not null)
        insert into saga_compensation (source_id, saga_id, position, zone_id, saga_type, name, state, attempts, deadline_at, started_at, ended_at, error_type, error_message)
          select ${sourceId}, saga_id, position, zone_id, saga_type, name, state, attempts, instant_of(deadline_at), instant_of(started_at), instant_of(ended_at), error_type, error_message from s order by saga_id, position
          on conflict (source_id, saga_id, position) do update set state = excluded.state, attempts = excluded.attempts, deadline_at = excluded.deadline_at, started_at = excluded.started_at,
            ended_at = excluded.ended_at, error_type = excluded.error_type, error_message = excluded.error_message`,
  );
}

/** Forgets compensations that are not called for any more. */
export async function deleteCompensations(
  tx: Db,
  sourceId: string,
  steps: readonly { sagaId: string; position: number }[],
): Promise<void> {
  if (steps.length === 0) return;
  await tx.execute(
    sql`delete from saga_compensation c using ${unnestOf("s", steps, { saga_id: ["text", (s) => s.sagaId], position: ["int", (s) => s.position] })} where c.source_id = ${sourceId} and c.saga_id = s.saga_id and c.position = s.position`,
  );
}

/** The zones that sagas of a source stand in. */
export const zonesOfSagas = (sourceId: string): SQL =>
  sql`select distinct zone_id from saga where source_id = ${sourceId} and zone_id <> ''`;

export type Stuck = { sagaId: string; zoneId: string; businessKey: string; since: Instant };

/** Whether a saga `s` has a compensation that failed. */
export const failedCompensation = sql`exists (select 1 from saga_compensation c where c.source_id = s.source_id and c.saga_id = s.saga_id and c.state = 'failed')`;
/** Whether a saga `s` has a compensation that is late. */
export const lateCompensation = (now: Instant) =>
  sql`exists (select 1 from saga_compensation c where c.source_id = s.source_id and c.saga_id = s.saga_id and c.state in ('pending', 'running') and c.deadline_at < ${instant(now)})`;

/** Sagas that have not converged: past their deadline, or with a compensation that failed or is late. One within its deadline is in flight. */
export async function selectUnresolvedSagas(tx: Db, sourceId: string, now: Instant): Promise<Stuck[]> {
  return rows<Stuck>(
    tx,
    sql`select s.saga_id as "sagaId", s.zone_id as "zoneId", s.business_key as "businessKey", s.started_at as since from saga s
          where s.source_id = ${sourceId} and s.zone_id <> '' and ((s.state in ('running', 'compensating') and (s.deadline_at < ${instant(now)} or ${lateCompensation(now)})) or s.state = 'failed' or (s.state not in ('compensated', 'gone') and ${failedCompensation}))`,
  );
}

export type SagaFigures = {
  zoneId: string;
  stuckN: number;
  overdueN: number;
  compensatingN: number;
  failedN: number;
  lateN: number;
};

/** Per zone: sagas that do not go on by themselves, those past their deadline that have not ended, those that compensate, compensations that failed and that are late. */
export async function selectSagaFigures(db: Db, now: Instant): Promise<SagaFigures[]> {
  return rows<SagaFigures>(
    db,
    sql`select zone_id as "zoneId", sum(stuck)::int as "stuckN", sum(overdue)::int as "overdueN", sum(compensating)::int as "compensatingN", sum(failed)::int as "failedN", sum(late)::int as "lateN" from (
          select zone_id, (state = 'running' and deadline_at < ${instant(now)} or state = 'failed')::int as stuck,
            (state in ('running', 'compensating', 'failed') and deadline_at < ${instant(now)})::int as overdue, (state = 'compensating')::int as compensating, 0 as failed, 0 as late from saga where zone_id <> ''
          union all
          select c.zone_id, 0, 0, 0, (c.state = 'failed')::int, (c.state in ('pending', 'running') and c.deadline_at < ${instant(now)})::int
            from saga_compensation c join saga s using (source_id, saga_id) where c.zone_id <> '' and s.state in ('running', 'compensating', 'failed')) f group by zone_id`,
  );
}

export async function countRunning(db: Db, sourceId: string): Promise<number> {
  return (
    (
      await firstRow<{ n: number }>(
        db,
        sql`select count(*)::int as n from saga where source_id = ${sourceId} and state in ('running', 'compensating')`,
      )
    )?.n ?? 0
  );
}

/** Sagas that are open longer than they should be: their end may have gone unseen. */
export async function selectOpenSagas(db: Db, sourceId: string, most: number): Promise<string[]> {
  const open = await rows<{ id: string }>(
    db,
    sql`select saga_id as id from saga where source_id = ${sourceId} and (state in ('running', 'compensating') and deadline_at < now() or state = 'failed') order by random() limit ${most}`,
  );
  return open.map(({ id }) => id);
}

/** How many sagas of a source run, are undone, or failed. */
export async function countOpenSagas(db: Db, sourceId: string): Promise<number> {
  const row = await firstRow<{ n: number }>(
    db,
    sql`select count(*)::int as n from saga where source_id = ${sourceId} and state in ('running', 'compensating', 'failed')`,
  );
  return row?.n ?? 0;
}

/** Sagas that a re-check found ended or gone. */
export async function endSagas(
  tx: Db,
  sourceId: string,
  found: readonly { sagaId: string; state: string | null }[],
  now: Instant,
): Promise<void> {
  if (found.length === 0) return;
  await tx.execute(
    sql`update saga s set state = f.state, ended_at = coalesce(s.ended_at, ${instant(now)}) from ${unnestOf("f", found, { id: ["text", (f) => f.sagaId], state: ["text", (f) => f.state ?? "gone"] })}
          where s.source_id = ${sourceId} and s.saga_id = f.id`,
  );
}

/** Forgets sagas that ended long ago, and counts past their use, a chunk at a time. */
export async function deleteOldSagas(db: Db, endedBefore: Instant, countsBefore: Instant): Promise<number> {
  const sagas = await touched(
    db,
    sql`with d as (delete from saga where (source_id, saga_id) in (select source_id, saga_id from saga where ended_at < ${instant(endedBefore)} and state <> 'failed' limit 2000) returning source_id, saga_id),
          steps as (delete from saga_step t using d where t.source_id = d.source_id and t.saga_id = d.saga_id)
        delete from saga_compensation c using d where c.source_id = d.source_id and c.saga_id = d.saga_id`,
  );
  const counts = await touched(db, sql`delete from compensation_count where minute < ${instant(countsBefore)}`);
  return sagas + counts + (await touched(db, sql`delete from compensation_hour where hour < ${instant(countsBefore)}`));
}
