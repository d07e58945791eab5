import { isOutage, type Tx, transaction } from "./cluster";
import type { Service } from "./definition";
import { attemptOf, type Failure, failureOf } from "./failure";
import { releaseHeld } from "./held";
import { type Outcome, receive, turnOf } from "./inbox";
import { inLanes } from "./lanes";
import { type Message, messageOf, selectMessage } from "./message";

const BATCH = 50;

type Wish = {
  redelivery_id: string;
  dead_letter_id: number;
  /** As text: the token of this taking, to the microsecond. */
  taken: string;
  edited_message_id: string | null;
  earlier_attempts: number | null;
  new_payload: Message["payload"] | null;
  new_headers: Message["headers"] | null;
} & Message;

/** Carries out operators' wishes: takes a batch for 30 s, handles each in a transaction of its own, and writes the outcome there. */
export async function redeliver(service: Service): Promise<number> {
  if (service.faults.has("stopped-consumer") && service.name === "notification-service") return 0;
  const wishes = await take(service);
  await inLanes(
    wishes,
    (wish) => wish.business_key ?? "",
    (wish) => carryOut(service, wish),
  );
  return wishes.length;
}

async function take(service: Service): Promise<Wish[]> {
  const { rows } = await service.pool.query<Wish>(
    `with taken as (
       update messaging.redelivery set state = 'taken', taken_at = clock_timestamp()
       where redelivery_id in (
         select redelivery_id from messaging.redelivery
         where consumer = $1 and (not_before is null or not_before <= clock_timestamp())
           and (state = 'waiting' or state = 'taken' and taken_at < clock_timestamp() - interval '30 seconds')
         order by requested_at limit $2 for update skip locked)
       returning *)
     select ${selectMessage("d")}, t.redelivery_id, t.dead_letter_id, t.taken_at::text as taken, t.edited_message_id,
       t.payload as new_payload, t.headers as new_headers, d.attempts as earlier_attempts
     from taken t left join messaging.dead_letter d on d.dead_letter_id = t.dead_letter_id order by t.requested_at`,
    [service.name, BATCH],
  );
  return rows;
}

async function carryOut(service: Service, wish: Wish): Promise<void> {
  const startedAt = Date.now();
  try {
    if (wish.earlier_attempts === null) throw new Error(`There is no dead letter ${wish.dead_letter_id}.`);
    const original = messageOf(wish);
    const message: Message = {
      ...original,
      message_id: wish.edited_message_id ?? original.message_id,
      payload: wish.new_payload ?? original.payload,
      headers: wish.new_headers ?? original.headers,
    };
    const arrival = { attempts: wish.earlier_attempts + 1, replaces: original.message_id };
    const outcome = await transaction(
      service.pool,
      async (tx) => {
        if (!(await stillOurs(tx, wish))) return null;
        const outcome = await receive(tx, service, message, arrival);
        await settle(tx, wish, outcome);
        return outcome;
      },
      turnOf(service, message.business_key),
    );
    if (outcome === "applied") await releaseHeld(service, message.business_key);
  } catch (error) {
    // Without a database there is no outcome either: the row stays taken, and may be taken again.
    if (isOutage(error)) throw error;
    await fail(service, wish, failureOf(error), startedAt);
  }
}

// Someone else may have taken it when we were silent for too long; the row's lock keeps the two apart.
async function stillOurs(tx: Tx, wish: Wish): Promise<boolean> {
  const { rowCount } = await tx.query(
    "select 1 from messaging.redelivery where redelivery_id = $1 and state = 'taken' and taken_at = $2::timestamptz for update",
    [wish.redelivery_id, wish.taken],
  );
  return rowCount === 1;
}

async function settle(tx: Tx, wish: Wish, outcome: Outcome): Promise<void> {
  await tx.query(
    `with done as (
       update messaging.redelivery set state = $2, finished_at = clock_timestamp(), error_type = null, error_message = null
       where redelivery_id = $1)
     update messaging.dead_letter set state = 'resolved', state_changed_at = clock_timestamp(), state_reason = $4
     where dead_letter_id = $3 and state <> 'resolved'`,
    // What a handler ignores on purpose has been seen to: of the states that a redelivery knows, that is applied.
    [wish.redelivery_id, outcome === "ignored" ? "applied" : outcome, wish.dead_letter_id, `redelivered: ${outcome}`],
  );
}

async function fail(service: Service, wish: Wish, failure: Failure, startedAt: number): Promise<void> {
  await transaction(service.pool, async (tx) => {
    if (!(await stillOurs(tx, wish))) return;
    await tx.query(
      `update messaging.redelivery set state = 'failed', finished_at = clock_timestamp(), error_type = $2, error_message = $3
       where redelivery_id = $1`,
      [wish.redelivery_id, failure.type, failure.message],
    );
    await tx.query(
      `update messaging.dead_letter set state = 'parked', state_changed_at = clock_timestamp(), state_reason = 'redelivered: failed',
         parked_at = clock_timestamp(), consumer_version = $2, error_type = $3, error_message = $4, error_stack = $5,
         attempts = attempts + 1, attempt_log = attempt_log || $6::jsonb
       where dead_letter_id = $1`,
      [
        wish.dead_letter_id,
        service.version,
        failure.type,
        failure.message,
        failure.stack,
        JSON.stringify([attemptOf(failure, startedAt)]),
      ],
    );
  });
}
