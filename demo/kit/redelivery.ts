import { isOutage, type Tx, transaction } from "./cluster";
import type { Service } from "./definition";
import { attemptOf, type Failure, failureOf } from "./failure";
import { releaseHeld } from "./held";
import { type Outcome, receive, turnOf } from "./inbox";
import { inLanes } from "./lanes";
import { type Message, messageOf, selectMessage } from "./message";

const BATCH = 50;

type Request = {
  redelivery_id: string;
  dead_letter_id: number;
  /** As text: the token of this taking, to the microsecond. */
  taken: string;
  edited_message_id: string | null;
  earlier_attempts: number | null;
  new_payload: Message["payload"] | null;
  new_headers: Message["headers"] | null;
} & Message;

/** Carries out operators' requests: takes a batch for 30 s, handles each in a transaction of its own, and writes the outcome there. */
export async function redeliver(service: Service): Promise<number> {
  if (service.faults.has("stopped-consumer") && service.name === "notification-service") return 0;
  const requests = await take(service);
  await inLanes(
    requests,
    (request) => request.business_key ?? "",
    (request) => carryOut(service, request),
  );
  return requests.length;
}

async function take(service: Service): Promise<Request[]> {
  const { rows } = await service.pool.query<Request>(
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
     from taken t left join messaging.dead_letter d using (dead_letter_id, consumer, message_id) order by t.requested_at`,
    [service.name, BATCH],
  );
  return rows;
}

async function carryOut(service: Service, request: Request): Promise<void> {
  const startedAt = Date.now();
  try {
    if (request.earlier_attempts === null) return await stale(service, request);
    const original = messageOf(request);
    const message: Message = {
      ...original,
      message_id: request.edited_message_id ?? original.message_id,
      payload: request.new_payload ?? original.payload,
      headers: request.new_headers ?? original.headers,
    };
    const arrival = { attempts: request.earlier_attempts + 1, replaces: original.message_id };
    const outcome = await transaction(
      service.pool,
      async (tx) => {
        if (!(await stillOurs(tx, request))) return null;
        const outcome = await receive(tx, service, message, arrival);
        await settle(tx, request, outcome);
        return outcome;
      },
      turnOf(service, message.business_key),
    );
    if (outcome === "applied") await releaseHeld(service, message.business_key);
  } catch (error) {
    // Without a database there is no outcome either: the row stays taken, and may be taken again.
    if (isOutage(error)) throw error;
    await fail(service, request, failureOf(error), startedAt);
  }
}

/** Its dead letter is gone, or its number names another message by now: nothing is carried out. */
async function stale(service: Service, request: Request): Promise<void> {
  await transaction(service.pool, async (tx) => {
    if (!(await stillOurs(tx, request))) return;
    await tx.query("update messaging.redelivery set state = 'stale', finished_at = clock_timestamp() where redelivery_id = $1", [
      request.redelivery_id,
    ]);
  });
}

// Someone else may have taken it when we were silent for too long; the row's lock keeps the two apart.
async function stillOurs(tx: Tx, request: Request): Promise<boolean> {
  const { rowCount } = await tx.query(
    "select 1 from messaging.redelivery where redelivery_id = $1 and state = 'taken' and taken_at = $2::timestamptz for update",
    [request.redelivery_id, request.taken],
  );
  return rowCount === 1;
}

async function settle(tx: Tx, request: Request, outcome: Outcome): Promise<void> {
  await tx.query(
    `with done as (
       update messaging.redelivery set state = $2, finished_at = clock_timestamp(), error_type = null, error_message = null
       where redelivery_id = $1 returning dead_letter_id, consumer, message_id)
     update messaging.dead_letter d set state = 'resolved', state_changed_at = clock_timestamp(), state_reason = $3
     from done where (d.dead_letter_id, d.consumer, d.message_id) = (done.dead_letter_id, done.consumer, done.message_id) and d.state <> 'resolved'`,
    // What a handler ignores on purpose has been seen to: of the states that a redelivery knows, that is applied.
    [request.redelivery_id, outcome === "ignored" ? "applied" : outcome, `redelivered: ${outcome}`],
  );
}

async function fail(service: Service, request: Request, failure: Failure, startedAt: number): Promise<void> {
  await transaction(service.pool, async (tx) => {
    if (!(await stillOurs(tx, request))) return;
    await tx.query(
      `update messaging.redelivery set state = 'failed', finished_at = clock_timestamp(), error_type = $2, error_message = $3
       where redelivery_id = $1`,
      [request.redelivery_id, failure.type, failure.message],
    );
    await tx.query(
      `update messaging.dead_letter set state = 'parked', state_changed_at = clock_timestamp(), state_reason = 'redelivered: failed',
         parked_at = clock_timestamp(), consumer_version = $2, error_type = $3, error_message = $4, error_stack = $5,
         attempts = attempts + 1, attempt_log = attempt_log || $6::jsonb
       where (dead_letter_id, consumer, message_id) = ($1, $7, $8)`,
      [
        request.dead_letter_id,
        service.version,
        failure.type,
        failure.message,
        failure.stack,
        JSON.stringify([attemptOf(failure, startedAt)]),
        service.name,
        request.message_id,
      ],
    );
  });
}
