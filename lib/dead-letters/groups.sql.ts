import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, list, rows } from "../db/rows";
import type { Instant } from "../time";
import { countMaxOf, lookedAtOf } from "./count.rules";
import { asksVersions, groupsWhere, inGroups, lettersWhere, openOfVersions, soonest } from "./query.sql";
import type { GroupFilter } from "./rules";
import type { Scope } from "./scope.sql";
import { groupColumns, type StoredGroup } from "./sql";
import { asksResolved, withoutTriage } from "./triage/query.rules";

/** How many of a group's open letters match, which is all of them unless something asks about letters; `matchedMore`: there are more of them. */
export type MatchedGroup = StoredGroup & { matchedN: number; matchedMore?: boolean };

const place = (after: GroupFilter["after"]): SQL =>
  after === null ? sql`true` : sql`(g.open_n, g.group_id) < (${after.openN}::bigint, ${after.groupId}::bigint)`;
const ordered = sql.raw("order by g.open_n desc, g.group_id desc");

// What was resolved has nothing parked; it is listed where it is asked for.
const parked = (queries: GroupFilter["queries"]): SQL =>
  asksResolved(queries)
    ? sql`true`
    : asksVersions(queries)
      ? sql`g.open_n > 0 and ${openOfVersions(queries)} > 0`
      : sql`g.open_n > 0`;
const open = ({ queries }: GroupFilter, scope: Scope, now: Instant): SQL =>
  sql`${parked(queries)} and ${groupsWhere(queries, scope, now)}`;

/** Groups with how many there are of them and how many letters they hold. */
export type GroupsPage = { groups: MatchedGroup[]; groupsN: number; messagesN: number };

/** A page of open groups, the largest first, and what the whole filter holds: exact, since groups carry the counts. One pass, of which only the page is read whole. */
export async function selectGroups(db: Db, filter: GroupFilter, scope: Scope, now: Instant, most: number): Promise<GroupsPage> {
  const found = await rows<MatchedGroup & { groupsN: number; allN: number }>(
    db,
    sql`with m as (select g.group_id, g.open_n, ${openOfVersions(filter.queries)} as n from dead_letter_group g where ${open(filter, scope, now)}),
          page as (select g.* from (select m.*, (count(*) over ())::int as groups_n, (sum(m.n) over ())::int as all_n from m) g where ${place(filter.after)} ${ordered} limit ${most})
        select ${groupColumns}, page.n as "matchedN", page.groups_n as "groupsN", page.all_n as "allN" from page join dead_letter_group g using (group_id) ${ordered}`,
  );
  const first = found[0];
  // Past the last page nothing says what all the others hold.
  if (!first)
    return filter.after === null
      ? { groups: [], groupsN: 0, messagesN: 0 }
      : { ...(await selectGroups(db, { ...filter, after: null }, scope, now, 1)), groups: [] };
  return { groups: found.map(({ groupsN: _, allN: __, ...group }) => group), groupsN: first.groupsN, messagesN: first.allN };
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
    sql`select m.group_id as "groupId", count(*)::int as n from (select d.group_id from dead_letter d where ${where} limit ${countMaxOf(queries) + 1}) m group by 1`,
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

/** The same where so many letters match that the largest groups with one are found soon; of each some letters are looked at, from the end where what matches lies. */
export async function selectLargest(
  db: Db,
  { queries, after }: GroupFilter,
  scope: Scope,
  now: Instant,
  most: number,
): Promise<MatchedGroup[]> {
  const own = sql`d.group_id = g."groupId"`;
  const within = lettersWhere(queries, "open", now, own);
  const lookedAt = lookedAtOf(queries);
  const found = await rows<MatchedGroup>(
    db,
    sql`select g.*, c.n as "matchedN" from (
          select g.* from (select ${groupColumns} from dead_letter_group g where g.open_n > 0 and ${groupsWhere(queries, scope, now)} and ${place(after)} ${ordered} offset 0) g
            cross join lateral (select 1 from dead_letter d where ${within} ${soonest(queries)} limit 1) any_of limit ${most}) g
        cross join lateral (select greatest(1, count(*))::int as n from (select d.* from dead_letter d where ${own} ${soonest(queries)} limit ${lookedAt}) d where ${lettersWhere(queries, "open", now, sql`true`)}) c order by g."openN" desc, g."groupId" desc`,
  );
  return found.map((group) => ({ ...group, matchedMore: group.openN > lookedAt }));
}
