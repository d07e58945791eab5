import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, list, rows, unnestOf } from "../db/rows";
import type { Instant } from "../time";

/** The sets of zones in which a group stands whose contract says how long payloads are kept. */
export async function selectZonesWith(db: Db, zoneIds: readonly string[]): Promise<string[][]> {
  const found = await rows<{ zones: string[] }>(
    db,
    sql`select distinct zones from dead_letter_group where zones && ${list(zoneIds, "text")} order by zones`,
  );
  return found.map(({ zones }) => zones);
}

/** Groups of a set of zones of which payloads may be past their time, those looked at longest ago first. */
export function selectDue(
  db: Db,
  zones: readonly string[],
  lookedBefore: Instant,
  most: number,
): Promise<{ groupId: number; goneBefore: Instant | null }[]> {
  return rows(
    db,
    sql`select group_id as "groupId", payloads_gone_before as "goneBefore" from dead_letter_group
        where zones = ${list(zones, "text")} and (payloads_gone_before is null or payloads_gone_before < ${instant(lookedBefore)}) order by payloads_gone_before nulls first, group_id limit ${most}`,
  );
}

/** What a message holds that a source wrote; JSON as text, so that numbers keep their digits. */
export type Held = {
  id: number;
  closedAt: Instant | null;
  payload: string | null;
  attemptLog: string;
  errorMessage: string;
  errorStack: string;
  aggregateType: string | null;
  correlationId: string | null;
  causationId: string | null;
  traceparent: string | null;
};
type Range = { groupId: number; from: Instant | null; before: Instant };

const parked = ({ groupId, from, before }: Range) =>
  sql`m.group_id = ${groupId} and m.parked_at < ${instant(before)} and (${from === null} or m.parked_at >= ${instant(from)})`;

/** Open messages of a group that were parked in a range and still have their payload. */
export function selectHeldOpen(db: Db, range: Range, most: number): Promise<Held[]> {
  return rows<Held>(
    db,
    sql`select m.id, null::timestamptz as "closedAt", b.payload::text as payload, b.attempt_log::text as "attemptLog", b.error_message as "errorMessage", b.error_stack as "errorStack",
          b.aggregate_type as "aggregateType", b.correlation_id as "correlationId", b.causation_id as "causationId", b.traceparent
        from dead_letter m join dead_letter_body b using (id) where ${parked(range)} and b.payload_removed_at is null order by m.parked_at, m.id limit ${most}`,
  );
}

/** The same of those that were closed. */
export function selectHeldClosed(db: Db, range: Range, most: number): Promise<Held[]> {
  const text = (key: string, as: string) => sql.raw(`m.body ->> '${key}' as "${as}"`);
  return rows<Held>(
    db,
    sql`select m.id, m.closed_at as "closedAt", nullif(m.body -> 'payload', 'null')::text as payload, (m.body -> 'attempt_log')::text as "attemptLog", ${text("error_message", "errorMessage")}, ${text("error_stack", "errorStack")},
          ${text("aggregate_type", "aggregateType")}, ${text("correlation_id", "correlationId")}, ${text("causation_id", "causationId")}, ${text("traceparent", "traceparent")}
        from dead_letter_history m where ${parked(range)} and m.body ->> 'payload_removed_at' is null order by m.parked_at, m.id limit ${most}`,
  );
}

const left = (held: readonly Held[]) =>
  unnestOf("l", held, {
    id: ["bigint", (one) => one.id],
    closed_at: ["float8", (one) => one.closedAt],
    attempt_log: ["text", (one) => one.attemptLog],
    error_message: ["text", (one) => one.errorMessage],
    error_stack: ["text", (one) => one.errorStack],
    aggregate_type: ["text", (one) => one.aggregateType],
    correlation_id: ["text", (one) => one.correlationId],
    causation_id: ["text", (one) => one.causationId],
    traceparent: ["text", (one) => one.traceparent],
  });
const texts = ["error_message", "error_stack", "aggregate_type", "correlation_id", "causation_id", "traceparent"];

/** Takes payload and headers out of open messages, and leaves of their texts what is given. One that was closed meanwhile is left to its history. */
export async function removeFromOpen(tx: Db, held: readonly Held[], under: string, now: Instant): Promise<void> {
  const set = sql.raw(texts.map((name) => `${name} = l.${name}`).join(", "));
  await tx.execute(
    sql`update dead_letter_body b set payload = null, headers = null, attempt_log = l.attempt_log::jsonb, ${set}, payload_removed_at = ${instant(now)}, payload_removed_under = ${under}
        from ${left(held)} where b.id = l.id`,
  );
}

/** The same of closed ones, by when they were closed to the millisecond, so that one partition is looked at. */
export async function removeFromClosed(tx: Db, held: readonly Held[], under: string, now: Instant): Promise<void> {
  const set = sql.raw(texts.map((name) => `'${name}', l.${name}`).join(", "));
  await tx.execute(
    sql`update dead_letter_history h set body = h.body || jsonb_build_object('payload', null, 'headers', null, 'attempt_log', l.attempt_log::jsonb, ${set}, 'payload_removed_at', ${instant(now)}, 'payload_removed_under', ${under}::text)
        from ${left(held)} where h.id = l.id and h.closed_at between instant_of(l.closed_at) - interval '1 ms' and instant_of(l.closed_at) + interval '1 ms'`,
  );
}

/** Notes up to when a group's payloads are gone. */
export async function markGone(db: Db, groupId: number, before: Instant): Promise<void> {
  await db.execute(sql`update dead_letter_group set payloads_gone_before = ${instant(before)} where group_id = ${groupId}`);
}
