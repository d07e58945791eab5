import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../../db/pool";
import { firstRow, instant, list, rows } from "../../db/rows";
import { days, hours, type Instant } from "../../time";
import type { Route } from "./rules";

const PLACES = 4127040;

/** Whoever moves messages of a source between its groups is alone with them: its observer waits until the transaction ends. */
export async function lockPlaces(tx: Db, sourceId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${PLACES}, hashtext(${sourceId}))`);
}

/** Nobody moves messages of a source between its groups until the transaction ends: they are opened and closed where they belong. */
export async function holdPlaces(tx: Db, sourceId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock_shared(${PLACES}, hashtext(${sourceId}))`);
}

const columns = sql.raw(
  `r.route_id as "routeId", r.source_id as "sourceId", r.from_id as "fromId", r.to_id as "toId", r.rule, r.made_at as "madeAt", r.made_by_name as "madeByName", r.ended_at as "endedAt", r.ended_by_name as "endedByName",
  r.moved_n as "movedN", r.settled_at as "settledAt"`,
);

/** Every merge and split of some groups, those that were undone as well, the first one first. */
export const selectRoutesOf = (db: Db, groupIds: readonly number[]): Promise<Route[]> =>
  rows<Route>(
    db,
    sql`select ${columns} from group_route r where r.from_id = any(${list(groupIds, "bigint")}) or r.to_id = any(${list(groupIds, "bigint")}) order by r.route_id`,
  );

/** What leads messages of some groups elsewhere, in the order in which it was said. */
export const selectRoutesFrom = (db: Db, groupIds: readonly number[]): Promise<Route[]> =>
  rows<Route>(
    db,
    sql`select ${columns} from group_route r where r.from_id = any(${list(groupIds, "bigint")}) and r.ended_at is null order by r.route_id`,
  );

/** What led messages into some groups, and still does. */
export const selectRoutesTo = (db: Db, groupIds: readonly number[]): Promise<Route[]> =>
  rows<Route>(
    db,
    sql`select ${columns} from group_route r where r.to_id = any(${list(groupIds, "bigint")}) and r.ended_at is null order by r.route_id`,
  );

export const selectRoute = (db: Db, routeId: number): Promise<Route | null> =>
  firstRow<Route>(db, sql`select ${columns} from group_route r where r.route_id = ${routeId}`);

/** Merges and splits of which something may not have been moved yet. */
export const selectUnsettled = (db: Db, most: number): Promise<{ routeId: number; sourceId: string }[]> =>
  rows<{ routeId: number; sourceId: string }>(
    db,
    sql`select route_id as "routeId", source_id as "sourceId" from group_route where settled_at is null order by route_id limit ${most}`,
  );

type NewRoute = Pick<Route, "sourceId" | "fromId" | "toId" | "rule" | "madeAt" | "madeByName">;

/** Keeps where messages belong; null when the same was said before and still holds. */
export async function insertRoute(tx: Db, one: NewRoute): Promise<number | null> {
  const rule = one.rule === null ? null : JSON.stringify(one.rule);
  const made = await firstRow<{ routeId: number }>(
    tx,
    sql`insert into group_route (source_id, from_id, to_id, rule, made_at, made_by_name)
        values (${one.sourceId}, ${one.fromId}, ${one.toId}, ${rule}::jsonb, ${instant(one.madeAt)}, ${one.madeByName}) on conflict do nothing returning route_id as "routeId"`,
  );
  return made?.routeId ?? null;
}

/** Ends a merge or split; what it moved is to be brought back. */
export async function endRoute(tx: Db, routeId: number, by: string, now: Instant): Promise<void> {
  await tx.execute(
    sql`update group_route set ended_at = ${instant(now)}, ended_by_name = ${by}, settled_at = null where route_id = ${routeId} and ended_at is null`,
  );
}

/** Notes what a route moved; and where something came to, what leads on from there is followed anew. */
export async function markMoved(tx: Db, routeId: number, to: number, movedN: number, settledAt: Instant | null): Promise<void> {
  await tx.execute(
    sql`update group_route set moved_n = moved_n + ${movedN}, settled_at = ${instant(settledAt)} where route_id = ${routeId}`,
  );
  if (movedN > 0)
    await tx.execute(
      sql`update group_route set settled_at = null where from_id = ${to} and rule is not null and ended_at is null and route_id <> ${routeId}`,
    );
}

/** A group for what is split off another one: named as it, and with no fingerprint that a failure could have. */
export async function insertPart(tx: Db, groupId: number): Promise<number> {
  const made = await firstRow<{ groupId: number }>(
    tx,
    sql`insert into dead_letter_group (fingerprint, source_id, consumer, event_type, error_type, template, frame, cause, fingerprint_version, zones, named_under, first_at, last_at)
        select md5(g.fingerprint || ' ' || gen_random_uuid()), g.source_id, g.consumer, g.event_type, g.error_type, g.template, g.frame, g.cause, g.fingerprint_version, g.zones, g.named_under, g.first_at, g.last_at
          from dead_letter_group g where g.group_id = ${groupId} returning group_id as "groupId"`,
  );
  return made!.groupId;
}

const MINUTES_KEPT_MS = hours(3);
const HOURS_KEPT_MS = days(90);

/**
 * Moves open messages `d` that stand elsewhere to a group, at most so many, with the counts of every group that has them: what is open and ever
 * was, versions, arrivals, claims. What a group's owner or state is stays; only a message that comes is noticed.
 */
export async function moveLetters(tx: Db, where: SQL, to: number, most: number, now: Instant): Promise<number> {
  const kept = sql`case l.s when 60 then ${instant(now - MINUTES_KEPT_MS)} else ${instant(now - HOURS_KEPT_MS)} end`;
  const moved = await firstRow<{ n: number }>(
    tx,
    sql`with d as materialized (select d.id, d.group_id as was, coalesce(d.home_id, d.group_id) as home, d.parked_at, d.consumer_version, d.attempts from dead_letter d
            where d.group_id <> ${to} and ${where} limit ${most}),
        m as (update dead_letter x set group_id = ${to}, home_id = nullif(d.home, ${to}) from d where x.id = d.id),
        k as (update dead_letter_claim c set group_id = ${to} from d where c.dead_letter = d.id),
        v as (select was, consumer_version, count(*)::int as n from d group by 1, 2),
        f as (update dead_letter_group g set open_n = g.open_n - p.n, total_n = g.total_n - p.n, versions = add_counts(g.versions, p.versions)
          from (select was, sum(n)::int as n, jsonb_object_agg(consumer_version, -n) as versions from v group by 1) p where g.group_id = p.was),
        t as (update dead_letter_group g set open_n = g.open_n + c.n, total_n = g.total_n + c.n, last_at = case when g.total_n = 0 then c.last_at else greatest(g.last_at, c.last_at) end,
            first_at = case when g.total_n = 0 then c.first_at else least(g.first_at, c.first_at) end, attempts_max = greatest(g.attempts_max, c.attempts),
            payloads_gone_before = case when g.payloads_gone_before is not null then least(g.payloads_gone_before, c.first_at) end,
            versions = add_counts(g.versions, (select jsonb_object_agg(consumer_version, n) from (select consumer_version, sum(n)::int as n from v group by 1) s))
          from (select count(*)::int as n, max(parked_at) as last_at, min(parked_at) as first_at, max(attempts) as attempts from d) c where g.group_id = ${to} and c.n > 0),
        b as materialized (select was, l.s, date_trunc(l.unit, d.parked_at) as bucket, count(*)::int as n from d, (values (60, 'minute'), (3600, 'hour')) l(s, unit) where d.parked_at >= ${kept} group by 1, 2, 3),
        o as (update group_arrival a set n = greatest(a.n - b.n, 0) from b where a.level_s = b.s and a.group_id = b.was and a.bucket = b.bucket),
        a as (insert into group_arrival (level_s, group_id, bucket, n) select s, ${to}, bucket, sum(n)::int from b group by 1, 3 on conflict (level_s, group_id, bucket) do update set n = group_arrival.n + excluded.n),
        g as (update group_triage t set stirred = t.stirred or t.state in ('muted', 'resolved') or t.ready_at is not null, emptied_at = null where t.group_id = ${to} and exists (select 1 from d))
        select count(*)::int as n from d`,
  );
  return moved!.n;
}

/** What a group needs to be merged or split: whose it is, and whether it is resolved. */
export const selectPlaced = (
  db: Db,
  groupIds: readonly number[],
): Promise<
  { groupId: number; sourceId: string; consumer: string; eventType: string; openN: number; resolved: boolean; zones: string[] }[]
> =>
  rows(
    db,
    sql`select g.group_id as "groupId", g.source_id as "sourceId", g.consumer, g.event_type as "eventType", g.open_n as "openN", coalesce(t.state = 'resolved', false) as resolved, g.zones
          from dead_letter_group g left join group_triage t using (group_id) where g.group_id = any(${list(groupIds, "bigint")}) order by 1`,
  );
