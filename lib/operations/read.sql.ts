import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, hasOneOf, instant, list, rows } from "../db/rows";
import type { Instant } from "../time";
import type { Call } from "./calls.sql";
import type { CanaryThen } from "./plan.rules";
import type { OperationKind, OperationState, Running } from "./rules";

export type StoredOperation = {
  operationId: number;
  kind: OperationKind;
  state: OperationState;
  title: string;
  scope: string;
  reason: string;
  ticket: string | null;
  code: string | null;
  evidence: string | null;
  requestedByName: string;
  requestedAt: Instant;
  endedAt: Instant | null;
  itemsN: number;
  keysN: number;
  ended: Record<string, number>;
  zones: string[];
  consumers: string[];
  /** Items that were taken and are silent, or whose source is away while they are with it. */
  uncertainN: number;
  canaryN: number | null;
  watchMs: number;
  canaryThen: CanaryThen;
  stopPercent: number | null;
  stopWindow: number;
  perSecond: number | null;
  inFlightMax: number | null;
  canaryEndedAt: Instant | null;
  canaryPassedAt: Instant | null;
  stopReason: string | null;
  judgedN: number;
  failedN: number;
  releasedN: number;
  opensAt: Instant | null;
  undoUntil: Instant | null;
  retryOf: number | null;
};

// An item that is with a source nobody can read is uncertain like one that was taken and is silent.
const away = sql`coalesce(l.observed_at < now() - interval '15 seconds' or l.error is not null and l.observed_at < now() - interval '10 seconds', true)`;
// A claimed chunk that got no answer may have been sent all the same.
const out = sql`(c.state = 'sent' or c.state = 'claimed' and c.error is not null)`;
const uncertain = sql`case when o.ended_at is not null then 0 else coalesce((select sum(case when ${away} then c.item_to - c.item_from + 1 - c.ended_n else cardinality(c.uncertain) end)::int
    from operation_chunk c left join source_status l using (source_id) where c.operation_id = o.operation_id and ${out}), 0) end`;
const columns = sql`o.operation_id as "operationId", o.kind, o.state, o.title, o.scope, o.reason, o.ticket, o.code, o.evidence, o.requested_by_name as "requestedByName", o.requested_at as "requestedAt", o.ended_at as "endedAt",
  o.items_n as "itemsN", o.keys_n as "keysN", o.ended, o.zones, o.consumers, ${uncertain} as "uncertainN",
  o.canary_n as "canaryN", o.watch_ms as "watchMs", o.canary_then as "canaryThen", o.stop_percent as "stopPercent", o.stop_window as "stopWindow", o.per_second as "perSecond", o.in_flight_max as "inFlightMax",
  o.canary_ended_at as "canaryEndedAt", o.canary_passed_at as "canaryPassedAt", o.stop_reason as "stopReason", o.judged_n as "judgedN", o.failed_n as "failedN", o.released_n as "releasedN", o.opens_at as "opensAt", o.undo_until as "undoUntil", o.retry_of as "retryOf"`;

const scope = (zones: string[] | null): SQL => (zones === null ? sql`true` : sql`o.zones && ${list(zones, "text")}`);

export async function selectOperation(db: Db, operationId: number): Promise<StoredOperation | null> {
  return firstRow<StoredOperation>(db, sql`select ${columns} from operation o where o.operation_id = ${operationId}`);
}

/** A page of operations, the newest first. */
export async function selectOperations(
  db: Db,
  page: { after: number | null; state: string | null },
  zones: string[] | null,
  most: number,
): Promise<StoredOperation[]> {
  return rows<StoredOperation>(
    db,
    sql`select ${columns} from operation o where ${scope(zones)} and (${page.after}::bigint is null or o.operation_id < ${page.after}) and (${page.state}::text is null or o.state = ${page.state}) order by o.operation_id desc limit ${most}`,
  );
}

/** What a framework or a service was asked for and has not been seen to take: how many, and by which source. */
export type Late = { n: number; service: string; preset: string; called: boolean };

export async function selectLate(db: Db, operationId: number): Promise<Late[]> {
  return rows<Late>(
    db,
    sql`select sum(cardinality(c.uncertain))::int as n, s.service, s.preset, coalesce(s.abilities -> 'deadLetters' ? 'call', false) as called
          from operation_chunk c join source s using (source_id) left join source_status l using (source_id)
          where c.operation_id = ${operationId} and c.state = 'sent' and cardinality(c.uncertain) > 0 and s.preset <> 'native' and not ${away} group by s.source_id order by s.source_id`,
  );
}

/** Items that were asked for before an instant and that no consumer has taken: how many, since when, and when their consumers last processed anything. */
export type NotTaken = { n: number; since: Instant; processedAt: Instant | null };

export async function selectNotTaken(db: Db, operationId: number, before: Instant): Promise<NotTaken | null> {
  return firstRow<NotTaken>(
    db,
    sql`select * from (select coalesce(sum(c.item_to - c.item_from + 1 - c.ended_n - cardinality(c.uncertain)), 0)::int as n, min(c.sent_at) as since,
            (select max(r.last_at) from recent_count r join operation o on r.consumer = any(o.consumers) where o.operation_id = ${operationId} and r.measure = 'processed') as "processedAt"
          from operation_chunk c left join source_status l using (source_id)
            join source s on s.source_id = c.source_id and s.preset = 'native'
          where c.operation_id = ${operationId} and c.state = 'sent' and c.sent_at < ${instant(before)} and not ${away}) n where n > 0`,
  );
}

export type StoredItem = {
  item: number;
  businessKey: string;
  messageId: string;
  consumer: string;
  outcome: string | null;
  detail: string | null;
  uncertain: boolean;
  sentAt: Instant | null;
  finishedAt: Instant | null;
  /** Its source cannot be read just now. */
  away: boolean;
  service: string | null;
  preset: string | null;
  calls: number | null;
  callAnswer: Call["answer"] | null;
  callWords: string | null;
  callSeen: boolean | null;
  callAgain: boolean | null;
  /** The group it failed into, where that is another one than it came from. */
  failedInto: number | null;
};

const itemColumns = sql`i.item, i.business_key as "businessKey", i.message_id as "messageId", i.consumer, r.outcome, coalesce(r.detail, case when r.item is null then c.error end) as detail,
  (r.item is null and ${out} and (${away} or i.item = any(c.uncertain))) as uncertain, c.sent_at as "sentAt", r.finished_at as "finishedAt",
  ${away} as away, s.service, s.preset, k.calls, k.answer as "callAnswer", k.words as "callWords", k.seen_at is not null as "callSeen", k.next_at is not null as "callAgain",
  case when r.outcome = 'failed_again' then (select d.group_id from dead_letter d where d.id = i.dead_letter and d.group_id <> i.group_id) end as "failedInto"`;
const itemTables = sql`operation_item i join operation_chunk c on c.operation_id = i.operation_id and i.item between c.item_from and c.item_to
  left join operation_outcome r on r.operation_id = i.operation_id and r.item = i.item left join source_status l on l.source_id = i.source_id
  left join source s on s.source_id = i.source_id left join operation_call k on k.operation_id = i.operation_id and k.item = i.item`;

// An operation may reach over zones; who is limited to some sees the keys of those only.
const inScope = (zones: string[] | null): SQL =>
  zones === null
    ? sql`true`
    : sql`exists (select 1 from dead_letter_group g where g.group_id = i.group_id and g.zones && ${list(zones, "text")})`;

/** A page of items in their order, of one outcome or state if asked for. */
export async function selectItems(
  db: Db,
  operationId: number,
  zones: string[] | null,
  wanted: { outcome: string | null; after: number | null },
  most: number,
): Promise<StoredItem[]> {
  const state =
    wanted.outcome === null
      ? sql`true`
      : wanted.outcome === "uncertain"
        ? sql`r.item is null and ${out} and (${away} or i.item = any(c.uncertain))`
        : wanted.outcome === "waiting"
          ? sql`r.item is null and not (${out} and (${away} or i.item = any(c.uncertain)))`
          : sql`r.outcome = ${wanted.outcome}`;
  return rows<StoredItem>(
    db,
    sql`select ${itemColumns} from ${itemTables} where i.operation_id = ${operationId} and i.item > ${wanted.after ?? 0}::bigint and ${inScope(zones)} and ${state} order by i.item limit ${most}`,
  );
}

/** Items that did not go as requested: failed again, held, uncertain. */
export async function selectOffTrack(db: Db, operationId: number, zones: string[] | null, most: number): Promise<StoredItem[]> {
  return rows<StoredItem>(
    db,
    sql`select ${itemColumns} from ${itemTables} where i.operation_id = ${operationId} and ${inScope(zones)} and (r.outcome in ('failed_again', 'held') or r.item is null and ${out} and (${away} or i.item = any(c.uncertain))) order by i.item limit ${most}`,
  );
}

/** One letter an item, in their order; for operations of at most 2,000. */
export async function selectGrid(db: Db, operationId: number, letters: Record<string, string>): Promise<string> {
  const cases = sql.join(
    Object.entries(letters).map(([state, letter]) => sql`when r.outcome = ${state} then ${letter}::text`),
    sql` `,
  );
  const row = await firstRow<{ grid: string | null }>(
    db,
    sql`select string_agg(case ${cases} when ${out} and (${away} or i.item = any(c.uncertain)) then ${letters.uncertain!}::text else ${letters.waiting!}::text end, '' order by i.item) as grid from ${itemTables} where i.operation_id = ${operationId}`,
  );
  return row?.grid ?? "";
}

export async function selectEvents(db: Db, operationId: number, most: number): Promise<{ at: Instant; text: string }[]> {
  return rows(db, sql`select at, text from operation_event where operation_id = ${operationId} order by id desc limit ${most}`);
}

/** When an operation was first carried out, since when it runs now without a pause, and how many a second are answered lately: null before there is enough to tell. */
export async function selectRunning(db: Db, operationId: number): Promise<Running> {
  const row = await firstRow<Running>(
    db,
    sql`with ran as (
          select min(claimed_at) as first_at, greatest(min(claimed_at), (select max(at) from operation_event where operation_id = ${operationId} and text like 'Resumed by %')) as at
            from operation_chunk where operation_id = ${operationId}),
        lately as (select greatest(at, now() - interval '30 seconds') as since from ran)
        select ran.first_at as "firstRanAt", ran.at as "ranAt",
          (select case when l.since < now() - interval '5 seconds' then nullif(count(o.item), 0) / extract(epoch from now() - l.since) end::float8
             from lately l left join operation_outcome o on o.operation_id = ${operationId} and o.outcome <> 'cancelled' and o.finished_at > l.since group by l.since) as "perSecond"
          from ran`,
  );
  return row!;
}

export async function selectAuditId(db: Db, operationId: number): Promise<number | null> {
  return (
    (
      await firstRow<{ id: number }>(
        db,
        sql`select id from audit_entry where target_kind = 'operation' and target_id = ${String(operationId)} and result = 'done' and action in ('dead_letter.retry', 'dead_letter.edit', 'dead_letter.discard', 'dead_letter.resolve', 'dead_letter.take_back') order by at limit 1`,
      )
    )?.id ?? null
  );
}

/** Retries and discards that touched some zones (null: any) in a span: the operators' marks on their charts. */
export async function selectOperationMarks(
  db: Db,
  zones: string[] | null,
  from: Instant,
  to: Instant,
): Promise<{ operationId: number; kind: OperationKind; itemsN: number; at: Instant; by: string }[]> {
  return rows(
    db,
    sql`select operation_id as "operationId", kind, items_n as "itemsN", requested_at as at, requested_by_name as by from operation
          where ${hasOneOf(sql`zones`, zones)} and requested_at >= to_timestamp(${from}::float8 / 1000) and requested_at <= to_timestamp(${to}::float8 / 1000) order by requested_at desc, operation_id desc limit 50`,
  );
}

/** Dead letters of what did not get through, as far as it is parked and no operation holds it. */
export async function selectFailed(db: Db, operationId: number): Promise<number[]> {
  const failed = await rows<{ id: number }>(
    db,
    sql`select d.id from operation_outcome r join operation_item i using (operation_id, item) join dead_letter d on d.id = i.dead_letter
          where r.operation_id = ${operationId} and r.outcome in ('failed_again', 'behind') and d.state = 'parked' and not exists (select from dead_letter_claim c where c.dead_letter = d.id) order by d.id`,
  );
  return failed.map(({ id }) => id);
}
