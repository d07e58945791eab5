import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { list, rows } from "../db/rows";
import type { Instant } from "../time";
import { HITS_MAX, type KeyPrefix } from "./rules";
import { inZones, overlaps, type Scope } from "./scope.sql";

export type FoundKey = { key: string; rank: number; since: Instant | null; zone: string | null };

// Keys that one walk passes over: more than are shown, since those of other zones are skipped.
const STEPS_MAX = 40;
// Rows behind one key that are looked at to say where it stands; a key that everything failed for is told by some of them.
const ROWS_MAX = 500;
// Letters of a key that are looked at for one in scope. What is open is also known by its zone, so that only a key of many closed ones can be missed.
const SAMPLE_MAX = 100;

/**
 * Business keys that begin so, each once, from everything that holds keys: jumps from key to key along an index of bytes, so that
 * a key with a million rows is one step.
 */
export async function selectKeys(db: Db, prefixes: readonly KeyPrefix[], scope: Scope): Promise<FoundKey[]> {
  // Asked key by key, as a value: as a join the planner might read a whole zone to answer for a few keys.
  const groups = (table: SQL, key: SQL) =>
    scope === null
      ? sql`true`
      : sql`(select true from (select group_id from ${table} where business_key = ${key} limit ${SAMPLE_MAX}) d where (select ${overlaps(sql`g.zones`, scope)} from dead_letter_group g where g.group_id = d.group_id) limit 1)`;
  const zoned = (table: SQL, key: SQL) =>
    scope === null
      ? sql`true`
      : sql`(select true from ${table} where business_key = ${key} and ${inZones(sql`zone_id`, scope)} limit 1)`;
  const places = [
    [sql`dead_letter`, groups],
    [sql`dead_letter_history`, groups],
    [sql`unresolved`, zoned],
    [sql`saga`, zoned],
    [sql`divergence`, zoned],
    [sql`case_file`, zoned],
  ] as const;
  const next = (table: SQL, prefix: SQL, after: SQL) =>
    sql`(select business_key from ${table} where ${after} and business_key ~<~ (${prefix} || chr(1114111)) order by business_key using ~<~ limit 1)`;
  const walks = places.map(
    ([table, seen]) => sql`select * from (
      with recursive w(prefix, rank, key, n) as (
        select p.prefix, p.rank, ${next(table, sql`p.prefix`, sql`business_key ~>=~ p.prefix`)}, 1 from p
        union all select w.prefix, w.rank, ${next(table, sql`w.prefix`, sql`business_key ~>~ w.key`)}, w.n + 1 from w where w.key is not null and w.n < ${STEPS_MAX})
      select key, rank from w where key is not null and ${seen(table, sql`w.key`)} limit ${HITS_MAX}) k`,
  );
  return rows<FoundKey>(
    db,
    sql`with p(prefix, rank) as (select * from unnest(${list(
      prefixes.map((p) => p.prefix),
      "text",
    )}, ${list(
      prefixes.map((p) => p.rank),
      "int",
    )})${bareNumber(prefixes[0]!.prefix, scope)}),
      k as (select key, min(rank) as rank from (${sql.join(walks, sql` union all `)}) all_of group by key order by 2, length(key), 1 limit ${HITS_MAX})
      select k.key, k.rank, o.since, (select title from zone z where z.zone_id = o.zone_id) as zone from k left join lateral (
        select u.since, u.zone_id from (select since, zone_id, confirmed from unresolved where business_key = k.key limit ${ROWS_MAX}) u
          where u.confirmed and ${inZones(sql`u.zone_id`, scope)} order by u.since limit 1) o on true
      order by k.rank, length(k.key), k.key`,
  );
}

// People say 88213 and mean ORD-88213: what the contracts' keys begin with is put in front of a bare number.
function bareNumber(text: string, scope: Scope): SQL {
  if (!/^\d{1,15}$/.test(text)) return sql``;
  return sql` union all select distinct (regexp_match(r.body->'businessKey'->>'pattern', '^\\^?([A-Za-z][A-Za-z_]*[-_:/])'))[1] || ${text}::text, 2 from zone z join contract_revision r using (zone_id, revision)
    where z.retired_at is null and ${inZones(sql`z.zone_id`, scope)}`;
}
