import type { Tx } from "./cluster";
import type { Service } from "./definition";
import type { Message } from "./message";
import { messageColumns, messageValues } from "./message";
import { chance } from "./random";

export type Outcome = "applied" | "stale" | "ignored" | "duplicate" | "held";

/** How a message came here: the attempt that this is, and the message that an edited one replaces. */
export type Arrival = { attempts: number; replaces?: string | null };

/** Opens a handler's transaction: messages of one key are handled one at a time, so that order is decided on what is committed. */
export function turnOf(service: Service, businessKey: string): string {
  const lock = Math.floor(chance(service.name, businessKey) * 2 ** 31);
  return `select pg_advisory_xact_lock(${INBOX_LOCK}, ${lock})`;
}

const INBOX_LOCK = 4_127;

/** Handles one message in this transaction: once, in order, with the inbox row beside its effect. */
export async function receive(tx: Tx, service: Service, message: Message, arrival: Arrival): Promise<Outcome> {
  const ids = [message.message_id, arrival.replaces].filter((id) => id);
  const { rowCount: processed } = await tx.query(
    "select 1 from messaging.inbox where consumer = $1 and message_id = any($2::uuid[])",
    [service.name, ids],
  );
  if (processed) {
    await tx.query("insert into messaging.inbox_duplicate (consumer, message_id) values ($1, $2)", [
      service.name,
      message.message_id,
    ]);
    return "duplicate";
  }
  const handler = service.definition.handlers[message.event_type];
  const verdict = handler ? await handler(tx, message, service) : "ignored";
  if (typeof verdict === "object") {
    await hold(tx, service, message, verdict.waitsFor);
    return "held";
  }
  await record(tx, service, message, verdict, arrival.attempts);
  // The original is done with as well: a copy of it that still travels must not act beside the edited one.
  if (arrival.replaces && arrival.replaces !== message.message_id)
    await record(tx, service, { ...message, message_id: arrival.replaces }, "ignored", arrival.attempts);
  return verdict;
}

async function record(tx: Tx, service: Service, message: Message, outcome: Outcome, attempts: number): Promise<void> {
  await tx.query(
    `insert into messaging.inbox (consumer, message_id, event_type, schema_version, business_key, version, correlation_id,
       occurred_at, received_at, processed_at, attempts, outcome, consumer_version)
     values ($1, $2, $3, $4, $5, $6, $7, $8, now() + make_interval(secs => $12 / 1000.0),
       clock_timestamp() + make_interval(secs => $12 / 1000.0), $9, $10, $11)`,
    [
      service.name,
      message.message_id,
      message.event_type,
      message.schema_version,
      message.business_key,
      message.version,
      message.correlation_id,
      message.occurred_at,
      attempts,
      outcome,
      service.version,
      service.clockMs,
    ],
  );
}

async function hold(tx: Tx, service: Service, message: Message, waitsFor: number): Promise<void> {
  await tx.query(
    `insert into messaging.held_message (consumer, waits_for, ${messageColumns.join(", ")})
     values ($1, $2, ${messageColumns.map((_, n) => `$${n + 3}`).join(", ")}) on conflict (consumer, message_id) do nothing`,
    [service.name, waitsFor, ...messageValues(message)],
  );
}
