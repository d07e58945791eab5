import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, list, rows, type Scalar } from "../db/rows";
import type { StepRow } from "../sources/observable";
import type { Instant } from "../time";

/** Sagas that are not calm and whose steps are unknown or may have changed: past a fifth of their time, held, undoing, or ended after that. */
export async function selectWithoutSteps(
  db: Db,
  sourceId: string,
  now: Instant,
  { staleMs, most }: { staleMs: number; most: number },
): Promise<string[]> {
  const at = instant(now);
  const found = await rows<{ id: string }>(
    db,
    sql`select saga_id as id from saga where source_id = ${sourceId} and (
          (state in ('compensating', 'failed') or state = 'running' and (hold_until > ${at} or ${at} - started_at > (deadline_at - started_at) / 5))
            and (steps_at is null or steps_at < ${instant(now - staleMs)})
          or state in ('compensated', 'completed') and steps_at is null)
        order by steps_at nulls first, deadline_at limit ${most}`,
  );
  return found.map(({ id }) => id);
}

/** Puts what was read in place of what was known of these sagas. */
export async function replaceSteps(
  tx: Db,
  sourceId: string,
  sagaIds: readonly string[],
  steps: readonly StepRow[],
  now: Instant,
): Promise<void> {
  const ids = list(sagaIds, "text");
  await tx.execute(sql`delete from saga_step where source_id = ${sourceId} and saga_id = any(${ids})`);
  const columns = {
    saga_id: "text",
    position: "int",
    name: "text",
    kind: "text",
    compensates: "int",
    state: "text",
    attempts: "int",
    deadline_at: "float8",
    started_at: "float8",
    ended_at: "float8",
    error_type: "text",
    error_message: "text",
  } as const;
  const values: Record<keyof typeof columns, (step: StepRow) => Scalar> = {
    saga_id: (s) => s.sagaId,
    position: (s) => s.position,
    name: (s) => s.name,
    kind: (s) => s.kind,
    compensates: (s) => s.compensates,
    state: (s) => s.state,
    attempts: (s) => s.attempts,
    deadline_at: (s) => s.deadlineAt,
    started_at: (s) => s.startedAt,
    ended_at: (s) => s.endedAt,
    error_type: (s) => s.errorType,
    error_message: (s) => s.errorMessage,
  };
  const names = Object.keys(columns) as (keyof typeof columns)[];
  const lists = names.map((name) => list(steps.map(values[name]), columns[name]));
  await tx.execute(
    sql`insert into saga_step (source_id, ${sql.raw(names.join(", "))})
        select ${sourceId}, saga_id, position, name, kind, compensates, state, attempts, instant_of(deadline_at), instant_of(started_at), instant_of(ended_at), error_type, error_message
          from unnest(${sql.join(lists, sql`, `)}) s(${sql.raw(names.join(", "))})`,
  );
  await tx.execute(sql`update saga set steps_at = ${instant(now)} where source_id = ${sourceId} and saga_id = any(${ids})`);
}

/** What is known of a saga's steps, in their order. */
export async function selectSteps(db: Db, sourceId: string, sagaId: string): Promise<StepRow[]> {
  return rows<StepRow>(
    db,
    sql`select saga_id as "sagaId", position, name, kind, compensates, state, attempts, deadline_at as "deadlineAt", started_at as "startedAt", ended_at as "endedAt",
          error_type as "errorType", error_message as "errorMessage"
        from saga_step where source_id = ${sourceId} and saga_id = ${sagaId} order by position`,
  );
}
