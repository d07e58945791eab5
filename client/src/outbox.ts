import { randomUUID } from "node:crypto";
import { messageColumns, messageValues, type Payload, traceparent } from "./message.js";
import type { Producer } from "./service.js";
import { rowsOf, type Sql } from "./sql.js";

/** What a service says happened; the rest of the message follows from its cause and its producer. */
export type Fact = {
  event: string;
  /** The version of the payload's schema; 1 without it. */
  schema?: number;
  aggregate: string;
  /** The business key: what a person would name, and what order is kept by. */
  key: string;
  /** Counts the events of one key from 1, without gaps. Without it, nobody can tell that one is missing. */
  version?: number | null;
  payload: Payload;
  /** When the business fact happened; now without it. */
  occurredAt?: Date | string;
};

/** What an event follows from: the message that caused it, or at least the business action that it belongs to. */
export type Cause = { message_id: string | null; correlation_id: string | null; traceparent: string | null };

const insert = `insert into messaging.outbox (${messageColumns})
  values ($1::text::uuid, $2::text, $3::int, $4::text, $5::text, $6::text::bigint, $7::text::jsonb, $8::text::jsonb, $9::text, $10::text, $11::text,
    coalesce($12::text::timestamptz, now()))`;

/** Writes an event into the outbox, in the transaction that changes the state it tells about. Answers the message's id. */
export async function emit(tx: Sql, producer: Producer, fact: Fact, cause?: Cause): Promise<string> {
  if (fact.version != null && !Number.isSafeInteger(fact.version))
    throw new RangeError(`${fact.event} of ${fact.key}: ${fact.version} is no version; versions count 1, 2, 3 … up to 2^53 - 1.`);
  const occurredAt = fact.occurredAt ?? producer.clock?.() ?? null;
  const message_id = randomUUID();
  const message = {
    message_id,
    event_type: fact.event,
    schema_version: fact.schema ?? 1,
    aggregate_type: fact.aggregate,
    business_key: fact.key,
    version: fact.version ?? null,
    payload: fact.payload,
    headers: { producer: producer.name, producer_version: producer.version, content_type: "application/json" },
    correlation_id: cause?.correlation_id ?? randomUUID(),
    causation_id: cause?.message_id ?? null,
    traceparent: traceparent(cause?.traceparent),
    occurred_at: (occurredAt instanceof Date ? occurredAt.toISOString() : occurredAt) as string,
  };
  await tx.query(insert, messageValues(message));
  return message_id;
}

/** The table that `nextVersion` counts in: the service's own, for keys whose rows have no version. */
export const versionTable =
  "create table if not exists messaging_version (business_key text primary key, version bigint not null);";

/**
 * The next version of a key, in the transaction that changes its state. The row is the lock, so that two changes of one key get two versions in
 * the order of their commits. A business row that has a version does the same: `update … set version = version + 1 returning version`.
 */
export async function nextVersion(tx: Sql, key: string): Promise<number> {
  const [row] = await rowsOf<{ version: number }>(
    tx,
    `insert into messaging_version as v (business_key, version) values ($1::text, 1)
     on conflict (business_key) do update set version = v.version + 1 returning version::float8 as version`,
    [key],
  );
  return row!.version;
}
