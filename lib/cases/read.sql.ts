import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, list, rows } from "../db/rows";
import { failedCompensation, lateCompensation } from "../sagas/sql";
import type { Instant } from "../time";
import type { Part } from "../words";
import type { CauseRef } from "./rules";
import { caseColumns, type OfDivergences, ofCase, type StoredCase } from "./sql";

export type CaseFilter = {
  who: "all" | "mine" | "unassigned";
  me: string | null;
  zone: string | null;
  state: "unresolved" | "open" | "acknowledged" | "snoozed" | "resolved";
  kind: string | null;
  after: { at: Instant; id: number } | null;
};

const inZones = (zones: string[] | null): SQL => (zones === null ? sql`true` : sql`c.zone_id = any(${list(zones, "text")})`);
const asleep = (now: Instant) => sql`coalesce(c.wakes_at > ${instant(now)}, false)`;
const inState = (state: CaseFilter["state"], now: Instant): SQL =>
  ({
    unresolved: sql`c.resolved_at is null`,
    open: sql`c.resolved_at is null and c.acknowledged_at is null and not ${asleep(now)}`,
    acknowledged: sql`c.resolved_at is null and c.acknowledged_at is not null and not ${asleep(now)}`,
    snoozed: sql`c.resolved_at is null and ${asleep(now)}`,
    resolved: sql`c.resolved_at is not null`,
  })[state];

/** A page of cases: what is due first, or the resolved ones, the latest first. */
export function selectCases(
  db: Db,
  filter: CaseFilter,
  zones: string[] | null,
  now: Instant,
  most: number,
): Promise<(StoredCase & { place: Instant })[]> {
  const done = filter.state === "resolved";
  const place = done ? sql`c.resolved_at` : sql`c.due_at`;
  const { after } = filter;
  const from =
    after === null
      ? sql`true`
      : done
        ? sql`(c.resolved_at, c.case_id) < (${instant(after.at)}, ${after.id})`
        : sql`(c.due_at, c.case_id) > (${instant(after.at)}, ${after.id})`;
  const whose =
    filter.who === "mine"
      ? sql`c.assignee = ${filter.me}::uuid`
      : filter.who === "unassigned"
        ? sql`c.assignee is null`
        : sql`true`;
  return rows(
    db,
    sql`select ${caseColumns}, ${place} as place from case_file c
        where ${inState(filter.state, now)} and ${inZones(zones)} and ${whose} and (${filter.zone}::text is null or c.zone_id = ${filter.zone}) and (${filter.kind}::text is null or c.cause_kind = ${filter.kind}) and ${from}
        order by ${done ? sql`c.resolved_at desc, c.case_id desc` : sql`c.due_at, c.case_id`} limit ${most}`,
  );
}

/** How many are open, whose, and how many are overdue; counted up to a bound. */
export async function countCases(
  db: Db,
  zones: string[] | null,
  me: string | null,
  now: Instant,
  most: number,
): Promise<{ all: number; mine: number; unassigned: number; overdue: number }> {
  return (await firstRow<{ all: number; mine: number; unassigned: number; overdue: number }>(
    db,
    sql`select count(*)::int as "all", count(*) filter (where assignee = ${me}::uuid)::int as mine, count(*) filter (where assignee is null)::int as unassigned, count(*) filter (where due_at < ${instant(now)})::int as overdue
        from (select c.assignee, c.due_at from case_file c where c.resolved_at is null and ${inZones(zones)} order by c.due_at limit ${most}) c`,
  ))!;
}

/** Open cases per zone, for the overview. */
export const countByZone = (db: Db, zones: string[] | null): Promise<{ zoneId: string; n: number }[]> =>
  rows(
    db,
    sql`select c.zone_id as "zoneId", count(*)::int as n from case_file c where c.resolved_at is null and ${inZones(zones)} group by 1`,
  );

export type StoredEvent = { n: number; at: Instant; kind: string; byId: string | null; byName: string; text: Part[] };

export const selectHistory = (db: Db, caseId: number, most: number): Promise<StoredEvent[]> =>
  rows<StoredEvent>(
    db,
    sql`select n, at, kind, by_id::text as "byId", by_name as "byName", text from case_event where case_id = ${caseId} order by n desc limit ${most}`,
  );

export const selectTicks = (db: Db, caseId: number): Promise<{ step: number; at: Instant; by: string }[]> =>
  rows(db, sql`select step, at, by_name as by from case_tick where case_id = ${caseId} order by step`);

/** The latest divergence of a rule and key, resolved or not, with both sides. */
export async function selectLatestDivergence(db: Db, one: CauseRef & { zoneId: string }): Promise<number | null> {
  const found = await firstRow<{ id: number }>(
    db,
    sql`select divergence_id as id from divergence where zone_id = ${one.zoneId} and rule = ${one.causeRef} and key = ${one.causePart} and state <> 'resolved'
        union all (select divergence_id from divergence where zone_id = ${one.zoneId} and business_key = ${one.causePart} and rule = ${one.causeRef} and state = 'resolved' order by divergence_id desc limit 1) limit 1`,
  );
  return found?.id ?? null;
}

/** What a group holds now. */
export const selectGroupFacts = (
  db: Db,
  groupId: number,
): Promise<{
  openN: number;
  oldest: Instant | null;
  errorType: string;
  template: string;
  consumer: string;
  eventType: string;
  lastAt: Instant;
} | null> =>
  firstRow(
    db,
    sql`select g.open_n as "openN", g.error_type as "errorType", g.template, g.consumer, g.event_type as "eventType", g.last_at as "lastAt",
          (select min(since) from (select d.since from dead_letter d where d.group_id = g.group_id order by d.parked_at, d.id limit 1000) d) as oldest from dead_letter_group g where g.group_id = ${groupId}`,
  );

/** What is wrong with the sagas of a type at a step now. */
export const selectSagaFacts = (
  db: Db,
  one: CauseRef & { zoneId: string },
  now: Instant,
): Promise<{ n: number; failedN: number; lateN: number; oldest: Instant | null; oldestKey: string | null } | null> =>
  firstRow(
    db,
    sql`select count(*)::int as n, count(*) filter (where failed)::int as "failedN", count(*) filter (where late)::int as "lateN", min(started_at) as oldest, (array_agg(business_key order by started_at))[1] as "oldestKey"
        from (select s.started_at, s.business_key, s.deadline_at, s.state, ${failedCompensation} as failed, ${lateCompensation(now)} as late from saga s where s.zone_id = ${one.zoneId} and s.saga_type = ${one.causeRef}
          and coalesce(s.step, '') = ${one.causePart} and s.state in ('running', 'compensating', 'failed')) b where deadline_at < ${instant(now)} or state = 'failed' or failed or late`,
  );

/** How many keys a lag explains, or a stopped comparison found. */
export async function countExplained(db: Db, one: CauseRef & { zoneId: string }): Promise<number> {
  return (await firstRow<{ n: number }>(
    db,
    sql`select count(*)::int as n from (select 1 from divergence where zone_id = ${one.zoneId} and rule = ${one.causeRef} and explained_by = ${one.causePart} and state = 'open' limit 10000) d`,
  ))!.n;
}
export async function selectBulk(db: Db, zoneId: string, rule: string): Promise<{ n: number; since: Instant } | null> {
  return firstRow(
    db,
    sql`select coalesce(bulk_n, 0) as n, bulk_since as since from reconciliation_rule where zone_id = ${zoneId} and rule = ${rule} and bulk_since is not null`,
  );
}

/** Other cases of the same zone over the same business key. */
export const selectSiblings = (
  db: Db,
  one: { caseId: number; zoneId: string; businessKey: string | null },
): Promise<{ caseId: number; title: string }[]> =>
  one.businessKey === null
    ? Promise.resolve([])
    : rows<{ caseId: number; title: string }>(
        db,
        sql`select case_id as "caseId", title from case_file where business_key = ${one.businessKey} and zone_id = ${one.zoneId} and case_id <> ${one.caseId} order by case_id desc limit 5`,
      );

/** Whether a zone has something of a business key: an open fact, a message, a saga, a divergence or a case. */
export async function isKnownKey(db: Db, zoneId: string, businessKey: string): Promise<boolean> {
  const found = await firstRow<{ known: boolean }>(
    db,
    sql`select exists (select 1 from unresolved u where u.business_key = ${businessKey} and u.zone_id = ${zoneId})
          or exists (select 1 from dead_letter d join dead_letter_group g using (group_id) where d.business_key = ${businessKey} and ${zoneId} = any(g.zones))
          or exists (select 1 from saga s where s.business_key = ${businessKey} and s.zone_id = ${zoneId})
          or exists (select 1 from divergence d where d.business_key = ${businessKey} and d.zone_id = ${zoneId})
          or exists (select 1 from case_file c where c.business_key = ${businessKey} and c.zone_id = ${zoneId}) as known`,
  );
  return found!.known;
}

/** How many keys a case is about, and the oldest of them. */
export async function selectCaseKeys(
  db: Db,
  one: OfDivergences,
  most: number,
): Promise<{ n: number; first: { divergenceId: number; key: string; since: Instant }[] }> {
  const open = sql`${ofCase(one)} and state not in ('resolved', 'accepted')`;
  const [counted, first] = await Promise.all([
    firstRow<{ n: number }>(db, sql`select count(distinct business_key)::int as n from divergence where ${open}`),
    rows<{ divergenceId: number; key: string; since: Instant }>(
      db,
      sql`select divergence_id as "divergenceId", business_key as key, since from divergence where ${open} order by since, divergence_id limit ${most}`,
    ),
  ]);
  return { n: counted!.n, first };
}

type MissedFacts = {
  eventsN: number;
  keysN: number;
  oldest: Instant;
  oldestKey: string;
  consumers: string[];
  eventTypes: string[];
};

/** What of a producer's events consumers went past without, as its zone was judged last; null when nothing any more. */
export const selectMissedFacts = (db: Db, one: CauseRef & { zoneId: string }): Promise<MissedFacts | null> =>
  firstRow(
    db,
    sql`select (m->>'eventsN')::int as "eventsN", (m->>'keysN')::int as "keysN", (m->>'oldest')::float8 as oldest, m->>'oldestKey' as "oldestKey", m->'consumers' as consumers, m->'eventTypes' as "eventTypes"
        from zone_status s, jsonb_array_elements(s.causes->'missed') m where s.zone_id = ${one.zoneId} and m->>'sourceId' = ${one.causeRef} limit 1`,
  );
