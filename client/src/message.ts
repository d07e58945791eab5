import { randomBytes } from "node:crypto";

// biome-ignore lint/suspicious/noExplicitAny: a payload is what the producer wrote; handlers read it as their schema says.
export type Payload = Record<string, any>;

/** An event on its way: what the outbox holds, a broker carries and a consumer gets. `occurred_at` is text, since a Date drops microseconds. */
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

/** The columns of a message in a select, of the same types with every driver. */
export const selectMessage = columns
  .map((name) =>
    name === "occurred_at" || name === "message_id" ? `${name}::text` : name === "version" ? "version::float8" : name,
  )
  .join(", ");

/** The parameters `$1` to `$12` of a message's values, in the order of its columns. */
export const messageParameters =
  "$1::text::uuid, $2::text, $3::int, $4::text, $5::text, $6::text::bigint, $7::text::jsonb, $8::text::jsonb, $9::text, $10::text, $11::text, $12::text::timestamptz";

/** A message's values, in the order of its columns. */
export function messageValues(message: Message): unknown[] {
  return columns.map((name) => {
    const value = message[name];
    if (name === "payload" || name === "headers") return JSON.stringify(value);
    return name === "version" && value !== null ? String(value) : value;
  });
}

// PostgreSQL's text knows no NUL, its jsonb neither NUL nor half a surrogate pair: each becomes the sign for a character that was lost.
const UNSTORABLE = /\0|\p{Surrogate}/gu;

/** A value as PostgreSQL can keep it: in every text and name of a field, whatever it cannot is replaced. */
export function storable<T>(value: T): T;
export function storable(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll(UNSTORABLE, "\ufffd");
  if (Array.isArray(value)) return value.map((each) => storable(each));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [storable(name), storable(each)]));
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const texts = ["event_type", "business_key"] as const;

/** Refuses what is no message: it could be neither handled nor parked. A version beyond 2^53 was rounded on its way, so it is none. */
export function checkMessage(message: Message): void {
  const wrong =
    (UUID.test(message.message_id) ? undefined : "message_id") ??
    texts.find((name) => typeof message[name] !== "string") ??
    (message.version === null || Number.isSafeInteger(message.version) ? undefined : "version") ??
    (["payload", "headers"] as const).find((name) => message[name] === undefined);
  if (wrong) throw new TypeError(`This is no message of an outbox: its ${wrong} is ${String(message[wrong])}.`);
}

/** A message out of a row that has its columns among others. */
export function messageOf(row: Message): Message {
  return Object.fromEntries(columns.map((name) => [name, row[name]])) as Message;
}

/** A W3C trace context: a new trace, or a new span of the trace that `parent` belongs to. */
export function traceparent(parent?: string | null): string {
  const trace = parent?.split("-")[1] ?? randomBytes(16).toString("hex");
  return `00-${trace}-${randomBytes(8).toString("hex")}-01`;
}
