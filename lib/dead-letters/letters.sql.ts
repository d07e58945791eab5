import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, list, rows } from "../db/rows";
import type { Instant } from "../time";
import { countMaxOf } from "./count.rules";
import { messageColumns, type StoredMessage } from "./messages.sql";
import type { Query } from "./query.rules";
import { asksGroups, groupsWhere, lettersWhere, openOfVersions } from "./query.sql";
import type { LetterFilter } from "./rules";
import type { Scope } from "./scope.sql";

/** A closed letter: when it was closed and as what. */
export type StoredClosed = Omit<StoredMessage, "homeId" | "since" | "state" | "operationId" | "flagged"> & {
  closedAt: Instant;
  closedAs: string;
  /** The operation that closed it, and its code; null where its consumer or its source did. */
  closedBy: number | null;
  code: string | null;
};

export const closedColumns =
  sql.raw(`d.id, d.group_id as "groupId", d.source_id as "sourceId", d.source_seq as "sourceDeadLetterId", d.message_id as "messageId", d.business_key as "businessKey", d.version,
  d.consumer_version as "consumerVersion", d.occurred_at as "occurredAt", d.parked_at as "parkedAt", d.attempts, d.closed_at as "closedAt", d.closed_as as "closedAs", d.closed_by as "closedBy", d.code,
  (extract(epoch from d.closed_at) * 1000)::float8 as place`);

/** The groups that queries mean, each with how many of its open letters are of the versions they ask for; null is every group there is. */
export async function selectMeant(
  db: Db,
  queries: readonly Query[],
  scope: Scope,
  now: Instant,
): Promise<{ groupId: number; openN: number }[] | null> {
  if (!asksGroups(queries, scope)) return null;
  return rows<{ groupId: number; openN: number }>(
    db,
    sql`select g.group_id as "groupId", case when g.open_n > 0 then ${openOfVersions(queries)} else 0 end as "openN" from dead_letter_group g where ${groupsWhere(queries, scope, now)} order by 1`,
  );
}

const among = (groupIds: readonly number[] | null): SQL =>
  groupIds === null ? sql`true` : sql`d.group_id = any(${list(groupIds, "bigint")})`;

// Of few groups each gives its own first rows along its index; of many, the list is walked in its order.
const FEW_GROUPS = 100;

export type Page = { groupIds: readonly number[] | null; filter: LetterFilter; now: Instant; most: number };

const placeIn = (after: LetterFilter["after"]): SQL =>
  after === null ? sql`true` : sql`(d.parked_at, d.id) < (${instant(after.at)}, ${after.id}::bigint)`;

/** A page of open letters, the latest parked first; nothing wide is read. */
export async function selectLetters(db: Db, page: Page): Promise<StoredMessage[]> {
  return rows<StoredMessage>(
    db,
    sql`select ${messageColumns} from ${found(page, "open", placeIn(page.filter.after))} left join dead_letter_claim c on c.dead_letter = d.id order by d.parked_at desc, d.id desc`,
  );
}

/** A page of closed letters, the latest closed first. */
export async function selectClosedLetters(db: Db, page: Page): Promise<StoredClosed[]> {
  const { after } = page.filter;
  const place = after === null ? sql`true` : sql`(d.closed_at, d.id) < (${instant(after.at)}, ${after.id}::bigint)`;
  return rows<StoredClosed>(
    db,
    sql`select ${closedColumns} from ${found(page, "closed", place)} order by d.closed_at desc, d.id desc`,
  );
}

function found({ groupIds, filter, now, most }: Page, side: LetterFilter["side"], place: SQL): SQL {
  const table = sql.raw(side === "open" ? "dead_letter" : "dead_letter_history");
  const order = sql.raw(side === "open" ? "order by d.parked_at desc, d.id desc" : "order by d.closed_at desc, d.id desc");
  const where = (groups: SQL) => sql`${lettersWhere(filter.queries, side, now, groups)} and ${place}`;
  if (groupIds === null || groupIds.length > FEW_GROUPS || side === "closed")
    return sql`(select d.* from ${table} d where ${where(among(groupIds))} ${order} limit ${most}) d`;
  return sql`(select d.* from unnest(${list(groupIds, "bigint")}) g(group_id) cross join lateral (
    select d.* from ${table} d where ${where(sql`d.group_id = g.group_id`)} ${order} limit ${most}) d ${order} limit ${most}) d`;
}

/** How many letters of the versions that are asked for all open groups count: exact, however many. */
export async function countOfGroups(db: Db, queries: readonly Query[]): Promise<number> {
  return (await firstRow<{ n: number }>(
    db,
    sql`select coalesce(sum(${openOfVersions(queries)}), 0)::int as n from dead_letter_group g where g.open_n > 0`,
  ))!.n;
}

/** How many letters match, up to one more than are counted. */
export async function countLetters(db: Db, { groupIds, filter, now }: Omit<Page, "most">): Promise<number> {
  const table = sql.raw(filter.side === "open" ? "dead_letter" : "dead_letter_history");
  return (await firstRow<{ n: number }>(
    db,
    sql`select count(*)::int as n from (select 1 from ${table} d where ${lettersWhere(filter.queries, filter.side, now, among(groupIds))} limit ${countMaxOf(filter.queries) + 1}) m`,
  ))!.n;
}
