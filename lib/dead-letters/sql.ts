import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, list, rows, touched } from "../db/rows";
import type { Instant } from "../time";
import type { Facets } from "./rules";
import { type Scope, seen } from "./scope.sql";

export type StoredGroup = {
  groupId: number;
  sourceId: string;
  consumer: string;
  eventType: string;
  errorType: string;
  template: string;
  frame: string | null;
  cause: string | null;
  fingerprint: string;
  fingerprintVersion: number;
  versions: Record<string, number>;
  zones: string[];
  openN: number;
  totalN: number;
  attemptsMax: number;
  firstAt: Instant;
  lastAt: Instant;
};

export const groupColumns =
  sql.raw(`g.group_id as "groupId", g.source_id as "sourceId", g.consumer, g.event_type as "eventType", g.error_type as "errorType", g.template, g.frame, g.cause, g.fingerprint, g.fingerprint_version as "fingerprintVersion", g.versions, g.zones,
  g.open_n as "openN", g.total_n as "totalN", g.attempts_max as "attemptsMax", g.first_at as "firstAt", g.last_at as "lastAt"`);

/** How many groups have something parked. */
export async function countOpenGroups(db: Db, scope: Scope): Promise<number> {
  const found = await firstRow<{ n: number }>(
    db,
    sql`select count(*)::int as n from dead_letter_group g where g.open_n > 0 and ${seen(scope)}`,
  );
  return found!.n;
}

/** What the open groups offer to filter by. */
export async function selectFacets(db: Db, scope: Scope): Promise<Facets> {
  const valuesOf = (column: string) =>
    sql.raw(
      `(select coalesce(jsonb_agg(jsonb_build_object('value', value, 'n', n) order by value), '[]') from (select ${column} as value, sum(n)::int as n from g group by 1) v)`,
    );
  const open = sql`(select g.* from dead_letter_group g where g.open_n > 0 and ${seen(scope)} limit 20000)`;
  const found = await firstRow<Facets>(
    db,
    // Thousands of groups share a few dozen combinations, which are found first. Each pass reads the table: to keep its rows for both takes longer.
    sql`with g as materialized (select o.zones, o.consumer, o.event_type, o.error_type, o.source_id, sum(o.open_n) as n from ${open} o group by 1, 2, 3, 4, 5)
        select ${valuesOf("consumer")} as consumer, ${valuesOf("event_type")} as event, ${valuesOf("error_type")} as error, ${valuesOf("source_id")} as source,
          (select coalesce(jsonb_agg(jsonb_build_object('value', value, 'n', n) order by value), '[]') from (select z as value, sum(n)::int as n from g, unnest(g.zones) z group by 1) v) as zone,
          (select coalesce(jsonb_agg(jsonb_build_object('value', value, 'n', n) order by value), '[]') from (select v.key as value, sum(v.value::int)::int as n from ${open} o, jsonb_each_text(o.versions) v group by 1) v) as version`,
  );
  return found!;
}

/** Parked per bucket of the given groups since an instant; level 60 is minutes, 3600 hours. */
export async function selectArrivals(
  db: Db,
  groupIds: readonly number[],
  level: 60 | 3600,
  from: Instant,
): Promise<{ groupId: number; bucket: Instant; n: number }[]> {
  return rows(
    db,
    sql`select group_id as "groupId", bucket, n from group_arrival where level_s = ${level} and group_id = any(${list(groupIds, "bigint")}) and bucket >= ${instant(from)}`,
  );
}

/** Of each group, what operations hold: carried out, or only asked for until a second person agrees. */
export async function selectBusy(db: Db, groupIds: readonly number[]): Promise<Map<number, { busyN: number; askedN: number }>> {
  const held = await rows<{ groupId: number; busyN: number; askedN: number }>(
    db,
    sql`select c.group_id as "groupId", (count(*) filter (where o.state <> 'awaiting'))::int as "busyN", (count(*) filter (where o.state = 'awaiting'))::int as "askedN"
          from dead_letter_claim c join operation o using (operation_id) where c.group_id = any(${list(groupIds, "bigint")}) group by 1`,
  );
  return new Map(held.map(({ groupId, ...counts }) => [groupId, counts]));
}

export async function selectGroup(
  db: Db,
  groupId: number,
): Promise<(StoredGroup & { sampleId: number | null; oldest: Instant | null; act: boolean }) | null> {
  return firstRow(
    db,
    sql`select ${groupColumns}, (select id from dead_letter d where d.group_id = g.group_id order by parked_at desc, id desc limit 1) as "sampleId", null::timestamptz as oldest,
          coalesce((select act from source s where s.source_id = g.source_id), false) as act from dead_letter_group g where g.group_id = ${groupId}`,
  );
}

/** Operations that acted on a message or a group, the newest first. */
export async function selectOperationsOn(
  db: Db,
  on: { deadLetter: number } | { groupId: number },
  most: number,
): Promise<{ operationId: number; title: string; state: string; at: Instant; outcome: string | null; by: string }[]> {
  if ("groupId" in on)
    return rows(
      db,
      sql`select operation_id as "operationId", title, state, requested_at as at, null as outcome, requested_by_name as by from operation o
            where exists (select 1 from operation_item i where i.operation_id = o.operation_id and i.group_id in (select ${on.groupId}::bigint union all select r.from_id from group_route r where r.to_id = ${on.groupId} and r.rule is null and r.ended_at is null)) order by operation_id desc limit ${most}`,
    );
  return rows(
    db,
    sql`select o.operation_id as "operationId", o.title, o.state, o.requested_at as at, r.outcome, o.requested_by_name as by from operation_item i join operation o using (operation_id)
          left join operation_outcome r on r.operation_id = i.operation_id and r.item = i.item where i.dead_letter = ${on.deadLetter} order by o.operation_id desc limit ${most}`,
  );
}

/** How many dead letters of a source lie there parked or being redelivered, those that Accord alone holds to be closed among them. */
export async function countOpen(db: Db, sourceId: string): Promise<number> {
  const row = await firstRow<{ n: number }>(
    db,
    sql`select (select coalesce(sum(open_n), 0) from dead_letter_group where source_id = ${sourceId})::int + (select count(*) from dead_letter_closed where source_id = ${sourceId} and not written)::int as n`,
  );
  return row?.n ?? 0;
}

/** How many are open by who failed, of the groups that an actor may see. */
export async function countOpenByConsumer(db: Db, scope: Scope): Promise<{ sourceId: string; consumer: string; n: number }[]> {
  return rows(
    db,
    sql`select g.source_id as "sourceId", g.consumer, sum(g.open_n)::int as n from dead_letter_group g where g.open_n > 0 and ${seen(scope)} group by 1, 2`,
  );
}

/** The largest open groups of a source that an actor may see. */
export async function selectGroupsOfSource(db: Db, sourceId: string, scope: Scope, most: number): Promise<StoredGroup[]> {
  return rows<StoredGroup>(
    db,
    sql`select ${groupColumns} from dead_letter_group g where g.source_id = ${sourceId} and g.open_n > 0 and ${seen(scope)} order by g.open_n desc, g.group_id desc limit ${most}`,
  );
}

type Before = {
  /** Of its group, and of those that are merged into it or that it was split off: all of them are the same way. */
  fingerprints: string[];
  fingerprintVersion: number;
  sourceId: string;
  eventType: string;
  zones: string[];
  payload: string | null;
  /** Taken out since: whether it fails in the same way cannot be told any more. */
  removed: boolean;
};

/** How each item failed before it was retried, with the payload that says what of it is masked. */
export async function selectItemFingerprints(
  db: Db,
  operationId: number,
  items: readonly number[],
): Promise<Map<number, Before>> {
  const found = await rows<Before & { item: number }>(
    db,
    sql`with recursive place(group_id, of_id) as (
            select distinct i.group_id, i.group_id from operation_item i where i.operation_id = ${operationId} and i.item = any(${list(items, "int")})
            union select p.group_id, r.from_id from place p join group_route r on r.to_id = p.of_id and r.ended_at is null)
          select i.item, (select array_agg(f.fingerprint) from place p join dead_letter_group f on f.group_id = p.of_id where p.group_id = i.group_id) as fingerprints, g.fingerprint_version as "fingerprintVersion", g.source_id as "sourceId", g.event_type as "eventType", g.zones, coalesce(b.payload, nullif(h.body -> 'payload', 'null'))::text as payload,
            b.payload_removed_at is not null or h.body ->> 'payload_removed_at' is not null as removed
          from operation_item i join dead_letter_group g using (group_id) left join dead_letter_body b on b.id = i.dead_letter
            left join lateral (select c.body from dead_letter_history c where c.id = i.dead_letter and b.id is null order by c.closed_at desc limit 1) h on true
          where i.operation_id = ${operationId} and i.item = any(${list(items, "int")})`,
  );
  return new Map(found.map(({ item, ...rest }) => [item, rest]));
}

export async function deleteOldArrivals(db: Db, minutesBefore: Instant, hoursBefore: Instant): Promise<number> {
  return touched(
    db,
    sql`delete from group_arrival where (level_s, group_id, bucket) in (
          (select level_s, group_id, bucket from group_arrival where level_s = 60 and bucket < ${instant(minutesBefore)} limit 5000) union all
          (select level_s, group_id, bucket from group_arrival where level_s = 3600 and bucket < ${instant(hoursBefore)} limit 5000))`,
  );
}
