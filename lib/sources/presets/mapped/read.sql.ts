import type pg from "pg";
import { conditionOf, type Described, everyField, idArrays, idText, isOneOf, markOf, rowsOf } from "./columns";

/** A row as the map gives it: every field as text, times as milliseconds in a number; null where nothing is recorded. */
export type MappedRow = { id: string; [field: string]: string | number | null };
export type Seen = { id: string; mark: string };

/** What lies open: id and mark of each row under a condition, `most` at most, of those after `after` in the order of ids. */
export async function selectOpen(
  client: pg.ClientBase,
  at: Described,
  condition: string,
  most: number,
  after: string | null | undefined,
): Promise<Seen[]> {
  const ordered = after !== undefined;
  const keys = at.id.map(({ expression }) => expression).join(", ");
  const beyond =
    typeof after === "string"
      ? ` and (${keys}) > (${at.id.map(({ type }, i) => `$${i + 1}::text::${type.name}`).join(", ")})`
      : "";
  const { rows } = await client.query<Seen>({
    text: `select ${idText(at)} as id, ${at.xmin ?? markOf(at)}::text as mark ${rowsOf(at, `${conditionOf(condition)}${beyond}`)} ${ordered ? `order by ${keys}` : ""} limit ${most}`,
    values: typeof after === "string" ? idArrays([after], at).map((part) => part[0]) : [],
  });
  return rows;
}

const flag = (text: string | undefined, as: string): string =>
  `${text === undefined ? "null::boolean" : conditionOf(text)} as "${as}"`;

/** How each row of these ids stands now; one that is gone is missing. */
export async function selectStanding(
  client: pg.ClientBase,
  at: Described,
  ids: readonly string[],
  { parked, done }: { parked: string | undefined; done: string | undefined },
): Promise<(MappedRow & { isParked: boolean | null; isDone: boolean | null; mark: string })[]> {
  const { rows } = await client.query({
    text: `select ${everyField(at)}, ${markOf(at)} as mark, ${flag(parked, "isParked")}, ${flag(done, "isDone")}\n ${rowsOf(at, isOneOf(at))}`,
    values: idArrays(ids, at),
  });
  return rows;
}

/** How the rows of a table that keeps them are narrowed to what may be new. */
export type Span = {
  /** The snapshot's oldest transaction at the beginning of the look before. */
  since: string;
  /** A condition along an index, with its value; null where the whole table is gone through. */
  window: { condition: string; values: readonly unknown[] } | null;
  after: Written | null;
  /** What transactions before this one wrote is doubtful: it may have been told. */
  before: string | null;
};

/** Where a row stands, in which of a partitioned table's parts, and which version of it. */
export type Written = { part: string; place: string; version: string; doubtful: boolean };
const partOf = ({ from }: Described): string => `${from.alias}.tableoid`;
const versionOf = (at: Described): string => `(${partOf(at)} || ':' || ${at.ctid} || ':' || ${at.xmin})`;

/**
 * Rows written by transactions that were not over when the look before began, a page in the order of their places. By `age(xmin)` and not by
 * the snapshot, which does not know the ids of savepoints; a row comes again until the oldest transaction of its time is over.
 */
export async function selectWritten(
  client: pg.ClientBase,
  at: Described,
  { since, window, after, before }: Span,
  pageSize: number,
): Promise<Written[]> {
  const conditions = [
    `age(${at.xmin}) between 0 and age($1::xid8::xid)`,
    ...(after === null ? [] : [`(${partOf(at)}, ${at.ctid}) > ('${after.part}'::oid, '${after.place}'::tid)`]),
    ...(window ? [window.condition] : []),
  ];
  const values = [since, ...(window?.values ?? []), ...(before === null ? [] : [before])];
  const doubtful = before === null ? "false" : `age(${at.xmin}) > age($${values.length}::xid8::xid)`;
  const { rows } = await client.query<Written>({
    text: `select ${partOf(at)}::text as part, ${at.ctid}::text as place, ${versionOf(at)} as version, ${doubtful} as doubtful ${rowsOf(at, conditions.join(" and "))} order by ${partOf(at)}, ${at.ctid} limit ${pageSize}`,
    values,
  });
  return rows;
}

/** The rows at these places; one that was changed meanwhile is missing, and comes with the next look. */
export async function selectAt(client: pg.ClientBase, at: Described, written: readonly Written[]): Promise<MappedRow[]> {
  const { rows } = await client.query<MappedRow>({
    text: `select ${everyField(at)}, ${versionOf(at)} as row_version\n ${rowsOf(at, `${at.ctid} = any($1::tid[]) and ${versionOf(at)} = any($2::text[])`)}`,
    values: [written.map(({ place }) => place), written.map(({ version }) => version)],
  });
  return rows;
}

/** The rows of some of the ids, and of every row where no ids are given, `most` at most. */
export async function selectRows(
  client: pg.ClientBase,
  at: Described,
  ids: readonly string[] | null,
  most: number,
  condition = "true",
): Promise<MappedRow[]> {
  const { rows } = await client.query<MappedRow>({
    text: `select ${everyField(at)}\n ${rowsOf(at, ids === null ? condition : `${isOneOf(at)} and (${condition})`)}\n limit ${most}`,
    values: ids === null ? [] : idArrays(ids, at),
  });
  return rows;
}

/** One row with its payload, of so many bytes at most. */
export async function selectBody(
  client: pg.ClientBase,
  at: Described,
  id: string,
  payloadBytesMax: number,
): Promise<MappedRow | null> {
  const { rows } = await client.query<MappedRow>({
    text: `select ${everyField(at, payloadBytesMax)}\n ${rowsOf(at, isOneOf(at))}\n limit 1`,
    values: idArrays([id], at),
  });
  return rows[0] ?? null;
}

/** Those of the ids that have a row; nothing else of it is looked at. */
export async function selectIds(client: pg.ClientBase, at: Described, ids: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>({
    text: `select ${idText(at)} as id ${rowsOf(at, isOneOf(at))}`,
    values: idArrays(ids, at),
  });
  return rows.map(({ id }) => id);
}

/** How large a table is, and which of its columns an index of every row begins with. */
export async function selectTable(
  client: pg.ClientBase,
  relation: string,
): Promise<{ pages: number; rows: number; indexed: string[] }> {
  const { rows } = await client.query<{ pages: number; rows: number; indexed: string[] }>({
    text: `select coalesce((select sum(pg_relation_size(p.relid)) from pg_partition_tree(c.oid) p), pg_relation_size(c.oid))::float8 / current_setting('block_size')::int as pages,
        greatest(c.reltuples, 0)::float8 as rows,
        coalesce((select array_agg(a.attname::text) from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
          where i.indrelid = c.oid and i.indisvalid and i.indpred is null), '{}') as indexed
      from pg_class c where c.oid = $1::regclass`,
    values: [relation],
  });
  return rows[0] ?? { pages: 0, rows: 0, indexed: [] };
}

/** For how long the oldest transaction of this database has been open, as far as this role may see; null where it may not. */
export async function selectLongestOpen(client: pg.ClientBase): Promise<{ ms: number; seesAll: boolean }> {
  const { rows } = await client.query<{ ms: number; seesAll: boolean }>(
    `select coalesce(max(extract(epoch from clock_timestamp() - xact_start) * 1000) filter (where backend_type = 'client backend'), 0)::float8 as ms,
        pg_has_role('pg_read_all_stats', 'usage') as "seesAll" from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  return rows[0]!;
}
