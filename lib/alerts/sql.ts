import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, list, rows, touched } from "../db/rows";
import type { Instant } from "../time";
import type { Part } from "../words";
import type { AlertState, Life, Reading, Severity } from "./rules";

/** Keeps readings of a tick, and answers of which zones it was the first: theirs are evaluated by whoever was first. */
export async function insertReadings(tx: Db, readings: readonly { zoneId: string; reading: Reading }[]): Promise<Set<string>> {
  const stored = readings.map(({ zoneId, reading: { at, ...reading } }) => ({ zone_id: zoneId, ms: at, reading }));
  const first = await rows<{ zoneId: string }>(
    tx,
    sql`insert into alert_reading (zone_id, at, reading) select zone_id, to_timestamp(ms / 1000), reading from jsonb_to_recordset(${JSON.stringify(stored)}::jsonb) r(zone_id text, ms float8, reading jsonb)
          order by 1 on conflict do nothing returning zone_id as "zoneId"`,
  );
  return new Set(first.map(({ zoneId }) => zoneId));
}

/** The readings of the oldest tick of which something is left, with how many alerts are open there, for whoever finishes them: another one waits. */
export async function selectUnfinished(tx: Db): Promise<{ zoneId: string; reading: Reading; openN: number }[]> {
  const found = await rows<{ zoneId: string; at: Instant; reading: Omit<Reading, "at">; openN: number }>(
    tx,
    sql`select r.zone_id as "zoneId", at, reading, (select count(*) from alert a where a.zone_id = r.zone_id and a.state <> 'cleared')::int as "openN"
          from alert_reading r where unfinished and at = (select min(at) from alert_reading where unfinished) order by 1 for update`,
  );
  return found.map(({ at, reading, ...one }) => ({ ...one, reading: { at, ...reading } }));
}

/** Notes of which zones' readings of a tick something is left to do, or is not any more. */
export async function setUnfinished(tx: Db, zoneIds: readonly string[], at: Instant, unfinished: boolean): Promise<void> {
  await tx.execute(
    sql`update alert_reading set unfinished = ${unfinished} where zone_id = any(${list(zoneIds, "text")}) and at = ${instant(at)}`,
  );
}

/** The readings of a zone in a span, the oldest first. */
export async function selectReadings(db: Db, zoneId: string, from: Instant, to: Instant): Promise<Reading[]> {
  const found = await rows<{ at: Instant; reading: Omit<Reading, "at"> }>(
    db,
    sql`select at, reading from alert_reading where zone_id = ${zoneId} and at >= ${instant(from)} and at < ${instant(to)} order by at`,
  );
  return found.map(({ at, reading }) => ({ at, ...reading }));
}

export type OpenAlert = Life & {
  alertId: number;
  zoneId: string;
  condition: string;
  cause: string;
  stateN: number;
  inhibitedBy: number | null;
};

/** Where at most one alert is open at a time. */
export const alertPlace = ({ zoneId, condition, cause }: Pick<OpenAlert, "zoneId" | "condition" | "cause">): string =>
  `${zoneId}\n${condition}\n${cause}`;

/** Every alert that is not over, of all zones or of some. */
export const selectOpen = (db: Db, zoneIds: readonly string[] | null = null): Promise<OpenAlert[]> =>
  rows<OpenAlert>(
    db,
    sql`select alert_id as "alertId", zone_id as "zoneId", condition, cause, state, state_n as "stateN", since, raised_at as "raisedAt", quiet_since as "quietSince", level, escalate_at as "escalateAt", inhibited_by as "inhibitedBy"
          from alert where state <> 'cleared'${zoneIds === null ? sql`` : sql` and zone_id = any(${list(zoneIds, "text")})`}`,
  );

export type Flaps = { zoneId: string; condition: string; cause: string; n: number };

/** How often alerts of the same condition of these zones ended lately. */
export const selectFlaps = (db: Db, zoneIds: readonly string[], since: Instant): Promise<Flaps[]> =>
  rows<Flaps>(
    db,
    sql`select zone_id as "zoneId", condition, cause, count(*)::int as n from alert where state = 'cleared' and cleared_at >= ${instant(since)} and zone_id = any(${list(zoneIds, "text")}) group by 1, 2, 3`,
  );

export type AlertEventKind = "pending" | "raised" | "escalated" | "acknowledged" | "cleared";
type Told = { kind: AlertEventKind; text: Part[] };

export type NewAlert = {
  zoneId: string;
  condition: string;
  cause: string;
  severity: Severity;
  state: Extract<AlertState, "pending" | "raised">;
  escalateAt: Instant | null;
  inhibitedBy: number | null;
  value: number | null;
  notify: string[];
  event: Told;
};

/**
 * Begins alerts with their first entries, and gives their numbers by their places. Where one of the same condition and cause is open by now,
 * nothing begins.
 */
export async function insertAlerts(tx: Db, alerts: readonly NewAlert[], at: Instant): Promise<Map<string, number>> {
  const stored = alerts.map(({ event: _, ...alert }) => alert);
  const begun = await rows<{ alertId: number; zoneId: string; condition: string; cause: string }>(
    tx,
    sql`insert into alert (zone_id, condition, cause, severity, state, since, raised_at, escalate_at, inhibited_by, value, notify, previous_id, events_n)
        select a."zoneId", a.condition, a.cause, a.severity, a.state, ${instant(at)}, case when a.state = 'raised' then ${instant(at)} end, to_timestamp(a."escalateAt" / 1000), a."inhibitedBy", a.value, array(select jsonb_array_elements_text(a.notify)),
            (select p.alert_id from alert p where p.zone_id = a."zoneId" and p.condition = a.condition and p.cause = a.cause and p.state = 'cleared' order by p.cleared_at desc limit 1), 1
          from jsonb_to_recordset(${JSON.stringify(stored)}::jsonb) a("zoneId" text, condition text, cause text, severity text, state text, "escalateAt" float8, "inhibitedBy" bigint, value float8, notify jsonb)
          order by 1, 2, 3 on conflict do nothing returning alert_id as "alertId", zone_id as "zoneId", condition, cause`,
  );
  // Matched here: the store knows nothing of how many rows come in a parameter, and would compare each with each.
  const events = new Map(alerts.map((alert) => [alertPlace(alert), alert.event]));
  const first = begun.map((alert) => ({ id: alert.alertId, ...events.get(alertPlace(alert))! }));
  await tx.execute(
    sql`insert into alert_event (alert_id, n, at, kind, by_name, text)
        select id, 1, ${instant(at)}, kind, 'Accord', text from jsonb_to_recordset(${JSON.stringify(first)}::jsonb) e(id bigint, kind text, text jsonb)`,
  );
  return new Map(begun.map((alert) => [alertPlace(alert), alert.alertId]));
}

export type AlertChange = Life & {
  alertId: number;
  /** The one that was seen: another change came between where it is not that any more. */
  stateN: number;
  inhibitedBy: number | null;
  value: number | null;
  event: Told | null;
};

/** Changes alerts that are as they were seen, with their entries. */
export async function updateAlerts(tx: Db, changes: readonly AlertChange[], at: Instant): Promise<void> {
  const stored = changes.map(({ event, ...change }) => ({ ...change, kind: event?.kind ?? null, text: event?.text ?? null }));
  await tx.execute(
    sql`with changed as (update alert a set state = c.state, state_n = a.state_n + 1, raised_at = to_timestamp(c."raisedAt" / 1000), quiet_since = to_timestamp(c."quietSince" / 1000), level = c.level, escalate_at = to_timestamp(c."escalateAt" / 1000),
            inhibited_by = c."inhibitedBy", value = coalesce(c.value, a.value), cleared_at = case when c.state = 'cleared' then ${instant(at)} end, events_n = a.events_n + (c.kind is not null)::int
          from jsonb_to_recordset(${JSON.stringify(stored)}::jsonb) c("alertId" bigint, "stateN" int, state text, "raisedAt" float8, "quietSince" float8, level int, "escalateAt" float8, "inhibitedBy" bigint, value float8, kind text, text jsonb)
          where a.alert_id = c."alertId" and a.state_n = c."stateN" and a.state <> 'cleared' returning a.alert_id, a.events_n, c.kind, c.text)
        insert into alert_event (alert_id, n, at, kind, by_name, text) select alert_id, events_n, ${instant(at)}, kind, 'Accord', text from changed where kind is not null`,
  );
}

/** Forgets alerts that never held for long enough to be raised. */
export async function deletePending(tx: Db, alertIds: readonly number[]): Promise<void> {
  const ids = list(alertIds, "bigint");
  await tx.execute(
    sql`with gone as (delete from alert where alert_id = any(${ids}) and state = 'pending' returning alert_id)
        delete from alert_event e using gone g where e.alert_id = g.alert_id`,
  );
}

export type Unknown = { zoneId: string; condition: string; why: string };

/** Keeps which conditions could not be evaluated, and since when. */
export async function replaceUnknown(
  tx: Db,
  zoneIds: readonly string[],
  unknown: readonly Unknown[],
  at: Instant,
): Promise<void> {
  await tx.execute(
    sql`with u as materialized (select * from jsonb_to_recordset(${JSON.stringify(unknown)}::jsonb) u("zoneId" text, condition text, why text)),
        gone as (delete from alert_unknown a where (a.zone_id = any(${list(zoneIds, "text")}) or not exists (select 1 from zone z where z.zone_id = a.zone_id and z.retired_at is null))
          and not exists (select 1 from u where u."zoneId" = a.zone_id and u.condition = a.condition))
        insert into alert_unknown (zone_id, condition, since, why) select "zoneId", condition, ${instant(at)}, why from u order by 1, 2
          on conflict (zone_id, condition) do update set why = excluded.why where alert_unknown.why <> excluded.why`,
  );
}

/** Forgets readings past their use. */
export const deleteOldReadings = (db: Db, before: Instant): Promise<number> =>
  touched(
    db,
    sql`delete from alert_reading where (zone_id, at) in (select zone_id, at from alert_reading where at < ${instant(before)} order by at limit 20000)`,
  );

/** Forgets alerts that ended long ago, with what happened to them. */
export const deleteOldAlerts = (db: Db, before: Instant): Promise<number> =>
  touched(
    db,
    sql`with old as (delete from alert where alert_id in (select alert_id from alert where state = 'cleared' and cleared_at < ${instant(before)} order by cleared_at limit 1000) returning alert_id)
        delete from alert_event e using old o where e.alert_id = o.alert_id`,
  );
