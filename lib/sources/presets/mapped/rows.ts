import type { Abilities } from "../../../presets/abilities.rules";
import type {
  CompensationRow,
  DeadLetterRow,
  HeldRow,
  InboxRow,
  LetterBody,
  OutboxRow,
  ReadStep,
  SagaRow,
} from "../../observable";
import type { MappedRow } from "./read.sql";

const ID_CHARS_MAX = 300;
const KEY_CHARS_MAX = 200;

/** Whether a row can be named at all: without an id, or with one that no index takes, it is left out and counted. */
export const hasId = (row: { id: string | null }): boolean => row.id !== null && row.id !== "" && row.id.length <= ID_CHARS_MAX;

const text = (value: string | number | null | undefined): string | null =>
  value === null || value === undefined ? null : String(value);
const short = (value: string | number | null | undefined, other = ""): string => (text(value) ?? other).slice(0, KEY_CHARS_MAX);
const time = (value: string | number | null | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);
/** A whole number that a column of ours holds; null for anything else. */
const whole = (value: string | number | null | undefined): number | null => {
  const number = Number(text(value) ?? Number.NaN);
  return Number.isInteger(number) && Math.abs(number) < 2 ** 31 ? number : null;
};
const digits = (value: string | number | null | undefined): string | null =>
  /^-?\d{1,18}$/.test(text(value) ?? "") ? text(value) : null;

/** What a row works on; where nobody recorded it, each message counts for itself. */
const keyOf = (row: MappedRow): string => short(text(row.key) || row.message, row.id);

/** JSON as it is; any other text as a JSON text, so that nothing that was written is lost. */
function json(value: string | number | null | undefined): string | null {
  const written = text(value);
  if (written === null) return null;
  try {
    JSON.parse(written);
    return written;
  } catch {
    return JSON.stringify(written);
  }
}

/** A row of dead letters; `state` is what its conditions say. */
export function letterOf(
  row: MappedRow & { mark: string },
  state: "parked" | "redelivering" | "resolved",
  { occurred, parked }: NonNullable<Abilities["deadLetters"]>,
): DeadLetterRow {
  return {
    sourceDeadLetterId: row.id,
    consumer: short(row.consumer, "unknown"),
    consumerVersion: (text(row.consumer_version) ?? "").slice(0, 100),
    messageId: short(row.message, row.id),
    eventType: short(row.type, "unknown"),
    ...{ schemaVersion: null, aggregateType: null },
    businessKey: keyOf(row),
    version: digits(row.version),
    payload: json(row.payload),
    payloadBytes: whole(row.payload_bytes) ?? 0,
    headers: json(row.headers),
    correlationId: text(row.correlation),
    causationId: text(row.causation),
    traceparent: null,
    occurredAt: time(row.occurred),
    errorType: text(row.error_type) ?? "",
    errorMessage: text(row.error) ?? "",
    errorStack: text(row.stack) ?? "",
    attempts: Math.max(0, whole(row.attempts) ?? 0),
    attemptLog: "[]",
    firstFailedAt: null,
    parkedAt: time(row.parked_at),
    state,
    mark: row.mark,
    expiresAt: time(row.expires),
    untold: [...(occurred === "exact" ? [] : (["occurredAt"] as const)), ...(parked === "exact" ? [] : (["parkedAt"] as const))],
  };
}

/** What a row has beside itself, if it is that message's; a number may name another one since a restore. */
export function bodyOf(row: MappedRow, messageId: string): LetterBody | null {
  if (short(row.message, row.id) !== messageId) return null;
  return { payload: json(row.payload), headers: json(row.headers), payloadBytes: whole(row.payload_bytes) ?? 0 };
}

export function eventOf(row: MappedRow, seen: OutboxRow["seen"], recorded: ReadonlyMap<string, unknown>): OutboxRow {
  return {
    ...(recorded.has("occurred") || recorded.has("written") ? {} : { untold: true as const }),
    messageId: row.id,
    eventType: short(row.type, "unknown"),
    businessKey: keyOf(row),
    occurredAt: time(row.occurred) ?? time(row.written),
    writtenAt: time(row.written) ?? time(row.occurred),
    publishedAt: time(row.published),
    producerVersion: null,
    schemaVersion: whole(row.schema_version),
    seen,
  };
}

export const handledOf = (row: MappedRow, again = false): InboxRow => ({
  ...(again && { again }),
  consumer: short(row.consumer, "unknown"),
  messageId: row.id,
  eventType: short(row.type),
  businessKey: short(row.key),
  occurredAt: time(row.occurred),
  processedAt: time(row.processed),
  consumerVersion: text(row.consumer_version),
  outcome: "applied",
  semanticDuplicate: false,
});

export const heldOf = (row: MappedRow): HeldRow => ({
  consumer: short(row.consumer, "unknown"),
  messageId: row.id,
  eventType: short(row.type, "unknown"),
  businessKey: keyOf(row),
  waitsFor: whole(row.waits_for),
  occurredAt: time(row.occurred),
});

const SAGA_STATES = new Set(["running", "compensating", "completed", "compensated", "failed"]);

/** A saga; a state that nobody knows runs, so that its deadline counts. */
export const sagaOf = (row: MappedRow): SagaRow => ({
  sagaId: row.id,
  sagaType: short(row.type, "unknown"),
  businessKey: short(row.key, row.id),
  correlationId: text(row.correlation),
  state: SAGA_STATES.has(text(row.state) ?? "") ? String(row.state) : "running",
  step: text(row.step),
  startedAt: time(row.started),
  updatedAt: time(row.updated),
  deadlineAt: time(row.deadline),
  endedAt: time(row.ended),
  holdUntil: null,
});

/** A step of a saga, whose id is that of its saga. */
export const stepOf = (row: MappedRow, sagaType: string): ReadStep => ({
  ...compensationOf(row, sagaType),
  kind: text(row.kind) === "compensation" ? "compensation" : "forward",
  compensates: whole(row.compensates),
});

export const compensationOf = (row: MappedRow, sagaType: string): CompensationRow => ({
  sagaId: row.id,
  sagaType,
  position: whole(row.position) ?? 0,
  name: short(row.name, "unknown"),
  state: short(row.state, "pending"),
  attempts: Math.max(0, whole(row.attempts) ?? 0),
  deadlineAt: time(row.deadline),
  startedAt: time(row.started),
  endedAt: time(row.ended),
  errorType: text(row.error_type),
  errorMessage: text(row.error),
  sagaData: null,
});
