import type pg from "pg";
import type { HoldRequest, HoldState } from "../../holdable";
import type { ReadStep } from "../../observable";
import { bySchema, heldUntil, sagaData } from "./observe.sql";

const ms = (column: string, as: string) => `(extract(epoch from ${column}) * 1000)::float8 as "${as}"`;
// A process with more steps than a page can show would make the poll read without a bound.
const STEPS_MAX = 50;

/** Steps of these sagas by primary key, in their order. */
export async function selectSteps(client: pg.ClientBase, schema: string, sagaIds: readonly string[]): Promise<ReadStep[]> {
  const result = await client.query<ReadStep>({
    text: bySchema(
      `select t.saga_id::text as "sagaId", t.position, left(t.name, 200) as name, t.kind, t.compensates, t.state, t.attempts,
         ${ms("t.deadline_at", "deadlineAt")}, ${ms("t.started_at", "startedAt")}, ${ms("t.ended_at", "endedAt")},
         left(t.error_type, 300) as "errorType", left(t.error_message, 2000) as "errorMessage",
         left(coalesce(s.saga_type, ''), 200) as "sagaType", ${sagaData("s")}
       from unnest($1::uuid[]) w(id) cross join lateral (select * from S.saga_step t where t.saga_id = w.id order by t.position limit ${STEPS_MAX}) t
         left join S.saga s on s.saga_id = t.saga_id
       order by t.saga_id, t.position`,
      schema,
    ),
    values: [sagaIds],
  });
  return result.rows;
}

/**
 * Writes each request where it changes something: a hold only onwards, a release only what it may take back, and both only while the saga
 * is open. What its service has locked is skipped: an operator's other sagas need not wait for it. The caller holds the transaction.
 */
export async function setHolds(client: pg.ClientBase, schema: string, requests: readonly HoldRequest[]): Promise<void> {
  await client.query({
    text: bySchema(
      `with request as (select id, kind, to_timestamp(until / 1000) as until, standing from unnest($1::uuid[], $2::text[], $3::float8[], $4::float8[]) w(id, kind, until, standing)),
        due as materialized (select s.saga_id, w.until from S.saga s join request w on w.id = s.saga_id where s.state in ('running', 'compensating') and case w.kind
            when 'hold' then s.hold_until is null or s.hold_until < w.until
            else s.hold_until is not null and (w.standing is null or abs(extract(epoch from s.hold_until) * 1000 - w.standing) < 1) end
          order by s.saga_id for update of s skip locked)
       update S.saga s set hold_until = due.until from due where s.saga_id = due.saga_id`,
      schema,
    ),
    values: [
      requests.map((w) => w.sagaId),
      requests.map((w) => w.kind),
      requests.map((w) => w.until),
      requests.map((w) => w.standing),
    ],
  });
}

/** How each saga stands, by primary key. */
export async function selectHoldStates(
  client: pg.ClientBase,
  schema: string,
  requests: readonly HoldRequest[],
): Promise<HoldState[]> {
  const result = await client.query<HoldState>({
    text: bySchema(
      `select w.id::text as "sagaId", s.state, ${ms(heldUntil("s.hold_until"), "holdUntil")} from unnest($1::uuid[]) w(id) left join S.saga s on s.saga_id = w.id`,
      schema,
    ),
    values: [requests.map((w) => w.sagaId)],
  });
  return result.rows;
}
