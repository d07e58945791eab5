// What a service that receives events copies, beside messaging.ts.
import { setTimeout as sleep } from "node:timers/promises";
import type { PoolClient } from "pg";
import { type Message, messageColumns, messageValues, type Service, selectMessage, transaction } from "./messaging";

/** How a handler ended: done, too old to do, none of ours, or too early. */
export type Handled = "applied" | "stale" | "ignored" | { waitsFor: number };
export type Outcome = "applied" | "stale" | "ignored" | "duplicate" | "held";

/** A consumer: what it does with a message, in the transaction that also notes it, and how often it tries. */
export type Consumer = Service & {
  handle: (tx: PoolClient, message: Message) => Promise<Handled>;
  attempts: number;
  firstMs: number;
  maxMs: number;
};

export type Attempt = { at: string; error_type: string; error_message: string; duration_ms: number };

/** Handles a message once, or puts it aside after the last attempt; then acknowledge it to the broker. Throws when the database is away: do not. */
export async function consume(consumer: Consumer, message: Message): Promise<Outcome | "parked"> {
  const outcome = await attempt(consumer, message, (tx, n) => receive(tx, consumer, message, n));
  if (outcome === "applied") await release(consumer, message.business_key);
  return outcome;
}

async function attempt(
  consumer: Consumer,
  message: Message,
  work: (tx: PoolClient, attempts: number) => Promise<Outcome>,
): Promise<Outcome | "parked"> {
  const log: Attempt[] = [];
  for (;;) {
    const startedAt = Date.now();
    try {
      return await transaction(consumer.pool, (tx) => work(tx, log.length + 1));
    } catch (error) {
      if (isOutage(error)) throw error;
      log.push(attemptOf(error, startedAt));
      if (log.length >= consumer.attempts) {
        await park(consumer, message, error, log);
        return "parked";
      }
      await sleep(Math.min(consumer.firstMs * 2 ** (log.length - 1), consumer.maxMs));
    }
  }
}

/** Handles what this key's held messages have been waiting for, lowest version first. */
export async function release(consumer: Consumer, key: string): Promise<void> {
  for (let outcome: Outcome | "parked" = "applied"; outcome !== "held" && outcome !== "parked"; ) {
    const { rows } = await consumer.pool.query<Message>(
      `select ${selectMessage} from messaging.held_message where consumer = $1 and business_key = $2 order by version limit 1`,
      [consumer.name, key],
    );
    const held = rows[0];
    if (!held) return;
    outcome = await attempt(consumer, held, async (tx, n) =>
      // No row: somebody else released it meanwhile.
      (await drop(tx, consumer, held)) ? receive(tx, consumer, held, n) : "duplicate",
    );
    if (outcome === "parked") await drop(consumer.pool, consumer, held);
  }
}

/** Releases again, a few keys at each call, what a crash left between a message and those that waited for it; repeat it every minute. */
export async function sweep(consumer: Consumer): Promise<void> {
  const { rows } = await consumer.pool.query<{ business_key: string }>(
    `select business_key from messaging.held_message h where consumer = $1 and exists (
       select from messaging.inbox i where i.consumer = h.consumer and i.business_key = h.business_key and i.version = h.waits_for)
     group by business_key limit 50`,
    [consumer.name],
  );
  for (const { business_key } of rows) await release(consumer, business_key);
}

async function drop(db: Pick<PoolClient, "query">, consumer: Consumer, held: Message): Promise<boolean> {
  const { rowCount } = await db.query("delete from messaging.held_message where consumer = $1 and message_id = $2::uuid", [
    consumer.name,
    held.message_id,
  ]);
  return rowCount === 1;
}

/** How a message stands to the versions of its key that were applied: one that is too old, one that is too early, or null for the next one. */
export async function standing(
  tx: PoolClient,
  consumer: Consumer,
  message: Message,
): Promise<"stale" | { waitsFor: number } | null> {
  if (message.version === null) return null;
  const { rows } = await tx.query<{ applied: number }>(
    "select coalesce(max(version), 0)::int as applied from messaging.inbox where consumer = $1 and business_key = $2 and outcome <> 'stale'",
    [consumer.name, message.business_key],
  );
  const { applied } = rows[0]!;
  if (message.version <= applied) return "stale";
  return message.version > applied + 1 ? { waitsFor: message.version - 1 } : null;
}

/** Handles one message in this transaction: once, with the inbox row beside its effect. `replaces` is the id of the message that an edited one stands for. */
export async function receive(
  tx: PoolClient,
  consumer: Consumer,
  message: Message,
  attempts: number,
  replaces = message.message_id,
): Promise<Outcome> {
  // Messages of one key take turns, so that order is decided on what is committed.
  await tx.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [`${consumer.name} ${message.business_key}`]);
  const { rowCount } = await tx.query("select 1 from messaging.inbox where consumer = $1 and message_id = any($2::uuid[])", [
    consumer.name,
    [message.message_id, replaces],
  ]);
  if (rowCount) {
    await tx.query("insert into messaging.inbox_duplicate (consumer, message_id) values ($1, $2::uuid)", [
      consumer.name,
      message.message_id,
    ]);
    return "duplicate";
  }
  const handled = await consumer.handle(tx, message);
  if (typeof handled === "object") {
    await tx.query(
      `insert into messaging.held_message (consumer, waits_for, ${messageColumns})
       values ($1, $2, $3::uuid, $4, $5, $6, $7, $8, $9::jsonb, $10::jsonb, $11, $12, $13, $14::timestamptz) on conflict (consumer, message_id) do nothing`,
      [consumer.name, handled.waitsFor, ...messageValues(message)],
    );
    return "held";
  }
  await note(tx, consumer, message, attempts, handled);
  // A copy of the original that still travels must not act beside the edited one.
  if (replaces !== message.message_id) await note(tx, consumer, { ...message, message_id: replaces }, attempts, "ignored");
  return handled;
}

async function note(tx: PoolClient, consumer: Consumer, message: Message, attempts: number, outcome: Outcome): Promise<void> {
  await tx.query(
    `insert into messaging.inbox (consumer, message_id, event_type, schema_version, business_key, version, correlation_id, occurred_at,
       attempts, outcome, consumer_version)
     values ($1, $2::uuid, $3, $4, $5, $6, $7, $8::timestamptz, $9, $10, $11)`,
    [
      consumer.name,
      message.message_id,
      message.event_type,
      message.schema_version,
      message.business_key,
      message.version,
      message.correlation_id,
      message.occurred_at,
      attempts,
      outcome,
      consumer.release,
    ],
  );
}

async function park(consumer: Consumer, message: Message, error: unknown, log: Attempt[]): Promise<void> {
  const { error_type, error_message } = log.at(-1)!;
  await consumer.pool.query(
    `insert into messaging.dead_letter (consumer, consumer_version, error_type, error_message, error_stack, attempts, attempt_log,
       first_failed_at, ${messageColumns})
     values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::timestamptz, $9::uuid, $10, $11, $12, $13, $14, $15::jsonb, $16::jsonb, $17, $18, $19, $20::timestamptz)
     on conflict (consumer, message_id) do update set consumer_version = excluded.consumer_version, error_type = excluded.error_type,
       error_message = excluded.error_message, error_stack = excluded.error_stack, attempts = dead_letter.attempts + excluded.attempts,
       attempt_log = dead_letter.attempt_log || excluded.attempt_log, parked_at = clock_timestamp(), state = 'parked',
       state_changed_at = clock_timestamp(), state_reason = null`,
    [
      consumer.name,
      consumer.release,
      error_type,
      error_message,
      stackOf(error),
      log.length,
      JSON.stringify(log),
      log[0]!.at,
      ...messageValues(message),
    ],
  );
}

/** The database is away: nothing is known about the message, and it is no failure of the handler. */
export const isOutage = (error: unknown): boolean => {
  const code = (error as { code?: string }).code ?? "";
  return /^(08|57P|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND)/.test(code) || /Connection terminated|timeout exceeded/.test(String(error));
};
/** One line of the log of attempts. */
export const attemptOf = (error: unknown, startedAt: number): Attempt => ({
  at: new Date(startedAt).toISOString(),
  error_type: error instanceof Error ? error.name : "Error",
  error_message: error instanceof Error ? error.message : String(error),
  duration_ms: Date.now() - startedAt,
});
/** Where it was thrown. */
export const stackOf = (error: unknown): string | null => (error instanceof Error ? (error.stack ?? null) : null);
