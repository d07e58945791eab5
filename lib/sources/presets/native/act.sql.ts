import type pg from "pg";
import type { Redelivery, RedeliveryState } from "../../redeliverable";
import type { ClosedLetter, Settled } from "../../settleable";

/** A request, with the payload that is sent in place of the letter's own; null: as it is. */
export type Carried = { request: Redelivery; payload: string | null };

import { bySchema } from "./observe.sql";

const ms = (column: string, as: string) => `(extract(epoch from ${column}) * 1000)::float8 as "${as}"`;

// Of each request the letter that is due for it: parked, the message that was asked for, and without a row of that request yet.
const IS_DUE = `(d.dead_letter_id, d.consumer, d.message_id) = (w.dead_letter_id, w.consumer, w.message_id)
                and d.state = 'parked' and not exists (select 1 from S.redelivery r where r.redelivery_id = w.redelivery_id)`;

/** The payloads of letters that are due for these requests, as text; their rows stay as they are until the transaction ends. */
export async function lockOriginals(
  client: pg.ClientBase,
  schema: string,
  requests: readonly Redelivery[],
): Promise<{ redeliveryId: string; payload: string }[]> {
  const result = await client.query<{ redeliveryId: string; payload: string }>({
    text: bySchema(
      `with request as (select * from unnest($1::uuid[], $2::bigint[], $3::text[], $4::uuid[]) w(redelivery_id, dead_letter_id, consumer, message_id))
       select w.redelivery_id::text as "redeliveryId", d.payload::text as payload from S.dead_letter d join request w on ${IS_DUE}
        order by d.dead_letter_id for update of d`,
      schema,
    ),
    values: [
      requests.map((w) => w.redeliveryId),
      requests.map((w) => w.sourceDeadLetterId),
      requests.map((w) => w.consumer),
      requests.map((w) => w.messageId),
    ],
  });
  return result.rows;
}

/**
 * Writes each request under its id, and moves its dead letter to `redelivering`: only while it is parked, and never for a request that is
 * there already, so that a repeat after a crash does not move a letter that failed again. After a restore a number may name another
 * letter: the message must be the requested one. The caller holds the transaction. Answers the ids that were written.
 */
export async function insertRedeliveries(client: pg.ClientBase, schema: string, all: readonly Carried[]): Promise<string[]> {
  // In the order of their letters, so that two workers at the same chunk never wait for each other in a circle.
  const carried = [...all].sort((a, b) => Number(a.request.sourceDeadLetterId) - Number(b.request.sourceDeadLetterId));
  const requests = carried.map(({ request }) => request);
  const result = await client.query<{ redeliveryId: string }>({
    text: bySchema(
      `with request as (select * from unnest($1::uuid[], $2::bigint[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::uuid[]) w(redelivery_id, dead_letter_id, consumer, message_id, requested_by, payload, edited_message_id)),
        marked as (update S.dead_letter d set state = 'redelivering', state_changed_at = clock_timestamp(), state_reason = w.requested_by
                from request w where ${IS_DUE} returning w.*)
       insert into S.redelivery (redelivery_id, dead_letter_id, consumer, message_id, requested_by, requested_at, payload, edited_message_id)
       select redelivery_id, dead_letter_id, consumer, message_id, requested_by, clock_timestamp(), payload::jsonb, edited_message_id from marked on conflict (redelivery_id) do nothing returning redelivery_id::text as "redeliveryId"`,
      schema,
    ),
    values: [
      requests.map((w) => w.redeliveryId),
      requests.map((w) => w.sourceDeadLetterId),
      requests.map((w) => w.consumer),
      requests.map((w) => w.messageId),
      requests.map((w) => w.requestedBy),
      carried.map(({ payload }) => payload),
      carried.map(({ request, payload }) => (payload === null ? null : request.edit!.messageId)),
    ],
  });
  return result.rows.map(({ redeliveryId }) => redeliveryId);
}

/** Takes back requests that are still waiting: by a function of the native tables, since the actor may not change a redelivery otherwise. */
export async function withdrawRedeliveries(
  client: pg.ClientBase,
  schema: string,
  requests: readonly Redelivery[],
): Promise<void> {
  await client.query({
    text: bySchema("select S.withdraw_redeliveries($1::uuid[])", schema),
    values: [requests.map((request) => request.redeliveryId)],
  });
}

/** How each request stands, by primary key. */
export async function selectRedeliveries(
  client: pg.ClientBase,
  schema: string,
  requests: readonly Redelivery[],
): Promise<RedeliveryState[]> {
  const result = await client.query<RedeliveryState>({
    text: bySchema(
      `select w.id::text as "redeliveryId", r.state, ${ms("r.taken_at", "takenAt")}, ${ms("r.finished_at", "finishedAt")},
         left(r.error_type, 300) as "errorType", left(r.error_message, 2000) as "errorMessage",
         case when r.state = 'failed' then left(d.error_stack, 32000) end as "errorStack", d.state as "deadLetterState"
       from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[]) w(id, dead_letter_id, message_id, consumer)
       left join S.redelivery r on r.redelivery_id = w.id
       left join S.dead_letter d on d.dead_letter_id = w.dead_letter_id and d.message_id = w.message_id and d.consumer = w.consumer`,
      schema,
    ),
    values: [
      requests.map((w) => w.redeliveryId),
      requests.map((w) => w.sourceDeadLetterId),
      requests.map((w) => w.messageId),
      requests.map((w) => w.consumer),
    ],
  });
  return result.rows;
}

type Letter = { sourceDeadLetterId: string; messageId: string };

const named = (letters: readonly Letter[]) => [letters.map((l) => l.sourceDeadLetterId), letters.map((l) => l.messageId)];

/** Closes what is parked, with the reason on its row, and answers how each stands; null for a dead letter that is gone. */
export async function markClosed(
  client: pg.ClientBase,
  schema: string,
  letters: readonly Letter[],
  as: "discarded" | "resolved",
  reason: string,
): Promise<Settled[]> {
  await client.query({
    text: bySchema(
      `update S.dead_letter d set state = $4, state_changed_at = clock_timestamp(), state_reason = $3 from unnest($1::bigint[], $2::uuid[]) w(id, message_id)
        where d.dead_letter_id = w.id and d.message_id = w.message_id and d.state = 'parked'`,
      schema,
    ),
    values: [...named(letters), reason, as],
  });
  return selectSettled(client, schema, letters);
}

/** Parks again what stands closed for exactly the reason that was given then, and answers how each stands. */
export async function markTakenBack(
  client: pg.ClientBase,
  schema: string,
  letters: readonly ClosedLetter[],
  reason: string,
): Promise<Settled[]> {
  await client.query({
    text: bySchema(
      `update S.dead_letter d set state = 'parked', state_changed_at = clock_timestamp(), state_reason = $4 from unnest($1::bigint[], $2::uuid[], $3::text[]) w(id, message_id, reason)
        where d.dead_letter_id = w.id and d.message_id = w.message_id and d.state in ('discarded', 'resolved') and d.state_reason = w.reason`,
      schema,
    ),
    values: [...named(letters), letters.map(({ closedFor }) => closedFor), reason],
  });
  return selectSettled(client, schema, letters);
}

async function selectSettled(client: pg.ClientBase, schema: string, letters: readonly Letter[]): Promise<Settled[]> {
  const result = await client.query<Settled>({
    text: bySchema(
      `select w.id::text as "sourceDeadLetterId", d.state, d.state_reason as reason from unnest($1::bigint[], $2::uuid[]) w(id, message_id)
        left join S.dead_letter d on d.dead_letter_id = w.id and d.message_id = w.message_id`,
      schema,
    ),
    values: named(letters),
  });
  return result.rows;
}
