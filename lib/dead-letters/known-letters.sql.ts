import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, list, rows } from "../db/rows";
import { closedColumns, type Page, type StoredClosed } from "./letters.sql";
import { messageColumns, type StoredMessage } from "./messages.sql";
import { isOfPayload, type Query } from "./query.rules";
import { asksGroups, groupsWhere, lettersWhere, type Side } from "./query.sql";
import type { Scope } from "./scope.sql";

// As many are looked up in a few ms; of more, a page is full soon whichever way they are walked.
const KNOWN_MAX = 3_000;

/**
 * The open letters whose payloads are as asked for (`payloadsWhere`), by their index; null where nothing is asked that it knows, or more are so. The
 * database cannot tell how many do, and would walk all letters in their order where there are few.
 */
export async function selectHits(db: Db, where: SQL | null): Promise<number[] | null> {
  if (where === null) return null;
  const found = await rows<{ id: number }>(db, sql`select b.id from dead_letter_body b where ${where} limit ${KNOWN_MAX + 1}`);
  return found.length > KNOWN_MAX ? null : found.map(({ id }) => id);
}

type Asked = Omit<Page, "groupIds"> & { scope: Scope };

/** A page of letters of which few match, with how many do. */
export type Known<Letter> = { letters: Letter[]; lettersN: number };

/**
 * A page of the open letters that `hits` (of `selectHits`) or their keys narrow to few; null where these are not few. Each is looked at once for
 * page and count, and of the groups only their own are.
 */
export async function selectKnown(db: Db, hits: readonly number[] | null, page: Asked): Promise<Known<StoredMessage> | null> {
  const { filter, now } = page;
  const where =
    hits === null
      ? lettersWhere(filter.queries, "open", now, sql`true`)
      : lettersWhere(withoutPayloads(filter.queries), "open", now, sql`d.id = any(${list(hits, "bigint")})`);
  return knownOf(await rows<StoredMessage & Counts>(db, pageWithin("open", where, page)));
}

/** The same of closed letters, by their keys. */
export async function selectKnownClosed(db: Db, page: Asked): Promise<Known<StoredClosed> | null> {
  const where = lettersWhere(page.filter.queries, "closed", page.now, sql`true`);
  return knownOf(await rows<StoredClosed & Counts>(db, pageWithin("closed", where, page)));
}

const withoutPayloads = (queries: readonly Query[]): Query[] =>
  queries.map((query) => ({ ...query, conditions: query.conditions.filter((one) => !isOfPayload(one)) }));

type Counts = { allN: number; foundN: number };

// Where none is on the page, its counts are a row by themselves.
function knownOf<Letter extends { id: number | null }>(found: readonly (Letter & Counts)[]): Known<Letter> | null {
  const { allN, foundN } = found[0]!;
  if (foundN > KNOWN_MAX) return null;
  const letters = found.flatMap(({ allN: _, foundN: __, ...letter }) =>
    letter.id === null ? [] : [letter as unknown as Letter],
  );
  return { letters, lettersN: allN };
}

// Whatever their order, the letters are found first: a limit on what is in order makes the database walk it all where it thinks that many match.
function pageWithin(side: Side, where: SQL, { filter: { queries, after }, scope, now, most }: Asked): SQL {
  const [table, columns, place, claims] = (
    side === "open"
      ? ["dead_letter", messageColumns, "parked_at", "left join dead_letter_claim c on c.dead_letter = d.id"]
      : ["dead_letter_history", closedColumns, "closed_at", ""]
  ).map((part) => (typeof part === "string" ? sql.raw(part) : part));
  const own = sql`g.group_id = any(array(select distinct h.group_id from h))`;
  const meant = asksGroups(queries, scope)
    ? sql`h.group_id in (select g.group_id from dead_letter_group g where ${own} and ${groupsWhere(queries, scope, now)})`
    : sql`true`;
  const later = after === null ? sql`true` : sql`(m.place, m.id) < (${instant(after.at)}, ${after.id}::bigint)`;
  return sql`with h as materialized (select d.id, d.group_id, d.${place} as place from ${table} d where ${where} limit ${KNOWN_MAX + 1}),
      m as materialized (select h.* from h where ${meant}), page as (select m.* from m where ${later} order by m.place desc, m.id desc limit ${most})
    select ${columns}, n."allN", n."foundN" from (select (select count(*)::int from m) as "allN", (select count(*)::int from h) as "foundN") n
      left join (page join ${table} d on d.id = page.id and d.${place} = page.place ${claims}) on true order by d.${place} desc, d.id desc`;
}
