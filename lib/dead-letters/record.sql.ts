import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, list, rows, unnestOf } from "../db/rows";
import type { DeadLetterRow } from "../sources/observable";
import type { Instant } from "../time";
import type { Name } from "./fingerprint.rules";

/** A dead letter as read, with what was made of it: its group, where its age counts from. */
export type Parked = {
  row: DeadLetterRow;
  name: Name;
  state: string;
  since: Instant;
  parkedOnStore: Instant;
  flagged: boolean;
  /** The number it had in the store before it was parked again; null for a new one. */
  id: number | null;
};

/** Groups by fingerprint, made when they are new; one writer per source, so that none is made twice. `routed`: what arrives there belongs elsewhere, or some of it. */
export async function upsertGroups(
  tx: Db,
  sourceId: string,
  parked: readonly Parked[],
): Promise<{ groupOf: Map<string, number>; routed: number[] }> {
  const byFingerprint = new Map(parked.map((p) => [p.name.fingerprint, p]));
  const groups = [...byFingerprint.values()].sort((a, b) => (a.name.fingerprint < b.name.fingerprint ? -1 : 1));
  const table = unnestOf("g", groups, {
    f: ["text", (g) => g.name.fingerprint],
    c: ["text", (g) => g.row.consumer],
    e: ["text", (g) => g.row.eventType],
    t: ["text", (g) => g.name.errorType],
    m: ["text", (g) => g.name.template],
    r: ["text", (g) => g.name.frame ?? ""],
    u: ["text", (g) => g.name.cause ?? ""],
    z: ["text", (g) => g.name.zones.join(",")],
    k: ["text", (g) => g.name.namedUnder],
    p: ["float8", (g) => g.parkedOnStore],
  });
  const made = await rows<{ fingerprint: string; groupId: number; routed: boolean }>(
    tx,
    sql`insert into dead_letter_group (fingerprint, source_id, consumer, event_type, error_type, template, frame, cause, fingerprint_version, zones, named_under, first_at, last_at)
        select f, ${sourceId}, c, e, t, m, nullif(r, ''), nullif(u, ''), ${groups[0]?.name.fingerprintVersion ?? 0}, coalesce(string_to_array(nullif(z, ''), ','), '{}'), k, to_timestamp(p / 1000), to_timestamp(p / 1000)
          from ${table} order by f
        on conflict (fingerprint) do update set zones = excluded.zones, named_under = excluded.named_under returning fingerprint, group_id as "groupId",
          exists (select 1 from group_route r where r.from_id = dead_letter_group.group_id and r.ended_at is null) as routed`,
  );
  return {
    groupOf: new Map(made.map(({ fingerprint, groupId }) => [fingerprint, groupId])),
    routed: made.filter(({ routed }) => routed).map(({ groupId }) => groupId),
  };
}

/** Opens dead letters that are new, with body, counters and arrivals; those that are known are left to `refreshOpen`. */
export async function insertOpen(
  tx: Db,
  sourceId: string,
  parked: readonly Parked[],
  groupOf: Map<string, number>,
  now: Instant,
): Promise<void> {
  const table = unnestOf("s", parked, {
    source_seq: ["text", (p) => p.row.sourceDeadLetterId],
    group_id: ["bigint", (p) => groupOf.get(p.name.fingerprint)],
    message_id: ["text", (p) => p.row.messageId],
    business_key: ["text", (p) => p.row.businessKey],
    version: ["bigint", (p) => p.row.version],
    consumer_version: ["text", (p) => p.row.consumerVersion],
    occurred_at: ["float8", (p) => p.row.occurredAt],
    parked_at: ["float8", (p) => p.parkedOnStore],
    since: ["float8", (p) => p.since],
    flagged: ["boolean", (p) => p.flagged],
    state: ["text", (p) => p.state],
    attempts: ["int", (p) => p.row.attempts],
    schema_version: ["int", (p) => p.row.schemaVersion],
    aggregate_type: ["text", (p) => p.row.aggregateType],
    correlation_id: ["text", (p) => p.row.correlationId],
    causation_id: ["text", (p) => p.row.causationId],
    traceparent: ["text", (p) => p.row.traceparent],
    error_message: ["text", (p) => p.row.errorMessage],
    error_stack: ["text", (p) => p.row.errorStack],
    attempt_log: ["text", (p) => p.row.attemptLog],
    payload: ["text", (p) => p.row.payload],
    payload_bytes: ["bigint", (p) => p.row.payloadBytes],
    headers: ["text", (p) => p.row.headers],
    first_failed_at: ["float8", (p) => p.row.firstFailedAt],
    source_mark: ["text", (p) => p.row.mark ?? null],
    expires_at: ["float8", (p) => p.row.expiresAt ?? null],
    id: ["bigint", (p) => p.id],
  });
  await tx.execute(
    sql`with s as materialized (
          select * from ${table}),
        o as (insert into dead_letter (id, source_id, source_seq, group_id, message_id, business_key, version, consumer_version, occurred_at, parked_at, since, seen_at, flagged, state, attempts, source_mark, changed_at)
          overriding system value select coalesce(id, nextval('dead_letter_id_seq')), ${sourceId}, source_seq, group_id, message_id, business_key, version, consumer_version, instant_of(occurred_at), to_timestamp(parked_at / 1000), to_timestamp(since / 1000),
            ${instant(now)}, flagged, state, attempts, source_mark, ${instant(now)} from s order by length(source_seq), source_seq
          on conflict (source_id, source_seq) do nothing returning id, source_seq, group_id, parked_at, consumer_version, attempts),
        b as (insert into dead_letter_body (id, schema_version, aggregate_type, correlation_id, causation_id, traceparent, error_message, error_stack, attempt_log, payload, payload_bytes, headers, first_failed_at, expires_at)
          select o.id, s.schema_version, s.aggregate_type, s.correlation_id, s.causation_id, s.traceparent, s.error_message, s.error_stack, s.attempt_log::jsonb, s.payload::jsonb, s.payload_bytes,
            s.headers::jsonb, instant_of(s.first_failed_at), instant_of(s.expires_at) from o join s using (source_seq)),
        m as (select group_id, date_trunc('minute', parked_at) as bucket, count(*)::int as n from o group by 1, 2),
        a as (insert into group_arrival (level_s, group_id, bucket, n)
          select 60, group_id, bucket, n from m union all select 3600, group_id, date_trunc('hour', bucket), sum(n)::int from m group by 2, 3 order by 1, 2, 3
          on conflict (level_s, group_id, bucket) do update set n = group_arrival.n + excluded.n),
        t as (update group_triage t set stirred = t.stirred or t.state in ('muted', 'resolved') or t.ready_at is not null, emptied_at = null from (select distinct group_id from o) c where t.group_id = c.group_id
          and (t.emptied_at is not null or (not t.stirred and (t.state in ('muted', 'resolved') or t.ready_at is not null))))
        update dead_letter_group g set open_n = g.open_n + c.n, total_n = g.total_n + c.n, last_at = greatest(g.last_at, c.last_at), first_at = least(g.first_at, c.first_at),
            payloads_gone_before = case when g.payloads_gone_before is not null then least(g.payloads_gone_before, c.first_at) end, attempts_max = greatest(g.attempts_max, c.attempts), versions = add_counts(g.versions, c.versions)
          from (select group_id, sum(n)::int as n, max(last_at) as last_at, min(first_at) as first_at, max(attempts) as attempts, jsonb_object_agg(consumer_version, n) as versions
            from (select group_id, consumer_version, count(*)::int as n, max(parked_at) as last_at, min(parked_at) as first_at, max(attempts) as attempts from o group by 1, 2) p group by 1) c where g.group_id = c.group_id and g.group_id = any(${list([...new Set(groupOf.values())], "bigint")})`,
  );
}

/** Those of the given that are open in the store. */
export async function selectKnown(
  tx: Db,
  sourceId: string,
  sourceDeadLetterIds: readonly string[],
): Promise<{ sourceDeadLetterId: string; id: number }[]> {
  if (sourceDeadLetterIds.length === 0) return [];
  return rows(
    tx,
    sql`select source_seq as "sourceDeadLetterId", id from dead_letter
          where source_id = ${sourceId} and source_seq = any(${list(sourceDeadLetterIds, "text")})`,
  );
}

/** Follows a known dead letter's state; columns that no index knows, so that the row stays on its page. */
export async function updateStates(
  tx: Db,
  changed: readonly { id: number; state: string; attempts: number; mark: string | null }[],
  now: Instant,
): Promise<void> {
  if (changed.length === 0) return;
  await tx.execute(
    sql`update dead_letter d set state = c.state, attempts = c.attempts, source_mark = c.mark, changed_at = ${instant(now)}
          from ${unnestOf("c", changed, { id: ["bigint", (c) => c.id], state: ["text", (c) => c.state], attempts: ["int", (c) => c.attempts], mark: ["text", (c) => c.mark] })}
          where d.id = c.id and (d.state, d.attempts, d.source_mark) is distinct from (c.state, c.attempts, c.mark)`,
  );
}

/** Moves dead letters out of the open table into history: `closedAs` resolved, discarded, gone or by_hand, with the operation and code where an operator closed them. Counters follow. */
export async function closeOpen(
  tx: Db,
  ids: readonly number[],
  closedAs: string,
  now: Instant,
  by: { operationId: number | null; code: string | null } = { operationId: null, code: null },
): Promise<{ messageId: string; consumer: string }[]> {
  if (ids.length === 0) return [];
  return rows(
    tx,
    sql`with d as (delete from dead_letter where id = any(${list(ids, "bigint")}) returning *),
        b as (delete from dead_letter_body where id = any(${list(ids, "bigint")}) returning *),
        h as (insert into dead_letter_history (id, source_id, source_seq, group_id, message_id, business_key, version, consumer_version, occurred_at, parked_at, closed_at, closed_as, closed_by, code, attempts, body)
          select d.id, d.source_id, d.source_seq, d.group_id, d.message_id, d.business_key, d.version, d.consumer_version, d.occurred_at, d.parked_at, ${instant(now)}, ${closedAs}, ${by.operationId}::bigint, ${by.code}, d.attempts,
            coalesce(to_jsonb(b) - 'id', '{}') || case when d.home_id is null then '{}' else jsonb_build_object('home_id', d.home_id) end from d left join b using (id)),
        c as (select group_id, jsonb_object_agg(consumer_version, -n) as versions, sum(n)::int as n from (select group_id, consumer_version, count(*)::int as n from d group by 1, 2) x group by 1 order by 1),
        g as (update dead_letter_group g set open_n = g.open_n - c.n, versions = add_counts(g.versions, c.versions) from c where g.group_id = c.group_id returning g.group_id, g.open_n),
        t as (insert into group_triage (group_id, emptied_at) select group_id, ${instant(now)} from g where open_n = 0 order by 1 on conflict (group_id) do update set emptied_at = excluded.emptied_at)
        select d.message_id as "messageId", g.consumer from d join dead_letter_group g using (group_id)`,
  );
}

/** Ids in the service's database of open dead letters, by message. */
export async function selectSourceDeadLetterIds(db: Db, sourceId: string, messageIds: readonly string[]): Promise<string[]> {
  if (messageIds.length === 0) return [];
  const found = await rows<{ id: string }>(
    db,
    sql`select source_seq as id from dead_letter where source_id = ${sourceId} and message_id = any(${list(messageIds, "text")})`,
  );
  return found.map(({ id }) => id);
}

/** Ids in the service's database of open dead letters that stand in no zone: no open fact leads to them. */
export async function selectUnnamedSeqs(db: Db, sourceId: string, most: number): Promise<string[]> {
  const found = await rows<{ id: string }>(
    db,
    sql`select d.source_seq as id from dead_letter_group g join dead_letter d using (group_id) where g.source_id = ${sourceId} and g.open_n > 0 and cardinality(g.zones) = 0 limit ${most}`,
  );
  return found.map(({ id }) => id);
}

/** Those of the facts that no open dead letter stands behind any more. */
export async function withoutLetter<F extends { consumer: string; ref: string }>(
  tx: Db,
  sourceId: string,
  facts: readonly F[],
): Promise<F[]> {
  if (facts.length === 0) return [];
  const open = await rows<{ consumer: string; ref: string }>(
    tx,
    sql`select g.consumer, d.message_id as ref from dead_letter d join dead_letter_group g using (group_id)
          where d.source_id = ${sourceId} and d.message_id = any(${list(
            facts.map((f) => f.ref),
            "text",
          )})`,
  );
  const known = new Set(open.map(({ consumer, ref }) => `${consumer}\n${ref}`));
  return facts.filter((fact) => !known.has(`${fact.consumer}\n${fact.ref}`));
}

/** The zones that open letters of a source stand in. */
export async function selectZonesOfLetters(tx: Db, sourceId: string, sourceDeadLetterIds: readonly string[]): Promise<string[]> {
  if (sourceDeadLetterIds.length === 0) return [];
  const found = await rows<{ zoneId: string }>(
    tx,
    sql`select distinct unnest(g.zones) as "zoneId" from dead_letter d join dead_letter_group g using (group_id)
          where d.source_id = ${sourceId} and d.source_seq = any(${list(sourceDeadLetterIds, "text")})`,
  );
  return found.map(({ zoneId }) => zoneId);
}
