import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, list, rows } from "../db/rows";
import type { Instant } from "../time";
import { groupsWhere, inGroups, lettersWhere, openOfVersions } from "./query.sql";
import { COUNT_MAX, type GroupFilter } from "./rules";
import type { Scope } from "./scope.sql";
import { groupColumns, type StoredGroup } from "./sql";
import { asksResolved, withoutTriage } from "./triage/query.rules";

/** How many of a group's open letters match, which is all of them unless something asks about letters. */
export type MatchedGroup = StoredGroup & { matchedN: number };

const place = (after: GroupFilter["after"]): SQL =>
  after === null ? sql`true` : sql`(g.open_n, g.group_id) < (${after.openN}::bigint, ${after.groupId}::bigint)`;
const ordered = sql.raw("order by g.open_n desc, g.group_id desc");

// What was resolved has nothing parked; it is listed where it is asked for.
const parked = (queries: GroupFilter["queries"]): SQL =>
  asksResolved(queries) ? sql`true` : sql`g.open_n > 0 and ${openOfVersions(queries)} > 0`;
const open = ({ queries }: GroupFilter, scope: Scope, now: Instant): SQL =>
  sql`${parked(queries)} and ${groupsWhere(queries, scope, now)}`;

/** A page of open groups, the largest first, where their own counts answer. */
export async function selectGroups(
  db: Db,
  filter: GroupFilter,
  scope: Scope,
  now: Instant,
  most: number,
): Promise<MatchedGroup[]> {
  return rows<MatchedGroup>(
    db,
    sql`select ${groupColumns}, ${openOfVersions(filter.queries)} as "matchedN" from dead_letter_group g where ${open(filter, scope, now)} and ${place(filter.after)} ${ordered} limit ${most}`,
  );
}

/** What the whole filter holds: exact, since groups carry the counts. */
export async function countGroups(
  db: Db,
  filter: GroupFilter,
  scope: Scope,
  now: Instant,
): Promise<{ groupsN: number; messagesN: number }> {
  const all = await firstRow<{ groupsN: number; messagesN: number }>(
    db,
    sql`select count(*)::int as "groupsN", coalesce(sum(${openOfVersions(filter.queries)}), 0)::int as "messagesN" from dead_letter_group g where ${open(filter, scope, now)}`,
  );
  return all!;
}

/** How many of what else is asked for is muted and has something parked. */
export async function countMuted(db: Db, { queries }: GroupFilter, scope: Scope, now: Instant): Promise<number> {
  const muted = sql`g.group_id in (select t.group_id from group_triage t where t.state = 'muted')`;
  const found = await firstRow<{ n: number }>(
    db,
    sql`select count(*)::int as n from dead_letter_group g where g.open_n > 0 and ${muted} and ${groupsWhere(withoutTriage(queries), scope, now)}`,
  );
  return found!.n;
}

export type GroupCount = { groupId: number; n: number };

/** How many letters of each group match, up to one more than are counted of all. */
export async function countByGroup(db: Db, { queries }: GroupFilter, scope: Scope, now: Instant): Promise<GroupCount[]> {
  const where = lettersWhere(queries, "open", now, inGroups(queries, scope, now));
  return rows<GroupCount>(
    db,
    sql`select m.group_id as "groupId", count(*)::int as n from (select d.group_id from dead_letter d where ${where} limit ${COUNT_MAX + 1}) m group by 1`,
  );
}

/** A page of the groups whose letters were counted, the largest first. */
export async function selectCounted(
  db: Db,
  counted: readonly GroupCount[],
  after: GroupFilter["after"],
  most: number,
): Promise<MatchedGroup[]> {
  const ids = list(
    counted.map(({ groupId }) => groupId),
    "bigint",
  );
  const ns = list(
    counted.map(({ n }) => n),
    "int",
  );
  return rows<MatchedGroup>(
    db,
    sql`select ${groupColumns}, m.n as "matchedN" from unnest(${ids}, ${ns}) m(group_id, n) join dead_letter_group g using (group_id) where ${place(after)} ${ordered} limit ${most}`,
  );
}

/** The same where so many letters match that the largest groups with one are found soon; each is counted up to a bound. */
export async function selectLargest(
  db: Db,
  { queries, after }: GroupFilter,
  scope: Scope,
  now: Instant,
  most: number,
): Promise<MatchedGroup[]> {
  const within = lettersWhere(queries, "open", now, sql`d.group_id = g."groupId"`);
  return rows<MatchedGroup>(
    db,
    sql`select g.*, c.n as "matchedN" from (
          select g.* from (select ${groupColumns} from dead_letter_group g where g.open_n > 0 and ${groupsWhere(queries, scope, now)} and ${place(after)} ${ordered} offset 0) g
            cross join lateral (select 1 from dead_letter d where ${within} limit 1) any_of limit ${most}) g
        cross join lateral (select count(*)::int as n from (select 1 from dead_letter d where ${within} limit ${COUNT_MAX + 1}) d) c order by g."openN" desc, g."groupId" desc`,
  );
}
