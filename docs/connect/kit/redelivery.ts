// What a service copies so that operators can retry what it parked, beside messaging.ts and consumer.ts.
import type { PoolClient } from "pg";
import { attemptOf, type Consumer, isOutage, type Outcome, receive, release, stackOf } from "./consumer";
import { type Message, selectMessage, transaction } from "./messaging";

type Request = {
  redelivery_id: string;
  dead_letter_id: string;
  message_id: string;
  state: "taken" | "stale";
  /** As text: the token of this taking, to the microsecond. */
  taken: string;
  payload: Message["payload"] | null;
  headers: Message["headers"] | null;
  edited_message_id: string | null;
};

/** Carries out what operators asked for, and answers how much; repeat it every second. The outcome is written in the handler's transaction. */
export async function redeliver(consumer: Consumer): Promise<number> {
  // A request whose dead letter is gone, or whose number names another message by now, ends as stale at once.
  const { rows } = await consumer.pool.query<Request>(
    `update messaging.redelivery r set state = due.state, taken_at = clock_timestamp(), finished_at = due.finished_at from (
       select q.redelivery_id, case when d.dead_letter_id is null then 'stale' else 'taken' end as state,
           case when d.dead_letter_id is null then clock_timestamp() end as finished_at
         from messaging.redelivery q left join messaging.dead_letter d using (dead_letter_id, consumer, message_id)
        where q.consumer = $1 and (q.not_before is null or q.not_before <= clock_timestamp())
          and (q.state = 'waiting' or q.state = 'taken' and q.taken_at < clock_timestamp() - interval '30 seconds')
        order by q.requested_at limit 50 for update of q skip locked) due
      where r.redelivery_id = due.redelivery_id
     returning r.redelivery_id, r.dead_letter_id, r.message_id, r.state, r.taken_at::text as taken, r.payload, r.headers, r.edited_message_id`,
    [consumer.name],
  );
  for (const request of rows) if (request.state === "taken") await carryOut(consumer, request);
  return rows.length;
}

async function carryOut(consumer: Consumer, request: Request): Promise<void> {
  const startedAt = Date.now();
  try {
    const applied = await transaction(consumer.pool, async (tx) => {
      const letter = await letterOf(tx, consumer, request);
      if (letter === null) return null;
      const outcome = await again(tx, consumer, request, letter);
      await settle(tx, request, outcome);
      return outcome === "applied" ? letter.business_key : null;
    });
    if (applied !== null) await release(consumer, applied);
  } catch (error) {
    // Without a database there is no outcome either: the row stays taken, and may be taken again.
    if (isOutage(error)) throw error;
    await fail(consumer, request, error, startedAt);
  }
}

function again(tx: PoolClient, consumer: Consumer, request: Request, letter: Message & { attempts: number }): Promise<Outcome> {
  const { attempts, ...original } = letter;
  const message = {
    ...original,
    message_id: request.edited_message_id ?? original.message_id,
    payload: request.payload ?? original.payload,
    headers: request.headers ?? original.headers,
  };
  return receive(tx, consumer, message, attempts + 1, original.message_id);
}

/** The dead letter of a request that is still ours; null for one that is not, or whose letter went since it was taken: taken again, that ends as stale. */
async function letterOf(tx: PoolClient, consumer: Consumer, request: Request): Promise<(Message & { attempts: number }) | null> {
  if (!(await stillOurs(tx, request))) return null;
  const { rows } = await tx.query<Message & { attempts: number }>(
    `select ${selectMessage}, attempts from messaging.dead_letter where (dead_letter_id, consumer, message_id) = ($1::bigint, $2, $3::uuid)`,
    [request.dead_letter_id, consumer.name, request.message_id],
  );
  return rows[0] ?? null;
}

// Someone else may have taken it when we were silent for too long; the row's lock keeps the two apart.
async function stillOurs(tx: PoolClient, request: Request): Promise<boolean> {
  const { rowCount } = await tx.query(
    "select 1 from messaging.redelivery where redelivery_id = $1::uuid and state = 'taken' and taken_at = $2::timestamptz for update",
    [request.redelivery_id, request.taken],
  );
  return rowCount === 1;
}

async function settle(tx: PoolClient, request: Request, outcome: Outcome): Promise<void> {
  await tx.query(
    `with done as (
       update messaging.redelivery set state = $2, finished_at = clock_timestamp(), error_type = null, error_message = null
        where redelivery_id = $1::uuid returning dead_letter_id, consumer, message_id)
     update messaging.dead_letter d set state = 'resolved', state_changed_at = clock_timestamp(), state_reason = 'redelivered: ' || $2
       from done where (d.dead_letter_id, d.consumer, d.message_id) = (done.dead_letter_id, done.consumer, done.message_id) and d.state <> 'resolved'`,
    // What a handler ignores on purpose has been seen to.
    [request.redelivery_id, outcome === "ignored" ? "applied" : outcome],
  );
}

async function fail(consumer: Consumer, request: Request, error: unknown, startedAt: number): Promise<void> {
  const attempt = attemptOf(error, startedAt);
  await consumer.pool.query(
    `with done as (
       update messaging.redelivery set state = 'failed', finished_at = clock_timestamp(), error_type = $3, error_message = $4
        where redelivery_id = $1::uuid and state = 'taken' and taken_at = $2::timestamptz returning dead_letter_id, consumer, message_id)
     update messaging.dead_letter d set state = 'parked', parked_at = clock_timestamp(), state_changed_at = clock_timestamp(),
         state_reason = 'redelivered: failed', consumer_version = $5, error_type = $3, error_message = $4, error_stack = $6,
         attempts = d.attempts + 1, attempt_log = d.attempt_log || $7::jsonb
       from done where (d.dead_letter_id, d.consumer, d.message_id) = (done.dead_letter_id, done.consumer, done.message_id)`,
    [
      request.redelivery_id,
      request.taken,
      attempt.error_type,
      attempt.error_message,
      consumer.release,
      stackOf(error),
      JSON.stringify([attempt]),
    ],
  );
}
