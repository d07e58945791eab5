import { randomBytes } from "node:crypto";

// biome-ignore lint/suspicious/noExplicitAny: a payload is what the producer wrote; handlers read it as their schema says.
export type Payload = Record<string, any>;

/** An event on its way: what the outbox holds, the broker carries and a consumer gets. */
export type Message = {
  message_id: string;
  event_type: string;
  schema_version: number;
  aggregate_type: string;
  business_key: string;
  version: number | null;
  payload: Payload;
  headers: Payload;
  correlation_id: string | null;
  causation_id: string | null;
  traceparent: string | null;
  occurred_at: string;
};

/** The columns of a message, in the order that every table of messages has them in. */
export const messageColumns = [
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

/** The values of a message, in the order of its columns. */
export function messageValues(message: Message): unknown[] {
  return messageColumns.map((column) => message[column]);
}

/** A message out of a row that has its columns among others. The text of occurred_at keeps the microseconds that a Date drops. */
export function messageOf(row: Record<string, unknown>): Message {
  return Object.fromEntries(messageColumns.map((column) => [column, row[column]])) as Message;
}

/** The columns of a message in a select, occurred_at as text. */
export function selectMessage(alias: string): string {
  return messageColumns
    .map((column) => (column === "occurred_at" ? `${alias}.occurred_at::text as occurred_at` : `${alias}.${column}`))
    .join(", ");
}

/** A W3C trace context: a new trace, or a new span of the trace that `parent` belongs to. */
export function traceparent(parent?: string | null): string {
  const trace = parent?.split("-")[1] ?? randomBytes(16).toString("hex");
  return `00-${trace}-${randomBytes(8).toString("hex")}-01`;
}
