import { randomUUID } from "node:crypto";
import type { Tx } from "./cluster";
import { type Message, messageColumns, messageValues, type Payload, traceparent } from "./message";

/** What a service says happened; the rest of the message follows from its cause and its producer. */
export type Fact = {
  event: string;
  schema?: number;
  aggregate: string;
  key: string;
  version: number;
  payload: Payload;
  occurredAt?: string;
};

/** What an event follows from: the message that caused it, or at least the business action that it belongs to. */
export type Cause = { message_id: string | null; correlation_id: string | null; traceparent: string | null };

/** Who speaks: the producer's name and deployed version go into the headers; its host's clock dates what happens. */
export type Producer = { name: string; version: string; clockMs: number };

const insert = `insert into messaging.outbox (${messageColumns.join(", ")})
  values (${messageColumns.map((_, n) => (messageColumns[n] === "occurred_at" ? `coalesce($${n + 1}::timestamptz, now() + make_interval(secs => $${messageColumns.length + 1} / 1000.0))` : `$${n + 1}`)).join(", ")})`;

/** Writes an event into the outbox, in the transaction that changes the state it tells about. */
export async function emit(tx: Tx, producer: Producer, fact: Fact, cause?: Cause): Promise<void> {
  const message = {
    message_id: randomUUID(),
    event_type: fact.event,
    schema_version: fact.schema ?? 1,
    aggregate_type: fact.aggregate,
    business_key: fact.key,
    version: fact.version,
    payload: fact.payload,
    headers: { producer: producer.name, producer_version: producer.version, content_type: "application/json" },
    correlation_id: cause?.correlation_id ?? randomUUID(),
    causation_id: cause?.message_id ?? null,
    traceparent: traceparent(cause?.traceparent),
    occurred_at: fact.occurredAt ?? null,
  };
  await tx.query(insert, [...messageValues(message as Message), producer.clockMs]);
}
