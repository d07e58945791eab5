import { type Message, messageColumns, messageParameters, messageValues } from "./message.js";
import type { Outcome, Producer, Service, Verdict } from "./service.js";
import { rowsOf, type Sql } from "./sql.js";

/** How a message came here: the attempt that this is, and the message that an edited one replaces. */
type Arrival = { attempts: number; replaces?: string };

/** Messages of one key take turns, so that order is decided on what is committed; a statement of its own, since the next one must see that. */
export async function takeTurn(tx: Sql, { name }: Producer, key: string): Promise<void> {
  // As text: not every mapper can read an answer that is nothing.
  await tx.query("select pg_advisory_xact_lock(hashtextextended($1::text, 0))::text", [`${name} ${key}`]);
}

/** Handles one message in this transaction: once, in order, with the inbox row beside its effect. */
export async function receive<Tx extends Sql>(
  tx: Tx,
  service: Service<Tx>,
  message: Message,
  { attempts, replaces = message.message_id }: Arrival,
): Promise<Outcome> {
  await takeTurn(tx, service, message.business_key);
  const receivedAt = service.clock?.();
  if (await isKnown(tx, service, [message.message_id, replaces])) {
    await tx.query("insert into messaging.inbox_duplicate (consumer, message_id) values ($1::text, $2::text::uuid)", [
      service.name,
      message.message_id,
    ]);
    return "duplicate";
  }
  const verdict = await verdictOf(tx, service, message);
  if (typeof verdict === "object") {
    await hold(tx, service, message, verdict.waitsFor);
    return "held";
  }
  const note = (id: string, outcome: Outcome) =>
    record(tx, service, { ...message, message_id: id }, { outcome, attempts, receivedAt });
  await note(message.message_id, verdict);
  // The original is done with as well: a copy of it that still travels must not act beside the edited one.
  if (replaces !== message.message_id) await note(replaces, "ignored");
  return verdict;
}

async function verdictOf<Tx extends Sql>(tx: Tx, { handlers }: Service<Tx>, message: Message): Promise<Verdict> {
  // Types of events come from outside, and every object has a `toString`.
  if (!Object.hasOwn(handlers, message.event_type)) return "ignored";
  const verdict: unknown = await handlers[message.event_type]!(tx, message);
  if (verdict === "applied" || verdict === "stale" || verdict === "ignored") return verdict;
  const waitsFor = (verdict as { waitsFor?: unknown } | null | undefined)?.waitsFor;
  if (Number.isSafeInteger(waitsFor) && message.version !== null) return { waitsFor: waitsFor as number };
  throw new TypeError(
    waitsFor === undefined
      ? `The handler of ${message.event_type} answered neither "applied", "stale", "ignored" nor { waitsFor }.`
      : `The handler of ${message.event_type} lets a message wait that has no version, or for something that is none.`,
  );
}

async function isKnown(tx: Sql, { name }: Producer, ids: string[]): Promise<boolean> {
  const known = await rowsOf(
    tx,
    "select 1 from messaging.inbox where consumer = $1::text and message_id = any($2::text[]::uuid[])",
    [name, ids],
  );
  return known.length > 0;
}

type Noted = { outcome: Outcome; attempts: number; receivedAt: Date | undefined };

async function record(tx: Sql, service: Producer, message: Message, noted: Noted): Promise<void> {
  await tx.query(
    `insert into messaging.inbox (consumer, message_id, event_type, schema_version, business_key, version, correlation_id, occurred_at,
       received_at, processed_at, attempts, outcome, consumer_version)
     values ($1::text, $2::text::uuid, $3::text, $4::int, $5::text, $6::text::bigint, $7::text, $8::text::timestamptz,
       coalesce($9::text::timestamptz, now()), coalesce($10::text::timestamptz, clock_timestamp()), $11::int, $12::text, $13::text)`,
    [
      service.name,
      message.message_id,
      message.event_type,
      message.schema_version,
      message.business_key,
      message.version === null ? null : String(message.version),
      message.correlation_id,
      message.occurred_at,
      noted.receivedAt?.toISOString() ?? null,
      service.clock?.().toISOString() ?? null,
      noted.attempts,
      noted.outcome,
      service.version,
    ],
  );
}

async function hold(tx: Sql, service: Producer, message: Message, waitsFor: number): Promise<void> {
  await tx.query(
    `insert into messaging.held_message (${messageColumns}, consumer, waits_for)
     values (${messageParameters}, $13::text, $14::text::bigint) on conflict (consumer, message_id) do nothing`,
    [...messageValues(message), service.name, String(waitsFor)],
  );
}

/**
 * How a message stands to the versions of its key that were handled: one that is too old, one that is too early, or null for the next one. For a
 * handler that takes every event of a key from the first on; one that does not compares versions with what its own rows hold.
 */
export async function standing(
  tx: Sql,
  consumer: string,
  { version, business_key }: Message,
): Promise<"stale" | { waitsFor: number } | null> {
  if (version === null) return null;
  const [row] = await rowsOf<{ applied: number }>(
    tx,
    "select coalesce(max(version), 0)::float8 as applied from messaging.inbox where consumer = $1::text and business_key = $2::text and outcome <> 'stale'",
    [consumer, business_key],
  );
  if (version <= row!.applied) return "stale";
  return version > row!.applied + 1 ? { waitsFor: version - 1 } : null;
}
