import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, list, rows, unnestOf } from "../db/rows";
import { reasonBits } from "../facts/rules";
import type { Instant } from "../time";
import type { SagaCause, SagaNarrowing, SagaPlace, SagaState, SagaZone, Success, SuccessSpan } from "./rules";
import { failedCompensation, lateCompensation } from "./sql";

const ends = sql`coalesce(s.deadline_at, 'infinity'::timestamptz)`;

const zonesOf = (zones: readonly SagaZone[], now: Instant): SQL =>
  sql`(select zone_id, ${instant(now)} + window_ms * interval '1 ms' as horizon, ${instant(now)} - risk_ms * interval '1 ms' as aged from ${unnestOf("u", zones, { zone_id: ["text", (z) => z.zoneId], window_ms: ["float8", (z) => z.windowMs], risk_ms: ["float8", (z) => z.windowMs * z.atRiskRatio] })}) z`;

/** A running saga `s` of a zone `z` that will compensate within a window unless somebody acts: its key cannot converge by itself, or is late already. */
const isDue = (now: Instant): SQL =>
  sql`(s.state = 'running' and s.deadline_at >= ${instant(now)} and s.deadline_at < z.horizon and (s.hold_until is null or s.hold_until < s.deadline_at)
    and exists (select 1 from open_key o where o.zone_id = s.zone_id and o.business_key = s.business_key and (o.since < z.aged or o.reasons & ${reasonBits.parked}::int <> 0)))`;
const isStuck = (now: Instant): SQL => sql`(s.state = 'running' and s.deadline_at < ${instant(now)} or s.state = 'failed')`;
const isHeld = (now: Instant): SQL => sql`(s.hold_until > ${instant(now)} and s.state in ('running', 'compensating'))`;

// Each is one range of one index of the zone; a condition over all of them would read every saga that runs.
const places: Record<SagaState | "all", (now: Instant) => SQL[]> = {
  stuck: (now) => [sql`s.state = 'running' and ${ends} < ${instant(now)}`, sql`s.state = 'failed'`],
  due: (now) => [sql`s.state = 'running' and ${ends} >= ${instant(now)} and ${ends} < z.horizon and ${isDue(now)}`],
  failed: () => [sql`s.state in ('compensating', 'failed') and (s.state = 'failed' or ${failedCompensation})`],
  late: (now) => [sql`s.state in ('compensating', 'failed') and ${lateCompensation(now)}`],
  compensating: () => [sql`s.state = 'compensating'`],
  held: (now) => [sql`s.hold_until is not null and ${isHeld(now)}`],
  running: (now) => [sql`s.state = 'running' and ${ends} >= ${instant(now)}`],
  ended: () => [sql`s.ended_at is not null and s.steps_at is not null and s.state in ('compensated', 'completed')`],
  all: (now) => [
    sql`s.state = 'running' and ${ends} < ${instant(now)}`,
    sql`s.state in ('compensating', 'failed')`,
    ...places.held(now),
    ...places.due(now),
  ],
};

export type SagaRecord = {
  sourceId: string;
  sagaId: string;
  sagaType: string;
  zoneId: string;
  businessKey: string;
  correlationId: string | null;
  state: string;
  step: string | null;
  startedAt: Instant;
  deadlineAt: Instant | null;
  endedAt: Instant | null;
  holdUntil: Instant | null;
  stepsAt: Instant | null;
  compensationFailed: boolean;
  compensationLate: boolean;
  due: boolean;
  /** Where it stands in a list, ms; null for one without a deadline, which comes last. */
  place: number | null;
};

const columns = (now: Instant, place: SQL): SQL =>
  sql`s.source_id as "sourceId", s.saga_id as "sagaId", s.saga_type as "sagaType", s.zone_id as "zoneId", s.business_key as "businessKey", s.correlation_id as "correlationId",
    s.state, s.step, s.started_at as "startedAt", s.deadline_at as "deadlineAt", s.ended_at as "endedAt", s.hold_until as "holdUntil", s.steps_at as "stepsAt",
    ${failedCompensation} as "compensationFailed", ${lateCompensation(now)} as "compensationLate", ${isDue(now)} as due, nullif(date_part('epoch', ${place}) * 1000, 'infinity') as place`;

/** A page of sagas of some zones in one state, those first whose deadline is or was nearest; ended ones newest first. */
export async function selectSagas(
  db: Db,
  zones: readonly SagaZone[],
  state: SagaState | null,
  narrowing: SagaNarrowing,
  after: SagaPlace | null,
  now: Instant,
  most: number,
): Promise<SagaRecord[]> {
  const ended = state === "ended";
  const place = ended ? sql`s.ended_at` : ends;
  const order = ended ? sql`${place} desc, s.source_id, s.saga_id` : sql`${place}, s.source_id, s.saga_id`;
  const at = after === null ? null : after.place === null ? sql`'infinity'::timestamptz` : instant(after.place);
  const on =
    at === null
      ? sql`true`
      : sql`(${place} ${ended ? sql`<` : sql`>`} ${at} or ${place} = ${at} and (s.source_id, s.saga_id) > (${after!.sourceId}, ${after!.sagaId}))`;
  const { types, steps, key } = narrowing;
  const narrowed = sql`(${types.length === 0} or s.saga_type = any(${list(types, "text")})) and (${steps.length === 0} or s.step = any(${list(steps, "text")}))
    and (${key === null} or starts_with(s.business_key, ${key ?? ""}))`;
  const branches = places[state ?? "all"](now).map(
    (where) =>
      sql`(select ${columns(now, place)} from saga s where s.zone_id = z.zone_id and ${where} and ${on} and ${narrowed} order by ${order} limit ${most})`,
  );
  return rows<SagaRecord>(
    db,
    sql`select distinct on (${ended ? sql`-f.place` : sql`coalesce(f.place, 'infinity')`}, f."sourceId", f."sagaId") f.* from ${zonesOf(zones, now)} cross join lateral (${sql.join(branches, sql` union all `)}) f
        order by ${ended ? sql`-f.place` : sql`coalesce(f.place, 'infinity')`}, f."sourceId", f."sagaId" limit ${most}`,
  );
}

/** One saga; null when the store does not know it, or not any more. */
export async function selectSaga(
  db: Db,
  { sourceId, sagaId }: { sourceId: string; sagaId: string },
  zone: (zoneId: string) => SagaZone,
  now: Instant,
): Promise<SagaRecord | null> {
  const found = await firstRow<{ zoneId: string }>(
    db,
    sql`select zone_id as "zoneId" from saga where source_id = ${sourceId} and saga_id = ${sagaId}`,
  );
  if (!found) return null;
  return firstRow<SagaRecord>(
    db,
    sql`select ${columns(now, ends)} from saga s join ${zonesOf([zone(found.zoneId)], now)} using (zone_id) where s.source_id = ${sourceId} and s.saga_id = ${sagaId}`,
  );
}

// Keys that are looked at for what they lack, of each type and step: enough to tell what most of them lack.
const SAMPLED = 200;

/** What is to be seen of the sagas of these zones, by type and step, the most first; a zone's largest twenty. */
export async function selectSagaCauses(
  db: Db,
  zones: readonly SagaZone[],
  now: Instant,
): Promise<(Omit<SagaCause, "stepNo" | "stepsN" | "undo"> & { zoneId: string })[]> {
  const branches = places.all(now).map((where) => sql`select s.* from saga s where s.zone_id = z.zone_id and ${where}`);
  return rows(
    db,
    sql`with seen as materialized (select s.*, ${isStuck(now)} as stuck, ${isHeld(now)} as held, ${isDue(now)} as due, ${failedCompensation} as comp_failed, ${lateCompensation(now)} as comp_late
          from ${zonesOf(zones, now)} cross join lateral (${sql.join(branches, sql` union `)}) s),
        sampled as (select * from (select *, row_number() over (partition by zone_id, saga_type, step order by started_at) as nth from seen where stuck or comp_failed or comp_late or due) s where nth <= ${SAMPLED}),
        lacking as (select s.zone_id, s.saga_type, s.step, u.reason, u.source_id, u.consumer,
            case when u.reason = 'parked' then (select d.group_id from dead_letter d where d.source_id = u.source_id and d.message_id = u.ref limit 1) end as group_id, count(distinct s.business_key)::int as n
          from sampled s join unresolved u on u.zone_id = s.zone_id and u.business_key = s.business_key and u.confirmed and u.reason in ('unpublished', 'undelivered', 'held', 'parked') group by 1, 2, 3, 4, 5, 6, 7),
        grouped as (select zone_id, saga_type, step, count(*) filter (where stuck or comp_failed or comp_late)::int as n, min(started_at) as oldest, (array_agg(business_key order by started_at))[1] as oldest_key,
            count(*) filter (where comp_failed)::int as failed, count(*) filter (where comp_late)::int as late, count(*) filter (where state = 'compensating')::int as compensating,
            count(*) filter (where held)::int as held, min(hold_until) filter (where held) as held_until, count(*) filter (where due)::int as due, count(*) filter (where stuck or comp_failed or comp_late or held or due)::int as asking, min(deadline_at) filter (where due) as first_due
          from seen group by 1, 2, 3)
        select zone_id as "zoneId", saga_type as "sagaType", step, n, oldest, oldest_key as "oldestKey", failed as "failedN", late as "lateN", compensating as "compensatingN", held as "heldN",
          held_until as "heldUntil", due as "dueN", asking as "askingN", first_due as "firstDueAt",
          (select jsonb_build_object('reason', l.reason, 'sourceId', l.source_id, 'consumer', l.consumer, 'groupId', l.group_id, 'n', l.n, 'ofN', (select count(distinct business_key) from sampled s where s.zone_id = p.zone_id and s.saga_type = p.saga_type and s.step is not distinct from p.step))
            from lacking l where l.zone_id = p.zone_id and l.saga_type = p.saga_type and l.step is not distinct from p.step order by l.n desc, l.reason, l.source_id, l.consumer, l.group_id limit 1) as lacks,
          case when failed > 0 then (select c.error_message from saga_compensation c where c.zone_id = p.zone_id and c.saga_type = p.saga_type and c.state = 'failed' order by c.ended_at desc nulls last limit 1) end as "errorMessage"
        from (select *, row_number() over (partition by zone_id order by n + due + held desc, saga_type, step) as place from grouped) p where place <= 20 order by zone_id, place`,
  );
}

/** What was judged last of the sagas of these zones; null for a zone without a judgement. */
export async function selectJudgedSagas(
  db: Db,
  zoneIds: readonly string[],
): Promise<{ zoneId: string; judgedAt: Instant; sagas: SagaCause[] | null }[]> {
  return rows(
    db,
    sql`select s.zone_id as "zoneId", s.judged_at as "judgedAt", s.causes->'sagas' as sagas from zone_status s join zone z using (zone_id)
          where z.retired_at is null and s.zone_id = any(${list(zoneIds, "text")}) order by z.position`,
  );
}

/** Compensations that ended per zone since then. */
export async function selectCompensationCounts(
  db: Db,
  since: Instant,
): Promise<{ zoneId: string; ok: number; failed: number }[]> {
  return rows(
    db,
    sql`select zone_id as "zoneId", sum(succeeded)::int as ok, sum(failed)::int as failed from compensation_count where minute >= ${instant(since)} group by 1`,
  );
}

/** The same as a series, a row per minute with any. */
export async function selectCompensationSeries(
  db: Db,
  zoneId: string,
  from: Instant,
  to: Instant,
): Promise<{ at: Instant; ok: number; failed: number }[]> {
  return rows(
    db,
    sql`select minute as at, sum(succeeded)::int as ok, sum(failed)::int as failed from compensation_count where zone_id = ${zoneId} and minute >= ${instant(from)} and minute < ${instant(to)} group by 1 order by 1`,
  );
}

/** The same of several zones, by steps of so many milliseconds that begin at `from`. */
export async function selectCompensationSteps(
  db: Db,
  zoneIds: readonly string[],
  { from, to, stepMs }: { from: Instant; to: Instant; stepMs: number },
): Promise<{ zoneId: string; step: number; ok: number; failed: number }[]> {
  return rows(
    db,
    sql`select zone_id as "zoneId", floor(extract(epoch from minute - ${instant(from)}) * 1000 / ${stepMs}::float8)::int as step, sum(succeeded)::int as ok, sum(failed)::int as failed
          from compensation_count where zone_id = any(${list(zoneIds, "text")}) and minute >= ${instant(from)} and minute < ${instant(to)} group by 1, 2`,
  );
}

/** How compensations of these zones ended since then, step by step, with those that did not end beside. A day is read by the minute, weeks by the hour. */
export async function selectSuccess(
  db: Db,
  zoneIds: readonly string[],
  since: Instant,
  span: SuccessSpan,
  now: Instant,
): Promise<(Success & { zoneId: string })[]> {
  const ids = list(zoneIds, "text");
  const counts =
    span === "24h"
      ? sql`select zone_id, saga_type, name, succeeded, failed from compensation_count where zone_id = any(${ids}) and minute >= ${instant(since)}`
      : sql`select zone_id, saga_type, name, succeeded, failed from compensation_hour where zone_id = any(${ids}) and hour >= ${instant(since)}`;
  return rows<Success & { zoneId: string }>(
    db,
    sql`select zone_id as "zoneId", saga_type as "sagaType", name, sum(succeeded)::int as ok, sum(failed)::int as failed, sum(open)::int as "openN", sum(late)::int as "lateN" from (
          select zone_id, saga_type, name, succeeded, failed, 0 as open, 0 as late from (${counts}) c
          union all select c.zone_id, c.saga_type, c.name, 0, 0, 1, coalesce(c.deadline_at < ${instant(now)}, false)::int from saga_compensation c join saga s using (source_id, saga_id)
            where c.zone_id = any(${ids}) and c.state in ('pending', 'running') and s.state in ('running', 'compensating', 'failed')) f
        group by 1, 2, 3 order by 1, 2, 3`,
  );
}

export type Lacked = {
  reason: string;
  consumer: string;
  eventType: string;
  since: Instant;
  sourceId: string;
  groupId: number | null;
};

/** What a key lacks in a zone, but for its saga: messages that wait, are held or parked, oldest first. */
export async function selectLacked(db: Db, zoneId: string, businessKey: string, most: number): Promise<Lacked[]> {
  return rows<Lacked>(
    db,
    sql`select u.reason, u.consumer, u.event_type as "eventType", u.since, u.source_id as "sourceId",
          case when u.reason = 'parked' then (select d.group_id from dead_letter d where d.source_id = u.source_id and d.message_id = u.ref limit 1) end as "groupId"
        from unresolved u where u.zone_id = ${zoneId} and u.business_key = ${businessKey} and u.confirmed and u.reason in ('unpublished', 'undelivered', 'held', 'parked')
        order by u.since, u.reason limit ${most}`,
  );
}
