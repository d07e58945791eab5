import type pg from "pg";
import type { Redelivery, RedeliveryState } from "../../source";
import { bySchema } from "./observe.sql";

const ms = (column: string, as: string) => `(extract(epoch from ${column}) * 1000)::float8 as "${as}"`;

/**
 * Writes each wish under its id, and moves its dead letter to `redelivering`: only while it is parked, and never for a wish that is
 * there already, so that a repeat after a crash does not move a letter that failed again. After a restore a number may name another
 * letter: the message must be the wished one. The caller holds the transaction.
 */
export async function insertRedeliveries(client: pg.ClientBase, schema: string, wishes: readonly Redelivery[]): Promise<void> {
  await client.query({
    text: bySchema(
      `with wish as (select * from unnest($1::uuid[], $2::bigint[], $3::text[], $4::uuid[], $5::text[]) w(redelivery_id, dead_letter_id, consumer, message_id, requested_by)),
        due as materialized (select w.* from S.dead_letter d join wish w using (dead_letter_id, consumer, message_id)
                where d.state = 'parked' and not exists (select 1 from S.redelivery r where r.redelivery_id = w.redelivery_id)
                order by d.dead_letter_id for update of d),
        marked as (update S.dead_letter d set state = 'redelivering', state_changed_at = clock_timestamp(), state_reason = due.requested_by
                from due where d.dead_letter_id = due.dead_letter_id)
       insert into S.redelivery (redelivery_id, dead_letter_id, consumer, message_id, requested_by, requested_at)
       select redelivery_id, dead_letter_id, consumer, message_id, requested_by, clock_timestamp() from due on conflict (redelivery_id) do nothing`,
      schema,
    ),
    values: [
      wishes.map((w) => w.redeliveryId),
      wishes.map((w) => w.sourceSeq),
      wishes.map((w) => w.consumer),
      wishes.map((w) => w.messageId),
      wishes.map((w) => w.requestedBy),
    ],
  });
}

/** How each wish stands, by primary key. */
export async function selectRedeliveries(
  client: pg.ClientBase,
  schema: string,
  wishes: readonly Redelivery[],
): Promise<RedeliveryState[]> {
  const result = await client.query<RedeliveryState>({
    text: bySchema(
      `select w.id::text as "redeliveryId", r.state, ${ms("r.taken_at", "takenAt")}, ${ms("r.finished_at", "finishedAt")},
         left(r.error_type, 300) as "errorType", left(r.error_message, 2000) as "errorMessage",
         case when r.state = 'failed' then left(d.error_stack, 32000) end as "errorStack", d.state as "deadLetterState"
       from unnest($1::uuid[], $2::bigint[], $3::uuid[]) w(id, dead_letter_id, message_id)
       left join S.redelivery r on r.redelivery_id = w.id left join S.dead_letter d on d.dead_letter_id = w.dead_letter_id and d.message_id = w.message_id`,
      schema,
    ),
    values: [wishes.map((w) => w.redeliveryId), wishes.map((w) => w.sourceSeq), wishes.map((w) => w.messageId)],
  });
  return result.rows;
}

/** Marks what is parked as discarded, and answers the state of each; null for a dead letter that is gone. */
export async function markDiscarded(
  client: pg.ClientBase,
  schema: string,
  letters: readonly { sourceSeq: string; messageId: string }[],
  reason: string,
): Promise<{ sourceSeq: string; state: string | null }[]> {
  const ids = [letters.map((l) => l.sourceSeq), letters.map((l) => l.messageId)];
  await client.query({
    text: bySchema(
      `update S.dead_letter d set state = 'discarded', state_changed_at = clock_timestamp(), state_reason = $3 from unnest($1::bigint[], $2::uuid[]) w(id, message_id)
        where d.dead_letter_id = w.id and d.message_id = w.message_id and d.state = 'parked'`,
      schema,
    ),
    values: [...ids, reason],
  });
  const result = await client.query<{ sourceSeq: string; state: string | null }>({
    text: bySchema(
      `select w.id::text as "sourceSeq", d.state from unnest($1::bigint[], $2::uuid[]) w(id, message_id)
        left join S.dead_letter d on d.dead_letter_id = w.id and d.message_id = w.message_id`,
      schema,
    ),
    values: ids,
  });
  return result.rows;
}
