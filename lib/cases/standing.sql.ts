import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, list, rows, unnestOf } from "../db/rows";
import { failedCompensation, lateCompensation } from "../sagas/sql";
import type { Instant } from "../time";
import { caseLimits, type StandingCause } from "./rules";

/** A zone in force, and how long its keys may take. */
export type Windowed = { zoneId: string; windowMs: number };

// The oldest of a group by when they were parked; what is among neither is younger than they are.
const OLDEST_LOOKED_AT = 1_000;
const unfollowed = (zone: SQL, kind: string, ref: SQL, part = sql`''`) =>
  sql`not exists (select 1 from case_file c where c.zone_id = ${zone} and c.cause_kind = ${kind} and c.cause_ref = ${ref} and c.cause_part = ${part} and c.cause_gone_at is null)`;
/** A case `c` that follows the rule and kind of a divergence. */
const ofKind = (divergence: "d" | "o") =>
  sql`(c.zone_id, c.cause_ref, c.cause_part) = (${sql.raw(divergence)}.zone_id, ${sql.raw(divergence)}.rule, ${sql.raw(divergence)}.kind) and c.cause_kind = 'divergence' and c.facts->>'key' is null and c.cause_gone_at is null`;
const windows = (zones: readonly Windowed[], now: Instant) =>
  sql`(select z.zone_id, ${instant(now)} - (z.ms + ${caseLimits.standsMs}::float8) * interval '1 ms' as past from ${unnestOf("z", zones, { zone_id: ["text", (zone) => zone.zoneId], ms: ["float8", (zone) => zone.windowMs] })})`;
const badSaga = (now: Instant) =>
  sql`(s.state in ('running', 'compensating', 'failed') and (s.deadline_at < ${instant(now)} or s.state = 'failed' or ${failedCompensation} or ${lateCompensation(now)}))`;

/** Groups of which a message has been parked for longer than its zone's window. */
const groups = (zones: readonly Windowed[], now: Instant, most: number) =>
  sql`select w.zone_id as "zoneId", g.group_id::text as "causeRef", '' as "causePart", null as "businessKey", o.since,
        jsonb_build_object('kind', 'group', 'sourceId', g.source_id, 'consumer', g.consumer, 'eventType', g.event_type, 'errorType', g.error_type) as facts
      from ${windows(zones, now)} w join dead_letter_group g on g.open_n > 0 and w.zone_id = any(g.zones) and ${unfollowed(sql`w.zone_id`, "group", sql`g.group_id::text`)}
        cross join lateral (select min(since) as since from (select d.since from dead_letter d where d.group_id = g.group_id order by d.parked_at, d.id limit ${OLDEST_LOOKED_AT}) d) o
      where o.since < w.past order by o.since limit ${most}`;

/** What keeps a saga `s` has a case of its own: its key has a parked message, or one that consumers went past without. */
const follows = sql`exists (select 1 from unresolved u where u.zone_id = s.zone_id and u.business_key = s.business_key and (u.reason = 'parked' or u.reason = 'undelivered'
    and exists (select 1 from zone_status z, jsonb_array_elements(z.causes->'missed') m where z.zone_id = u.zone_id and m->'consumers' ? u.consumer)))`;

/** Sagas by type and step that are past their deadline, or of which a compensation failed or is late; what only follows from another case opens none. */
const sagas = (zones: readonly Windowed[], now: Instant, most: number) =>
  sql`select s.zone_id as "zoneId", s.saga_type as "causeRef", coalesce(s.step, '') as "causePart", null as "businessKey", min(s.started_at) as since,
        jsonb_build_object('kind', 'saga', 'sourceId', min(s.source_id), 'sagaType', s.saga_type, 'step', s.step, 'failedN', count(*) filter (where ${failedCompensation})) as facts
      from ${windows(zones, now)} w join saga s on s.zone_id = w.zone_id where ${badSaga(now - caseLimits.standsMs)} and coalesce(s.updated_at, s.started_at) < ${instant(now - caseLimits.standsMs)} and (${failedCompensation} or not ${follows}) and ${unfollowed(sql`s.zone_id`, "saga", sql`s.saga_type`, sql`coalesce(s.step, '')`)}
      group by s.zone_id, s.saga_type, s.step order by since limit ${most}`;

/**
 * Confirmed differences past the window that nothing else explains: neither another fact of the same key, nor that the projection lags, nor
 * that nearly all differ. One case for a rule and kind, with its keys; a key that several rules see counts to the one that has a case, else
 * to the first. What began to differ after a case was resolved is not what was resolved.
 */
const divergences = (zones: readonly Windowed[], now: Instant, most: number) =>
  sql`select d.zone_id as "zoneId", d.rule as "causeRef", d.kind as "causePart", null as "businessKey", min(d.since) as since, jsonb_build_object('kind', 'divergence', 'rule', d.rule, 'key', null, 'differs', d.kind) as facts
      from ${windows(zones, now)} w join divergence d on d.zone_id = w.zone_id and d.state = 'open' and d.since < w.past and d.explained_by is null
      where not exists (select 1 from unresolved u where u.zone_id = d.zone_id and u.business_key = d.business_key and u.reason <> 'divergence')
        and not exists (select 1 from reconciliation_rule r where r.zone_id = d.zone_id and r.rule = d.rule and r.bulk_since is not null)
        and ${unfollowed(sql`d.zone_id`, "divergence", sql`d.rule`, sql`d.key`)}
        and not exists (select 1 from case_file c where ${ofKind("d")} and (c.resolved_at is null or d.first_seen_at <= c.resolved_at))
        and not exists (select 1 from divergence o where o.zone_id = d.zone_id and o.business_key = d.business_key and o.rule <> d.rule and o.state in ('candidate', 'open') and o.explained_by is null
          and (o.rule < d.rule and o.state = 'open' and o.since < w.past or exists (select 1 from case_file c where ${ofKind("o")} and c.resolved_at is null)))
      group by d.zone_id, d.rule, d.kind order by since limit ${most}`;

/** Many keys that one thing explains, such as a projection that lags: one case for all of them. */
const lags = (zones: readonly Windowed[], now: Instant, most: number) =>
  sql`select d.zone_id as "zoneId", d.rule as "causeRef", d.explained_by as "causePart", null as "businessKey", min(d.since) as since, jsonb_build_object('kind', 'lag', 'rule', d.rule, 'explainedBy', d.explained_by) as facts
      from ${windows(zones, now)} w join divergence d on d.zone_id = w.zone_id and d.state = 'open' and d.since < w.past and d.explained_by is not null
      where ${unfollowed(sql`d.zone_id`, "lag", sql`d.rule`, sql`d.explained_by`)} group by d.zone_id, d.rule, d.explained_by order by since limit ${most}`;

/** Rules that found nearly every key to differ; not where that was found while a consumer was behind, which has its own case. */
const bulks = (zones: readonly Windowed[], now: Instant, most: number) =>
  sql`select r.zone_id as "zoneId", r.rule as "causeRef", '' as "causePart", null as "businessKey", r.bulk_since as since, jsonb_build_object('kind', 'mass', 'rule', r.rule, 'n', coalesce(r.bulk_n, 0)) as facts
      from ${windows(zones, now)} w join reconciliation_rule r on r.zone_id = w.zone_id and r.bulk_since is not null where ${unfollowed(sql`r.zone_id`, "mass", sql`r.rule`)}
        and not exists (select 1 from case_file c where c.zone_id = r.zone_id and c.cause_kind = 'lag' and c.cause_ref = r.rule and c.facts->>'behind' is not null and (c.cause_gone_at is null or c.cause_gone_at > r.ran_at)) order by since limit ${most}`;

/** What consumers went past without, by producer, as it was judged last. */
const misses = (zones: readonly Windowed[], now: Instant, most: number) =>
  sql`select s.zone_id as "zoneId", m->>'sourceId' as "causeRef", '' as "causePart", null as "businessKey", to_timestamp((m->>'oldest')::float8 / 1000) as since,
        jsonb_build_object('kind', 'missed', 'sourceId', m->>'sourceId', 'consumers', m->'consumers', 'eventTypes', m->'eventTypes') as facts
      from ${windows(zones, now)} w join zone_status s on s.zone_id = w.zone_id cross join lateral jsonb_array_elements(s.causes->'missed') m
      where to_timestamp((m->>'oldest')::float8 / 1000) < w.past and ${unfollowed(sql`s.zone_id`, "missed", sql`m->>'sourceId'`)} order by since limit ${most}`;

const finders = { group: groups, saga: sagas, divergence: divergences, lag: lags, mass: bulks, missed: misses };
export const followedKinds = Object.keys(finders) as (keyof typeof finders)[];

/** Causes of one kind that have outlived their window and that no case follows, the oldest first. */
export const selectStanding = (
  db: Db,
  kind: keyof typeof finders,
  zones: readonly Windowed[],
  now: Instant,
  most: number,
): Promise<StandingCause[]> => rows<StandingCause>(db, finders[kind](zones, now, most));

/** Whether a consumer of a source had a backlog that it works on in turn, or stands before, when its zone was judged last. */
const isBehind = (zone: SQL, source: SQL): SQL =>
  sql`exists (select 1 from zone_status z, jsonb_array_elements(z.causes->'waiting') m where z.zone_id = ${zone} and m->>'sourceId' = ${source} and m->>'reason' = 'undelivered' and m->'throughput'->>'state' <> 'passed_over')`;

export const selectIsBehind = async (tx: Db, zoneId: string, sourceId: string): Promise<boolean> =>
  (await firstRow<{ behind: boolean }>(tx, sql`select ${isBehind(sql`${zoneId}::text`, sql`${sourceId}::text`)} as behind`))!
    .behind;

/** Whether the cause of a case `c` is there: whatever its age, since it opened the case when it was past the window. A group that was merged into another one is there with that. */
const stands = (now: Instant): SQL => sql`case c.cause_kind
    when 'group' then exists (select 1 from dead_letter_group g where g.group_id in (select case when c.cause_kind = 'group' then c.cause_ref::bigint end union all
      select r.to_id from group_route r where r.from_id = case when c.cause_kind = 'group' then c.cause_ref::bigint end and r.rule is null and r.ended_at is null) and g.open_n > 0 and c.zone_id = any(g.zones))
    when 'saga' then exists (select 1 from saga s where s.zone_id = c.zone_id and s.saga_type = c.cause_ref and coalesce(s.step, '') = c.cause_part and ${badSaga(now)})
    when 'divergence' then exists (select 1 from divergence d where d.zone_id = c.zone_id and d.rule = c.cause_ref and (d.key = c.cause_part or c.facts->>'key' is null and d.kind = c.cause_part and d.explained_by is null) and d.state <> 'resolved' and d.state <> 'accepted')
    when 'missed' then exists (select 1 from zone_status z, jsonb_array_elements(z.causes->'missed') m where z.zone_id = c.zone_id and m->>'sourceId' = c.cause_ref)
    when 'lag' then exists (select 1 from reconciliation_rule r where r.zone_id = c.zone_id and r.rule = c.cause_ref and r.bulk_since is not null and ${isBehind(sql`c.zone_id`, sql`c.facts->>'behind'`)})
      or exists (select 1 from divergence d where d.zone_id = c.zone_id and d.rule = c.cause_ref and d.explained_by = c.cause_part and d.state = 'open')
    when 'mass' then exists (select 1 from reconciliation_rule r where r.zone_id = c.zone_id and r.rule = c.cause_ref and r.bulk_since is not null) end`;

/** Cases whose cause was there and is not any more, resolved ones too. */
export const selectGone = (db: Db, now: Instant, most: number): Promise<{ caseId: number }[]> =>
  rows(
    db,
    sql`select c.case_id as "caseId" from case_file c where c.cause_gone_at is null and c.cause_kind <> 'manual' and not (${stands(now)}) order by c.case_id limit ${most}`,
  );

/** Cases that were resolved by a repair, of which the cause is still there a window later. */
export const selectUnrepaired = (db: Db, zones: readonly Windowed[], now: Instant, most: number): Promise<{ caseId: number }[]> =>
  rows(
    db,
    sql`select c.case_id as "caseId" from case_file c join ${windows(zones, now)} w using (zone_id)
        where c.cause_gone_at is null and c.cause_kind <> 'manual' and c.resolved_at < w.past and c.resolution in ('authority', 'projection', 'compensated')
          and not exists (select 1 from case_file o where o.zone_id = c.zone_id and o.cause_kind = c.cause_kind and o.cause_ref = c.cause_ref and o.cause_part = c.cause_part and o.case_id > c.case_id)
          and ${stands(now)} order by c.case_id limit ${most}`,
  );

/** Whether the causes of some cases are there now; null where one was opened by hand. */
export const selectStandsOf = (
  db: Db,
  caseIds: readonly number[],
  now: Instant,
): Promise<{ caseId: number; stands: boolean | null }[]> =>
  rows(
    db,
    sql`select c.case_id as "caseId", ${stands(now)} as stands from case_file c where c.case_id = any(${list(caseIds, "bigint")})`,
  );

/** Whether a case's cause is there now; null where it was opened by hand. */
export async function selectStands(db: Db, caseId: number, now: Instant): Promise<boolean | null> {
  return (await firstRow<{ stands: boolean | null }>(
    db,
    sql`select ${stands(now)} as stands from case_file c where c.case_id = ${caseId}`,
  ))!.stands;
}
