import type pg from "pg";
import { FOR_EVER_TEXT } from "../../comparable";
import type { CompensationRow, DeadLetterRow, HeldRow, InboxRow, OpenCounts, OutboxRow, SagaRow } from "../../observable";
import { ms } from "../postgres/now.sql";

/** The span that a poll reads: rows visible in `next` and not in `prev` (null: from the start, open rows only), after the last page's end. */
export type Span = { prev: string; next: string; before: string | null };
export type After = { writtenBy: string; key: string } | null;
export type Page<T> = { rows: T[]; after: After };

/** Payloads above this stay in their source; a store that holds every 10 MB payload is a second production database. */
export const PAYLOAD_BYTES_MAX = 131_072;
const HELD_MAX = 2_000;

/** A hold without an end, as the last day that a time can name: an instant is a number of milliseconds. */
export const heldUntil = (column: string) =>
  `case when ${column} > '${FOR_EVER_TEXT}' then timestamptz '${FOR_EVER_TEXT}' else ${column} end`;
// Longer than an index entry may be, a hostile key would stop every later row.
const short = (column: string, as: string) => `left(coalesce(${column}, ''), 200) as "${as}"`;
const json = (column: string, as: string, bytes: number) =>
  `case when pg_column_size(${column}) <= ${bytes} and octet_length(${column}::text) <= ${bytes} then ${column}::text end as "${as}"`;

const outboxColumns = `message_id::text as "messageId", ${short("event_type", "eventType")}, ${short("business_key", "businessKey")},
  ${ms("occurred_at", "occurredAt")}, ${ms("written_at", "writtenAt")}, ${ms("published_at", "publishedAt")},
  left(headers->>'producer_version', 100) as "producerVersion", schema_version as "schemaVersion"`;

const inboxColumns = `${short("i.consumer", "consumer")}, i.message_id::text as "messageId", ${short("i.event_type", "eventType")}, ${short("i.business_key", "businessKey")},
  ${ms("i.occurred_at", "occurredAt")}, ${ms("i.processed_at", "processedAt")}, left(i.consumer_version, 100) as "consumerVersion", i.outcome,
  (i.outcome = 'applied' and i.version is not null and exists (select 1 from S.inbox o where o.consumer = i.consumer and o.event_type = i.event_type
    and o.business_key = i.business_key and o.version = i.version and o.outcome = 'applied' and o.message_id <> i.message_id
    and (o.processed_at, o.message_id) < (i.processed_at, i.message_id))) as "semanticDuplicate"`;

// What the copy was of stands with the message that was processed; by its key, whatever the planner thinks of a join.
const duplicateColumns = `${short("d.consumer", "consumer")}, coalesce((select left(i.event_type, 200) from S.inbox i where i.consumer = d.consumer and i.message_id = d.message_id), '') as "eventType"`;

const ATTEMPT_LOG_BYTES_MAX = 65_536;
// Of a longer log the first attempts and the newest; the mark between them says how many are left out. One that is itself too long is cut off.
const ATTEMPTS_FIRST = 5;
const ATTEMPTS_LAST = 45;
const ATTEMPT_CHARS_MAX = 1_200;
const fits = `pg_column_size(attempt_log) <= ${ATTEMPT_LOG_BYTES_MAX} and octet_length(attempt_log::text) <= ${ATTEMPT_LOG_BYTES_MAX}`;
const attempt = `case when octet_length(e::text) <= ${ATTEMPT_CHARS_MAX} then e when jsonb_typeof(e) = 'object'
    then jsonb_build_object('at', e->'at', 'duration_ms', e->'duration_ms', 'error_type', left(e->>'error_type', 200), 'error_message', left(e->>'error_message', 500)) else to_jsonb(left(e::text, 200)) end`;
const shortened = `(select jsonb_agg(case when i = ${ATTEMPTS_FIRST + 1} and n > ${ATTEMPTS_FIRST + ATTEMPTS_LAST} then jsonb_build_object('left_out', n - ${ATTEMPTS_FIRST + ATTEMPTS_LAST}) else ${attempt} end order by i)
    from jsonb_array_elements(attempt_log) with ordinality a(e, i) cross join (select jsonb_array_length(attempt_log) as n offset 0) n where i <= ${ATTEMPTS_FIRST + 1} or i > n - ${ATTEMPTS_LAST})`;
const attemptLog = `coalesce(case when ${fits} then attempt_log::text
    when jsonb_typeof(attempt_log) = 'array' and pg_column_size(attempt_log) <= ${8 * 1024 * 1024} then ${shortened}::text
    when attempt_log is not null then jsonb_build_array(jsonb_build_object('left_out', case when jsonb_typeof(attempt_log) = 'array' then jsonb_array_length(attempt_log) end))::text end, '[]')`;

const deadLetterColumns = `dead_letter_id::text as "sourceDeadLetterId", ${short("consumer", "consumer")}, left(coalesce(consumer_version, ''), 100) as "consumerVersion",
  message_id::text as "messageId", ${short("event_type", "eventType")}, schema_version as "schemaVersion", left(aggregate_type, 200) as "aggregateType",
  ${short("business_key", "businessKey")}, version::text as "version", ${json("payload", "payload", PAYLOAD_BYTES_MAX)},
  coalesce(case when pg_column_size(payload) <= ${PAYLOAD_BYTES_MAX} then octet_length(payload::text) else pg_column_size(payload) end, 0) as "payloadBytes",
  ${json("headers", "headers", 32_768)}, left(correlation_id, 200) as "correlationId", left(causation_id, 200) as "causationId", left(traceparent, 200) as "traceparent",
  ${ms("occurred_at", "occurredAt")}, left(coalesce(error_type, ''), 300) as "errorType", left(coalesce(error_message, ''), 8000) as "errorMessage",
  left(coalesce(error_stack, ''), 32000) as "errorStack", coalesce(attempts, 0) as attempts, ${attemptLog} as "attemptLog",
  ${ms("first_failed_at", "firstFailedAt")}, ${ms("parked_at", "parkedAt")}, state`;

/** The data of a saga beside the error of one of its steps `t`, which may quote it. */
export const sagaData = (saga: string) =>
  `case when coalesce(t.error_type, t.error_message) is not null and pg_column_size(${saga}.data) <= 32768 and octet_length(${saga}.data::text) <= 32768 then ${saga}.data::text end as "sagaData"`;

const sagaColumns = `saga_id::text as "sagaId", ${short("saga_type", "sagaType")}, ${short("business_key", "businessKey")}, left(correlation_id, 200) as "correlationId",
  state, left(step, 200) as step, ${ms("started_at", "startedAt")}, ${ms("updated_at", "updatedAt")}, ${ms("deadline_at", "deadlineAt")},
  ${ms("ended_at", "endedAt")}, ${ms(heldUntil("hold_until"), "holdUntil")}`;

const compensationColumns = `t.saga_id::text as "sagaId", ${short("s.saga_type", "sagaType")}, t.position, ${short("t.name", "name")}, t.state, t.attempts,
  ${ms("t.deadline_at", "deadlineAt")}, ${ms("t.started_at", "startedAt")}, ${ms("t.ended_at", "endedAt")},
  left(t.error_type, 300) as "errorType", left(t.error_message, 2000) as "errorMessage", ${sagaData("s")}`;

type Table = { from: string; columns: string; key: string; writtenBy: string; where?: string };
// BRIN knows no xid8: the two large tables are indexed, and asked, by the number.
const asNumber = (column: string) => `${column}::text::bigint`;
const tables = {
  outbox: { from: "S.outbox", columns: outboxColumns, key: "position::text", writtenBy: "written_by" },
  inbox: { from: "S.inbox i", columns: inboxColumns, key: "left(i.consumer, 200) || i.message_id", writtenBy: "i.written_by" },
  duplicates: { from: "S.inbox_duplicate d", columns: duplicateColumns, key: "d.ctid::text", writtenBy: "d.written_by" },
  deadLetters: { from: "S.dead_letter", columns: deadLetterColumns, key: "dead_letter_id::text", writtenBy: "written_by" },
  sagas: { from: "S.saga", columns: sagaColumns, key: "saga_id::text", writtenBy: "written_by" },
  compensations: {
    from: "S.saga_step t join S.saga s using (saga_id)",
    columns: compensationColumns,
    key: "t.saga_id || '/' || t.position",
    writtenBy: "t.written_by",
    where: "t.kind = 'compensation'",
  },
} as const satisfies Record<string, Table>;
export type TableName = keyof typeof tables;
export const tableNames = Object.keys(tables) as TableName[];

/** Rows that became visible in the span, a page in the order (written_by, key). */
export async function selectChanged<T>(
  client: pg.ClientBase,
  schema: string,
  name: TableName,
  span: Span,
  after: After,
  pageSize: number,
): Promise<Page<T>> {
  const table: Table = tables[name];
  const w = table.writtenBy;
  const large = name === "outbox" || name === "inbox";
  // The next page of a burst begins where the last one ended, and does not read it again.
  const from = "coalesce($3::xid8, pg_snapshot_xmin($1::pg_snapshot))";
  const bound = large ? `${asNumber(w)} >= ${asNumber(from)}` : `${w} >= ${from}`;
  const seen = name === "outbox" ? `, ${seenColumn}` : "";
  const result = await client.query({
    text: bySchema(
      `select ${table.columns}${seen}, ${w}::text as "_w", ${table.key} as "_k" from ${table.from}
        where ${bound} and not pg_visible_in_snapshot(${w}, $1::pg_snapshot) and pg_visible_in_snapshot(${w}, $2::pg_snapshot)
          and ($3::xid8 is null or (${w}, ${table.key}) > ($3::xid8, $4::text)) ${table.where ? `and ${table.where}` : ""}
        order by ${w}, ${table.key} limit ${pageSize}`,
      schema,
    ),
    values: [span.prev, span.next, after?.writtenBy ?? null, after?.key ?? null, ...(name === "outbox" ? [span.before] : [])],
  });
  return pageOf<T>(result.rows, pageSize);
}

const seenColumn = `case when not pg_visible_in_snapshot(inserted_by, $1::pg_snapshot) then 'new'
    when $5::text is not null and not pg_visible_in_snapshot(inserted_by, $5::pg_snapshot) then 'maybe' else 'old' end as seen`;

type OpenQuery = { columns: string; from: string; where: (pageSize: number) => string; order: string; key: string };
/** Reading anew reads what is open, and the newest events, whose deliveries may be; older rows that are done are not looked at. */
const openQueries: Partial<Record<TableName, OpenQuery>> = {
  outbox: {
    columns: `${outboxColumns}, 'again' as seen`,
    from: "S.outbox",
    // Two indexes, a page from each: asked for both in one condition, the planner may walk the whole table to its newest rows.
    where: (pageSize) => `position in (
        (select position from S.outbox where published_at is null and position > coalesce($1::bigint, 0) order by position limit ${pageSize}) union
        (select position from S.outbox where position > greatest(coalesce($1::bigint, 0), (select coalesce(max(position), 0) - 5000 from S.outbox)) order by position limit ${pageSize}))`,
    order: "position",
    key: "position",
  },
  deadLetters: {
    columns: deadLetterColumns,
    from: "S.dead_letter",
    // In the order of the index that holds open ones only, however many were settled before them.
    where: () =>
      "state in ('parked', 'redelivering') and ($1::bigint is null or (parked_at, dead_letter_id) > ($2::timestamptz, $1::bigint))",
    order: "parked_at, dead_letter_id",
    key: "dead_letter_id",
  },
  sagas: {
    columns: sagaColumns,
    from: "S.saga",
    where: () => "state in ('running', 'compensating', 'failed') and ($1::uuid is null or saga_id > $1::uuid)",
    order: "saga_id",
    key: "saga_id",
  },
  compensations: {
    columns: compensationColumns,
    from: "S.saga_step t join S.saga s using (saga_id)",
    where:
      () => `t.kind = 'compensation' and t.state in ('pending', 'running', 'failed') and s.state in ('running', 'compensating', 'failed')
        and ($1::uuid is null or t.saga_id >= $1::uuid)`,
    order: "t.saga_id",
    key: "t.saga_id",
  },
};

/** A page of a table's open rows in the order of its key; a dead letter's is when it was parked, and its id. */
export async function selectOpen<T>(
  client: pg.ClientBase,
  schema: string,
  name: TableName,
  after: After,
  pageSize: number,
): Promise<Page<T>> {
  const open = openQueries[name];
  if (!open) return { rows: [], after: null };
  const letters = name === "deadLetters";
  const result = await client.query({
    text: bySchema(
      `select ${open.columns}, ${letters ? "parked_at::text" : "'0'"} as "_w", ${open.key}::text as "_k" from ${open.from}
        where ${open.where(pageSize)} order by ${open.order} limit ${pageSize}`,
      schema,
    ),
    values: [after?.key ?? null, ...(letters ? [after?.writtenBy ?? null] : [])],
  });
  const page = pageOf<T>(result.rows, pageSize);
  // A saga has few steps; a page that never leaves one saga ends here.
  return page.after && page.after.key === after?.key ? { ...page, after: null } : page;
}

function pageOf<T>(rows: Record<string, unknown>[], pageSize: number): Page<T> {
  const last = rows.at(-1);
  const after = rows.length < pageSize || !last ? null : { writtenBy: String(last._w), key: String(last._k) };
  for (const row of rows) {
    // The last column first: otherwise the engine makes a table of hashes of each row.
    delete row._k;
    delete row._w;
  }
  return { rows: rows.filter((row) => row._unreadable !== true) as T[], after };
}

export type PollRows = {
  outbox: OutboxRow[];
  inbox: InboxRow[];
  duplicates: { consumer: string; eventType: string }[];
  deadLetters: DeadLetterRow[];
  sagas: SagaRow[];
  compensations: CompensationRow[];
};

/** All held messages, oldest first; deletes leave no trace, so the whole set is read each time. */
export async function selectHeld(client: pg.ClientBase, schema: string): Promise<{ held: HeldRow[]; all: boolean }> {
  const result = await client.query<HeldRow>(
    bySchema(
      `select ${short("consumer", "consumer")}, message_id::text as "messageId", ${short("event_type", "eventType")}, ${short("business_key", "businessKey")},
        waits_for::float8 as "waitsFor", ${ms("occurred_at", "occurredAt")} from S.held_message order by held_at limit ${HELD_MAX + 1}`,
      schema,
    ),
  );
  return { held: result.rows.slice(0, HELD_MAX), all: result.rows.length <= HELD_MAX };
}

// Beyond this a count would cost more than it tells; such a backlog is being worked on anyway.
const OPEN_COUNTED_MAX = 200_000;

/** How many dead letters and sagas are open, along the partial indexes that hold only those. */
export async function selectOpenCounts(client: pg.ClientBase, schema: string): Promise<OpenCounts> {
  const counted = (from: string, states: string) =>
    `(select nullif(count(*), ${OPEN_COUNTED_MAX + 1})::int from (select from ${from} where state in (${states}) limit ${OPEN_COUNTED_MAX + 1}) o)`;
  const result = await client.query<OpenCounts>(
    bySchema(
      `select ${counted("S.dead_letter", "'parked', 'redelivering'")} as "deadLetters", ${counted("S.saga", "'running', 'compensating', 'failed'")} as sagas`,
      schema,
    ),
  );
  return result.rows[0]!;
}

/** Puts the configured schema where the statements say `S.`. */
export function bySchema(text: string, schema: string): string {
  return text.replaceAll(/\bS\./g, `"${schema.replaceAll('"', '""')}".`);
}
