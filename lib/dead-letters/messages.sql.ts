import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, rows } from "../db/rows";
import type { Instant } from "../time";
import { like } from "./query.sql";

export type StoredMessage = {
  id: number;
  groupId: number;
  /** The group that its own failure names, where people put it into another one. */
  homeId: number | null;
  sourceId: string;
  sourceDeadLetterId: string;
  messageId: string;
  businessKey: string;
  version: number | null;
  consumerVersion: string;
  occurredAt: Instant | null;
  parkedAt: Instant;
  since: Instant;
  state: "parked" | "redelivering";
  attempts: number;
  flagged: boolean;
  operationId: number | null;
  /** Where it stands in a list, to the microsecond: a whole page may be of one millisecond. */
  place: number;
};

export const messageColumns =
  sql.raw(`d.id, d.group_id as "groupId", d.home_id as "homeId", d.source_id as "sourceId", d.source_seq as "sourceDeadLetterId", d.message_id as "messageId", d.business_key as "businessKey", d.version,
  d.consumer_version as "consumerVersion", d.occurred_at as "occurredAt", d.parked_at as "parkedAt", d.since, d.state, d.attempts, d.flagged, c.operation_id as "operationId",
  (extract(epoch from d.parked_at) * 1000)::float8 as place`);

/** A page of a group's messages, the newest first; nothing wide is read. */
export async function selectMessages(
  db: Db,
  page: { groupId: number; key: string | null; after: { parkedAt: Instant; id: number } | null },
  most: number,
): Promise<StoredMessage[]> {
  const place = page.after === null ? sql`true` : sql`(d.parked_at, d.id) < (${instant(page.after.parkedAt)}, ${page.after.id})`;
  const key = page.key === null ? sql`true` : sql`d.business_key like ${`${like(page.key)}%`}`;
  return rows<StoredMessage>(
    db,
    sql`select ${messageColumns} from dead_letter d left join dead_letter_claim c on c.dead_letter = d.id where d.group_id = ${page.groupId} and ${place} and ${key} order by d.parked_at desc, d.id desc limit ${most}`,
  );
}

export type StoredBody = {
  schemaVersion: number | null;
  aggregateType: string | null;
  correlationId: string | null;
  causationId: string | null;
  traceparent: string | null;
  errorMessage: string;
  errorStack: string;
  attemptLog: unknown;
  /** JSON as text, so that its numbers keep their digits. */
  payload: string | null;
  payloadBytes: number;
  headers: string | null;
  firstFailedAt: Instant | null;
  expiresAt: Instant | null;
  payloadRemovedAt: Instant | null;
  payloadRemovedUnder: string | null;
};

/** One open message with its body. */
export async function selectMessage(db: Db, id: number): Promise<(StoredMessage & StoredBody) | null> {
  return firstRow(
    db,
    sql`select ${messageColumns}, b.schema_version as "schemaVersion", b.aggregate_type as "aggregateType", b.correlation_id as "correlationId", b.causation_id as "causationId", b.traceparent, b.error_message as "errorMessage",
          b.error_stack as "errorStack", b.attempt_log as "attemptLog", b.payload::text as payload, b.payload_bytes as "payloadBytes", b.headers::text as headers, b.first_failed_at as "firstFailedAt", b.expires_at as "expiresAt",
          b.payload_removed_at as "payloadRemovedAt", b.payload_removed_under as "payloadRemovedUnder"
        from dead_letter d join dead_letter_body b using (id) left join dead_letter_claim c on c.dead_letter = d.id where d.id = ${id}`,
  );
}

/** How a message that is not open any more was closed; permalinks outlive it. `by` and what follows are null where no operator closed it. */
export type StoredClosing = {
  groupId: number;
  sourceId: string;
  closedAt: Instant;
  closedAs: string;
  businessKey: string;
  operationId: number | null;
  code: string | null;
  by: string | null;
  reason: string | null;
  evidence: string | null;
  /** Whether its row in the source was changed; null once its source has shown it closed. */
  written: boolean | null;
};

export async function selectClosed(db: Db, id: number): Promise<StoredClosing | null> {
  return firstRow(
    db,
    sql`select h.group_id as "groupId", h.source_id as "sourceId", h.closed_at as "closedAt", h.closed_as as "closedAs", h.business_key as "businessKey", h.closed_by as "operationId", h.code,
          o.requested_by_name as by, o.reason, o.evidence, k.written
        from dead_letter_history h left join operation o on o.operation_id = h.closed_by left join dead_letter_closed k on k.dead_letter = h.id where h.id = ${id} order by h.closed_at desc limit 1`,
  );
}
