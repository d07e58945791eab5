import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, list, rows } from "../db/rows";
import type { Instant } from "../time";
import { messageColumns, type StoredMessage } from "./messages.sql";
import type { Query } from "./query.rules";
import { asksGroups, groupsWhere, lettersWhere, openOfVersions } from "./query.sql";
import { COUNT_MAX, type LetterFilter } from "./rules";
import type { Scope } from "./scope.sql";

/** A closed letter: when it was closed and as what. */
export type StoredClosed = Omit<StoredMessage, "homeId" | "since" | "state" | "operationId" | "flagged"> & {
  closedAt: Instant;
  closedAs: string;
  /** The operation that closed it, and its code; null where its consumer or its source did. */
  closedBy: number | null;
  code: string | null;
};

const closedColumns =
  sql.raw(`d.id, d.group_id as "groupId", d.source_id as "sourceId", d.source_seq as "sourceDeadLetterId", d.message_id as "messageId", d.business_key as "businessKey", d.version,
  d.consumer_version as "consumerVersion", d.occurred_at as "occurredAt", d.parked_at as "parkedAt", d.attempts, d.closed_at as "closedAt", d.closed_as as "closedAs", d.closed_by as "closedBy", d.code`);

/** The groups that queries mean, for statements about their letters; null is every group there is. */
export async function selectGroupIds(db: Db, queries: readonly Query[], scope: Scope, now: Instant): Promise<number[] | null> {
  if (!asksGroups(queries, scope)) return null;
  const found = await rows<{ groupId: number }>(
    db,
    sql`select g.group_id as "groupId" from dead_letter_group g where ${groupsWhere(queries, scope, now)} order by 1`,
  );
  return found.map(({ groupId }) => groupId);
}

// As many are looked up by number in a few ms; of more, a page is full soon whichever way they are walked.
const HITS_MAX = 3_000;

/**
 * The open letters whose payloads are as asked for (`payloadsWhere`), by their index; null where nothing is asked that it knows, or more are so. The
 * database cannot tell how many do, and would walk all letters in their order where there are few.
 */
export async function selectHits(db: Db, where: SQL | null): Promise<number[] | null> {
  if (where === null) return null;
  const found = await rows<{ id: number }>(db, sql`select b.id from dead_letter_body b where ${where} limit ${HITS_MAX + 1}`);
  return found.length > HITS_MAX ? null : found.map(({ id }) => id);
}

const among = (groupIds: readonly number[] | null): SQL =>
  groupIds === null ? sql`true` : sql`d.group_id = any(${list(groupIds, "bigint")})`;
const hit = (hits: readonly number[] | null): SQL => (hits === null ? sql`true` : sql`d.id = any(${list(hits, "bigint")})`);

// Of few groups each gives its own first rows along its index; of many, the list is walked in its order.
const FEW_GROUPS = 100;

/** `hits`: the only letters that can match, where they are known (`selectHits`). */
export type Page = {
  groupIds: readonly number[] | null;
  hits: readonly number[] | null;
  filter: LetterFilter;
  now: Instant;
  most: number;
};

/** A page of open letters, the latest parked first; nothing wide is read. */
export async function selectLetters(db: Db, page: Page): Promise<StoredMessage[]> {
  const { after } = page.filter;
  const place = after === null ? sql`true` : sql`(d.parked_at, d.id) < (${instant(after.at)}, ${after.id}::bigint)`;
  return rows<StoredMessage>(
    db,
    sql`select ${messageColumns} from ${found(page, "open", place)} left join dead_letter_claim c on c.dead_letter = d.id order by d.parked_at desc, d.id desc`,
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

function found({ groupIds, hits, filter, now, most }: Page, side: LetterFilter["side"], place: SQL): SQL {
  const table = sql.raw(side === "open" ? "dead_letter" : "dead_letter_history");
  const order = sql.raw(side === "open" ? "order by d.parked_at desc, d.id desc" : "order by d.closed_at desc, d.id desc");
  const where = (groups: SQL) => sql`${hit(hits)} and ${lettersWhere(filter.queries, side, now, groups)} and ${place}`;
  if (groupIds === null || hits !== null || groupIds.length > FEW_GROUPS || side === "closed")
    return sql`(select d.* from ${table} d where ${where(among(groupIds))} ${order} limit ${most}) d`;
  return sql`(select d.* from unnest(${list(groupIds, "bigint")}) g(group_id) cross join lateral (
    select d.* from ${table} d where ${where(sql`d.group_id = g.group_id`)} ${order} limit ${most}) d ${order} limit ${most}) d`;
}

/** How many open letters match, where groups count them themselves: exact, however many. */
export async function countOfGroups(db: Db, queries: readonly Query[], scope: Scope, now: Instant): Promise<number> {
  return (await firstRow<{ n: number }>(
    db,
    sql`select coalesce(sum(${openOfVersions(queries)}), 0)::int as n from dead_letter_group g where g.open_n > 0 and ${groupsWhere(queries, scope, now)}`,
  ))!.n;
}

/** How many letters match, up to one more than are counted. */
export async function countLetters(db: Db, { groupIds, hits, filter, now }: Omit<Page, "most">): Promise<number> {
  const table = sql.raw(filter.side === "open" ? "dead_letter" : "dead_letter_history");
  return (await firstRow<{ n: number }>(
    db,
    sql`select count(*)::int as n from (select 1 from ${table} d where ${hit(hits)} and ${lettersWhere(filter.queries, filter.side, now, among(groupIds))} limit ${COUNT_MAX + 1}) m`,
  ))!.n;
}
