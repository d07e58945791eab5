import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { rows } from "../db/rows";
import type { Instant } from "../time";
import { COUNT_MAX } from "./count.rules";
import type { Query } from "./query.rules";
import { groupsWhere, inGroups, lettersWhere, openOfVersions, versionsWhere } from "./query.sql";
import type { Grouping } from "./rules";
import type { Scope } from "./scope.sql";

export type GroupedRow = { value: string; groupsN: number; messagesN: number };

const ROWS_MAX = 200;
const columns = { consumer: "g.consumer", event: "g.event_type" } as const;

/** Open messages summed by what their groups count themselves. */
export async function sumByGroups(
  db: Db,
  queries: readonly Query[],
  by: Grouping,
  scope: Scope,
  now: Instant,
): Promise<GroupedRow[]> {
  const n = openOfVersions(queries);
  const each =
    by === "version"
      ? sql`(select v.key as value, v.value::int as n from jsonb_each_text(g.versions) v where ${versionsWhere(queries)})`
      : by === "zone"
        ? sql`(select z as value, ${n} as n from unnest(g.zones) z)`
        : sql`(select ${sql.raw(columns[by])} as value, ${n} as n)`;
  return rows<GroupedRow>(
    db,
    sql`select e.value, count(*)::int as "groupsN", coalesce(sum(e.n), 0)::int as "messagesN" from dead_letter_group g cross join lateral ${each} e
          where g.open_n > 0 and e.n > 0 and ${groupsWhere(queries, scope, now)} group by 1 order by 3 desc, 1 limit ${ROWS_MAX}`,
  );
}

/** Open messages that are asked for one by one, summed; of at most so many as are counted, and one more (`lookedAtN`) where there are more. */
export async function sumByLetters(
  db: Db,
  queries: readonly Query[],
  by: Grouping,
  scope: Scope,
  now: Instant,
): Promise<(GroupedRow & { lookedAtN: number })[]> {
  const value =
    by === "version"
      ? sql`(select d.version as value)`
      : by === "zone"
        ? sql`(select unnest(g.zones) as value)`
        : sql`(select ${sql.raw(columns[by])} as value)`;
  return rows<GroupedRow & { lookedAtN: number }>(
    db,
    sql`with d as materialized (select d.group_id, d.consumer_version as version from dead_letter d where ${lettersWhere(queries, "open", now, inGroups(queries, scope, now))} limit ${COUNT_MAX + 1})
        select e.value, count(distinct d.group_id)::int as "groupsN", count(*)::int as "messagesN", (select count(*)::int from d) as "lookedAtN" from d
        join dead_letter_group g using (group_id) cross join lateral ${value} e group by 1 order by 3 desc, 1 limit ${ROWS_MAX}`,
  );
}
