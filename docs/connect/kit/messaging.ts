// What a service that sends events copies: it needs pg, and the native tables in its database.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Pool, PoolClient } from "pg";

/** An event as the outbox holds it, a broker carries it and a consumer gets it. occurred_at is text: a Date drops microseconds. */
export type Message = {
  message_id: string;
  event_type: string;
  schema_version: number;
  aggregate_type: string;
  business_key: string;
  version: number | null;
  payload: Record<string, unknown>;
  headers: Record<string, unknown>;
  correlation_id: string | null;
  causation_id: string | null;
  traceparent: string | null;
  occurred_at: string;
};

/** Who writes: the service's name and the release that runs. */
export type Service = { pool: Pool; name: string; release: string };

/** What a service says happened. `version` counts the events of one key from 1, without gaps; `cause` is the message that it follows from. */
export type NewEvent = {
  type: string;
  schema?: number;
  aggregate: string;
  key: string;
  version: number;
  payload: Record<string, unknown>;
  occurredAt?: Date;
  cause?: Message;
};

const columns = [
  "message_id",
  "event_type",
  "schema_version",
  "aggregate_type",
  "business_key",
  "version",
  "payload",
  "headers",
  "correlation_id",
  "causation_id",
  "traceparent",
  "occurred_at",
] as const satisfies (keyof Message)[];

/** The columns of a message, as a list to insert. */
export const messageColumns = columns.join(", ");

/** The columns of a message in a select. */
export const selectMessage = columns
  .map((name) => (name === "occurred_at" ? "occurred_at::text" : name === "version" ? "version::int" : name))
  .join(", ");

/** A message's values, in the order of its columns. */
export const messageValues = (message: Message): unknown[] => columns.map((name) => message[name]);

/** Runs work in a transaction: committed when it answers, rolled back when it throws. */
export async function transaction<T>(pool: Pool, work: (tx: PoolClient) => Promise<T>): Promise<T> {
  const tx = await pool.connect();
  let broken = false;
  try {
    await tx.query("begin");
    const value = await work(tx);
    await tx.query("commit");
    return value;
  } catch (error) {
    await tx.query("rollback").catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    tx.release(broken);
  }
}

/**
 * The next version of a key, in the transaction that changes its state. The row is the lock, so that two changes of one key get two
 * versions in the order of their commits. A business row with a version of its own does the same: `update … set version = version + 1 returning version`.
 */
export async function nextVersion(tx: PoolClient, key: string): Promise<number> {
  const { rows } = await tx.query<{ version: number }>(
    `insert into messaging_version as v (business_key, version) values ($1, 1)
     on conflict (business_key) do update set version = v.version + 1 returning version`,
    [key],
  );
  return rows[0]!.version;
}

/** Writes an event, in the transaction that changes the state. */
export async function emit(tx: PoolClient, service: Service, event: NewEvent): Promise<void> {
  await tx.query(
    `insert into messaging.outbox (message_id, event_type, schema_version, aggregate_type, business_key, version, payload, headers,
       correlation_id, causation_id, traceparent, occurred_at)
     values ($1::uuid, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb, $9, $10, $11, coalesce($12::timestamptz, clock_timestamp()))`,
    [
      randomUUID(),
      event.type,
      event.schema ?? 1,
      event.aggregate,
      event.key,
      event.version,
      JSON.stringify(event.payload),
      JSON.stringify({ producer: service.name, producer_version: service.release }),
      event.cause?.correlation_id ?? randomUUID(),
      event.cause?.message_id ?? null,
      event.cause?.traceparent ?? null,
      event.occurredAt ?? null,
    ],
  );
}

/** Publishes what waits, and answers how much. Published first and marked afterwards: a crash in between sends twice, never not at all. */
export async function relay(service: Service, publish: (messages: Message[]) => Promise<void>): Promise<number> {
  let positions: string[] = [];
  try {
    return await transaction(service.pool, async (tx) => {
      const { rows } = await tx.query<Message & { position: string }>(
        `select position, ${selectMessage} from messaging.outbox where published_at is null order by position limit 100 for update skip locked`,
      );
      positions = rows.map((row) => row.position);
      if (rows.length === 0) return 0;
      await publish(rows.map(({ position: _, ...message }) => message));
      await tx.query(
        "update messaging.outbox set published_at = clock_timestamp(), attempts = attempts + 1, last_error = null where position = any($1::bigint[])",
        [positions],
      );
      return rows.length;
    });
  } catch (error) {
    if (positions.length > 0)
      await service.pool.query(
        "update messaging.outbox set attempts = attempts + 1, last_error = $2 where position = any($1::bigint[]) and published_at is null",
        [positions, error instanceof Error ? error.message : String(error)],
      );
    throw error;
  }
}

/** Deletes a batch of what was published, and of what was processed, longer ago than `keep`; answers how much. Accord needs neither once it has seen them. */
export async function forget(service: Service, keep = "7 days"): Promise<number> {
  const outbox = await service.pool.query(
    `delete from messaging.outbox where position in (
       select position from messaging.outbox where published_at < clock_timestamp() - $1::interval order by position limit 2000)`,
    [keep],
  );
  const inbox = await service.pool.query(
    `delete from messaging.inbox where (consumer, message_id) in (
       select consumer, message_id from messaging.inbox where consumer = $2 and processed_at < clock_timestamp() - $1::interval limit 2000)`,
    [keep, service.name],
  );
  return (outbox.rowCount ?? 0) + (inbox.rowCount ?? 0);
}

/** Repeats work until stopped: at once while there is some, else after a rest. What throws is told and tried again; `stop` lets what runs end. */
export function repeat(
  restMs: number,
  work: () => Promise<number>,
  tell: (error: unknown) => void,
): { stop: () => Promise<void> } {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      const done = await work().catch((error) => {
        tell(error);
        return 0;
      });
      if (done === 0) await sleep(restMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  })();
  return {
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}
