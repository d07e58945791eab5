import type pg from "pg";
import type { StepRow } from "../../source";
import { bySchema } from "./observe.sql";

const ms = (column: string, as: string) => `(extract(epoch from ${column}) * 1000)::float8 as "${as}"`;
// A process with more steps than a page can show would make the look read without a bound.
const STEPS_MAX = 50;

/** Steps of these sagas by primary key, in their order. */
export async function selectSteps(client: pg.ClientBase, schema: string, sagaIds: readonly string[]): Promise<StepRow[]> {
  const result = await client.query<StepRow>({
    text: bySchema(
      `select t.saga_id::text as "sagaId", t.position, left(t.name, 200) as name, t.kind, t.compensates, t.state, t.attempts,
         ${ms("t.deadline_at", "deadlineAt")}, ${ms("t.started_at", "startedAt")}, ${ms("t.ended_at", "endedAt")},
         left(t.error_type, 300) as "errorType", left(t.error_message, 2000) as "errorMessage"
       from unnest($1::uuid[]) w(id) cross join lateral (select * from S.saga_step t where t.saga_id = w.id order by t.position limit ${STEPS_MAX}) t
       order by t.saga_id, t.position`,
      schema,
    ),
    values: [sagaIds],
  });
  return result.rows;
}
