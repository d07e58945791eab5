import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, list, oneOf, rows } from "../db/rows";
import type { Instant } from "../time";
import type { Part } from "../words";
import type { AlertState, Severity } from "./rules";

export type StoredAlert = {
  alertId: number;
  zoneId: string;
  condition: string;
  cause: string;
  severity: Severity;
  state: AlertState;
  stateN: number;
  since: Instant;
  raisedAt: Instant | null;
  quietSince: Instant | null;
  clearedAt: Instant | null;
  acknowledgedAt: Instant | null;
  acknowledgedByName: string | null;
  level: number;
  escalateAt: Instant | null;
  inhibitedBy: number | null;
  previousId: number | null;
  value: number | null;
  notify: string[];
};

const columns = sql.raw(
  `a.alert_id as "alertId", a.zone_id as "zoneId", a.condition, a.cause, a.severity, a.state, a.state_n as "stateN", a.since, a.raised_at as "raisedAt", a.quiet_since as "quietSince", a.cleared_at as "clearedAt",
   a.acknowledged_at as "acknowledgedAt", a.acknowledged_by_name as "acknowledgedByName", a.level, a.escalate_at as "escalateAt", a.inhibited_by as "inhibitedBy", a.previous_id as "previousId", a.value, a.notify`,
);

/** Alerts of some zones that are not over: those that nobody took first, pages before tickets, the oldest first. */
export const selectOpenAlerts = (db: Db, zones: readonly string[] | null, most: number): Promise<StoredAlert[]> =>
  rows<StoredAlert>(
    db,
    sql`select ${columns} from alert a where a.state <> 'cleared' and ${oneOf(sql`a.zone_id`, zones)}
          order by a.state = 'pending', a.inhibited_by is not null, a.state = 'acknowledged', a.severity = 'ticket', a.raised_at, a.alert_id limit ${most}`,
  );

/** How many alerts of some zones are open, and how many of them somebody is called for and nobody took. */
export async function countOpenAlerts(
  db: Db,
  zones: readonly string[] | null,
): Promise<{ raised: number; acknowledged: number; pending: number }> {
  const row = await firstRow<{ raised: number; acknowledged: number; pending: number }>(
    db,
    sql`select count(*) filter (where state = 'raised')::int as raised, count(*) filter (where state = 'acknowledged')::int as acknowledged, count(*) filter (where state = 'pending')::int as pending
          from alert where state <> 'cleared' and ${oneOf(sql`zone_id`, zones)}`,
  );
  return row!;
}

/** How many alerts of each zone call for somebody: raised, with nobody who took them, following from no other, and not silenced. */
export const countCalling = (db: Db, zones: readonly string[] | null, now: Instant): Promise<{ zoneId: string; n: number }[]> =>
  rows<{ zoneId: string; n: number }>(
    db,
    sql`select a.zone_id as "zoneId", count(*)::int as n from alert a where a.state = 'raised' and a.inhibited_by is null and ${oneOf(sql`a.zone_id`, zones)}
          and not exists (select 1 from silence s where s.ends_at > ${instant(now)} and s.starts_at <= ${instant(now)} and s.ended_at is null
            and (s.zone_id is null or s.zone_id = a.zone_id) and (s.condition is null or s.condition = a.condition) and (s.cause is null or s.cause = a.cause))
          group by 1`,
  );

export type AlertPlace = { at: Instant; id: number };

/** Alerts that are over, the latest first. */
export const selectPastAlerts = (
  db: Db,
  zones: readonly string[] | null,
  before: AlertPlace | null,
  most: number,
): Promise<StoredAlert[]> =>
  rows<StoredAlert>(
    db,
    sql`select ${columns} from alert a where a.state = 'cleared' and ${oneOf(sql`a.zone_id`, zones)}
          and ${before === null ? sql`true` : sql`(a.cleared_at, a.alert_id) < (${instant(before.at)}, ${before.id})`}
          order by a.cleared_at desc, a.alert_id desc limit ${most}`,
  );

export const selectAlert = (db: Db, alertId: number): Promise<StoredAlert | null> =>
  firstRow<StoredAlert>(db, sql`select ${columns} from alert a where a.alert_id = ${alertId}`);

export type AlertEventRow = { n: number; at: Instant; kind: string; byId: string | null; byName: string; text: Part[] };

/** What happened to an alert, the latest first. */
export const selectAlertEvents = (db: Db, alertId: number, most: number): Promise<AlertEventRow[]> =>
  rows<AlertEventRow>(
    db,
    sql`select n, at, kind, by_id::text as "byId", by_name as "byName", text from alert_event where alert_id = ${alertId} order by n desc limit ${most}`,
  );

/** What groups are called, by number. */
export const selectGroupNames = (
  db: Db,
  groupIds: readonly number[],
): Promise<{ groupId: number; errorType: string; consumer: string }[]> =>
  rows(
    db,
    sql`select group_id as "groupId", error_type as "errorType", consumer from dead_letter_group where group_id = any(${list(groupIds, "bigint")})`,
  );

/** When the conditions of these zones were evaluated last, of the zone that waits longest; null where one never was, or there is none. */
export async function selectEvaluatedAt(db: Db, zoneIds: readonly string[]): Promise<Instant | null> {
  const row = await firstRow<{ at: Instant | null }>(
    db,
    sql`select case when bool_and(l.at is not null) then min(l.at) end as at from unnest(${list(zoneIds, "text")}) z left join lateral (select max(r.at) as at from alert_reading r where r.zone_id = z) l on true`,
  );
  return row?.at ?? null;
}

export type UnknownRow = { zoneId: string; condition: string; since: Instant; why: string };

/** Conditions that could not be evaluated at the last tick. */
export const selectUnknown = (db: Db, zones: readonly string[] | null): Promise<UnknownRow[]> =>
  rows<UnknownRow>(
    db,
    sql`select zone_id as "zoneId", condition, since, why from alert_unknown where ${oneOf(sql`zone_id`, zones)} order by 1, 2`,
  );
