import { attemptOf, endedIn, type Failure, failureOf } from "./failure.js";
import { release } from "./held.js";
import { receive } from "./inbox.js";
import { inLanes } from "./lanes.js";
import { type Message, messageOf, selectMessage } from "./message.js";
import type { Outcome, Producer, Service } from "./service.js";
import { rowsOf, type Sql } from "./sql.js";

type Request = {
  redelivery_id: string;
  dead_letter_id: string;
  message_id: string;
  business_key: string | null;
  state: "taken" | "stale";
  /** As text: the token of this taking, to the microsecond. */
  taken: string;
  payload: Message["payload"] | null;
  headers: Message["headers"] | null;
  edited_message_id: string | null;
};

type Letter = Message & { attempts: number };

/**
 * Carries out what operators asked for, and answers how many requests there were: takes some for 30 s, handles each in a transaction of its own and
 * writes the outcome there. A request whose dead letter is gone, or whose number names another message by now, ends as stale at once. Once
 * `signal` is given it begins no other; what it took and did not begin may be taken when the 30 s are over.
 */
export async function redeliver<Tx extends Sql>(service: Service<Tx>, signal?: AbortSignal): Promise<number> {
  const requests = await rowsOf<Request>(
    service.database,
    `update messaging.redelivery r set state = due.state, taken_at = clock_timestamp(), finished_at = due.finished_at from (
       select q.redelivery_id, d.business_key, case when d.dead_letter_id is null then 'stale' else 'taken' end as state,
           case when d.dead_letter_id is null then clock_timestamp() end as finished_at
         from messaging.redelivery q left join messaging.dead_letter d using (dead_letter_id, consumer, message_id)
        where q.consumer = $1::text and (q.not_before is null or q.not_before <= clock_timestamp())
          and (q.state = 'waiting' or q.state = 'taken' and q.taken_at < clock_timestamp() - interval '30 seconds')
        order by q.requested_at limit 50 for update of q skip locked) due
      where r.redelivery_id = due.redelivery_id
     returning r.redelivery_id::text, r.dead_letter_id::text, r.message_id::text, due.business_key, r.state, r.taken_at::text as taken, r.payload, r.headers,
       r.edited_message_id::text`,
    [service.name],
  );
  const taken = requests.filter((request) => request.state === "taken");
  await inLanes(
    service.lanes ?? 1,
    taken,
    (request) => request.business_key ?? "",
    async (request) => {
      if (!signal?.aborted) await carryOut(service, request, signal);
    },
  );
  return requests.length;
}

async function carryOut<Tx extends Sql>(service: Service<Tx>, request: Request, signal?: AbortSignal): Promise<void> {
  const startedAt = Date.now();
  // Without a database there is no outcome either: this throws, the row stays taken, and may be taken again.
  const ended = await endedIn(service.database, async (tx) => {
    const letter = await letterOf(tx, service, request);
    if (!letter) return null;
    const arrival = { attempts: letter.attempts + 1, replaces: letter.message_id };
    const outcome = await receive(tx, service, askedFor(letter, request), arrival);
    await settle(tx, request, outcome);
    return { outcome, key: letter.business_key };
  });
  if (!ended.ok) await fail(service, request, failureOf(ended.error), startedAt);
  else if (ended.value?.outcome === "applied") await release(service, ended.value.key, signal);
}

/** The dead letter of a request that is still ours; null for one that is not, or whose letter went since: taken again, that ends as stale. */
async function letterOf(tx: Sql, { name }: Producer, request: Request): Promise<Letter | null> {
  // Someone else may have taken it when we were silent for too long; the row's lock keeps the two apart.
  const ours = await rowsOf(
    tx,
    "select 1 from messaging.redelivery where redelivery_id = $1::text::uuid and state = 'taken' and taken_at = $2::text::timestamptz for update",
    [request.redelivery_id, request.taken],
  );
  if (ours.length === 0) return null;
  const [letter] = await rowsOf<Letter>(
    tx,
    `select ${selectMessage}, attempts from messaging.dead_letter where (dead_letter_id, consumer, message_id) = ($1::text::bigint, $2::text, $3::text::uuid)`,
    [request.dead_letter_id, name, request.message_id],
  );
  return letter ?? null;
}

function askedFor(letter: Letter, { edited_message_id, payload, headers }: Request): Message {
  const original = messageOf(letter);
  return {
    ...original,
    message_id: edited_message_id ?? original.message_id,
    // What an operator made of a message was caused by it, and by nothing that came before.
    causation_id: edited_message_id === null ? original.causation_id : original.message_id,
    payload: payload ?? original.payload,
    headers: headers ?? original.headers,
  };
}

async function settle(tx: Sql, request: Request, outcome: Outcome): Promise<void> {
  await tx.query(
    `with done as (
       update messaging.redelivery set state = $2::text, finished_at = clock_timestamp(), error_type = null, error_message = null
        where redelivery_id = $1::text::uuid returning dead_letter_id, consumer, message_id)
     update messaging.dead_letter d set state = 'resolved', state_changed_at = clock_timestamp(), state_reason = 'redelivered: ' || $2::text
       from done where (d.dead_letter_id, d.consumer, d.message_id) = (done.dead_letter_id, done.consumer, done.message_id) and d.state <> 'resolved'`,
    // What a handler ignores on purpose has been seen to: of the states that a redelivery knows, that is applied.
    [request.redelivery_id, outcome === "ignored" ? "applied" : outcome],
  );
}

async function fail(service: Producer & { database: Sql }, request: Request, failure: Failure, startedAt: number): Promise<void> {
  await service.database.query(
    `with done as (
       update messaging.redelivery set state = 'failed', finished_at = clock_timestamp(), error_type = $3::text, error_message = $4::text
        where redelivery_id = $1::text::uuid and state = 'taken' and taken_at = $2::text::timestamptz returning dead_letter_id, consumer, message_id)
     update messaging.dead_letter d set state = 'parked', parked_at = clock_timestamp(), state_changed_at = clock_timestamp(),
         state_reason = 'redelivered: failed', consumer_version = $5::text, error_type = $3::text, error_message = $4::text, error_stack = $6::text,
         attempts = d.attempts + 1, attempt_log = d.attempt_log || $7::text::jsonb
       from done where (d.dead_letter_id, d.consumer, d.message_id) = (done.dead_letter_id, done.consumer, done.message_id)`,
    [
      request.redelivery_id,
      request.taken,
      failure.type,
      failure.message,
      service.version,
      failure.stack,
      JSON.stringify([attemptOf(failure, startedAt)]),
    ],
  );
}
