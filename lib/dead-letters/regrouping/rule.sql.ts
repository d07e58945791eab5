import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../../db/pool";
import { firstRow, list, rows } from "../../db/rows";
import type { Instant } from "../../time";
import { readPayloadPath } from "../payload-path.rules";
import type { Condition, Query } from "../query.rules";
import { lettersWhere, like } from "../query.sql";
import { type Route, regroupLimits, type SplitRule } from "./rules";

const is = (field: Condition["field"], value: string): Condition => ({
  field,
  path: null,
  not: false,
  compare: "=",
  values: [value],
});

/** The rule as a list's query asks for it; what a message says is asked apart. */
export function ruleQuery({ version, key, path, value }: SplitRule): Query {
  const read = path === null ? null : readPayloadPath(path.replace(/^payload/, ""));
  return {
    text: null,
    conditions: [
      ...(version === null ? [] : [is("version", version)]),
      ...(key === null ? [] : [is("key", key)]),
      ...(read === null ? [] : [{ field: null, path: read, not: false, compare: "=" as const, values: [value ?? ""] }]),
    ],
  };
}

/** Letters `d` of a group that a rule means. */
export function meant(groupId: number, rule: SplitRule, now: Instant): SQL {
  const own = lettersWhere([ruleQuery(rule)], "open", now, sql`d.group_id = ${groupId}`);
  if (rule.says === null) return own;
  return sql`${own} and exists (select 1 from dead_letter_body s where s.id = d.id and s.error_message ilike ${`%${like(rule.says)}%`})`;
}

/** Letters `d` that a route moves: there while it holds, and back once it was undone. Where they go is `destination`. */
export function movedBy(route: Route, now: Instant): SQL {
  const { rule, fromId, toId, endedAt } = route;
  if (endedAt === null) return rule === null ? sql`d.group_id = ${fromId}` : meant(fromId, rule, now);
  return rule === null ? sql`d.home_id = ${fromId}` : sql`d.group_id = ${toId}`;
}
export const destination = ({ endedAt, fromId, toId }: Route): number => (endedAt === null ? toId : fromId);

/** Letters as their source names them. */
export type Arrived = { sourceId: string; sourceDeadLetterIds: readonly string[] };
const among = ({ sourceId, sourceDeadLetterIds }: Arrived): SQL =>
  sql`d.source_id = ${sourceId} and d.source_seq = any(${list(sourceDeadLetterIds, "text")})`;

/** The same of letters that just arrived. */
export const arrivedBy = (route: Route, now: Instant, arrived: Arrived): SQL => sql`${movedBy(route, now)} and ${among(arrived)}`;
/** Those of them whose own failure names a group. */
export const homeOf = (groupId: number, arrived: Arrived): SQL => sql`d.home_id = ${groupId} and ${among(arrived)}`;

/** Which groups the failures of some letters name, and whether some stand elsewhere. */
export const selectHomes = (db: Db, arrived: Arrived): Promise<{ homeId: number; elsewhere: boolean }[]> =>
  rows(
    db,
    sql`select coalesce(d.home_id, d.group_id) as "homeId", bool_or(d.home_id is not null) as elsewhere from dead_letter d where ${among(arrived)} group by 1 order by 1`,
  );

export const countMeant = async (db: Db, groupId: number, rule: SplitRule, now: Instant): Promise<number> =>
  (await firstRow<{ n: number }>(db, sql`select count(*)::int as n from dead_letter d where ${meant(groupId, rule, now)}`))!.n;

export type Said = {
  errorMessage: string;
  payload: string | null;
  payloadBytes: number;
  payloadRemovedAt: Instant | null;
  payloadRemovedUnder: string | null;
};

/** What some of the letters say that a rule means, with the payload that says what of it is masked. */
export const selectSaid = (db: Db, groupId: number, rule: SplitRule, now: Instant): Promise<Said[]> =>
  rows<Said>(
    db,
    sql`select b.error_message as "errorMessage", b.payload::text as payload, b.payload_bytes as "payloadBytes", b.payload_removed_at as "payloadRemovedAt", b.payload_removed_under as "payloadRemovedUnder"
          from dead_letter d join dead_letter_body b using (id) where ${meant(groupId, rule, now)} limit ${regroupLimits.shownMost}`,
  );
