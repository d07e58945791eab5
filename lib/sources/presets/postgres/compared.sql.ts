import pg from "pg";
import type { Relation, RelationRow, RelationShape } from "../../source";

const id = pg.escapeIdentifier;

/** `sales.order_view` with each part quoted, so that a name is never more than a name. */
export const relationId = (relation: string): string => relation.split(".").map(id).join(".");

type Listed = [key: string, version: string | null, changedAt: string | null, ...values: (string | null)[]];
const rowOf = ([key, version, changedAt, ...values]: Listed): RelationRow => ({ key, version, changedAt, values });

// What is longer is told apart by its hash, and shown by its beginning: a page of documents would not fit into memory.
const VALUE_CHARS_MAX = 1_000;
const bounded = (text: string): string =>
  `case when length(${text}) > ${VALUE_CHARS_MAX} then left(${text}, 200) || '… ' || length(${text}) || ' chars, md5 ' || md5(${text}) else ${text} end`;

function columnsOf({ key, version, changedAt, columns }: Relation): string {
  const text = (column: string | null) => (column === null ? "null" : `r.${id(column)}::text`);
  return [text(key), text(version), text(changedAt), ...columns.map((column) => bounded(text(column)))].join(", ");
}

/**
 * A page in the order of the key. A key that several rows have is never cut in two, since half of it would look like one row: it is left
 * to the next page, or, when it fills a page, known to be several by then.
 */
export async function selectPage(
  client: pg.ClientBase,
  relation: Relation,
  shape: RelationShape,
  after: string | null,
  most: number,
): Promise<{ rows: RelationRow[]; more: boolean }> {
  const key = `r.${id(relation.key)}${shape.collated ? ' collate "C"' : ""}`;
  const place = after === null ? "" : `where ${key} > $1::${shape.keyType}`;
  // A key that is null names nothing, and is last in every order.
  const named = `${place === "" ? "where" : "and"} r.${id(relation.key)} is not null`;
  const result = await client.query<Listed>({
    text: `select ${columnsOf(relation)} from ${relationId(relation.relation)} r ${place} ${named} order by ${key} limit ${most + 1}`,
    values: after === null ? [] : [after],
    rowMode: "array",
  });
  const rows = result.rows.map(rowOf);
  if (rows.length <= most) return { rows, more: false };
  const next = rows.pop()!.key;
  const first = rows.findIndex((row) => row.key === next);
  return { rows: first > 0 ? rows.slice(0, first) : rows, more: true };
}

// A key that the type cannot hold stands in no row; asking for it would be an error.
const holds: Record<string, RegExp> = {
  smallint: /^-?\d{1,4}$/,
  integer: /^-?\d{1,9}$/,
  bigint: /^-?\d{1,18}$/,
  numeric: /^-?\d{1,100}(\.\d{1,100})?$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
};

/** The rows of some keys, through the index on the key. */
export async function selectByKey(
  client: pg.ClientBase,
  relation: Relation,
  shape: RelationShape,
  keys: readonly string[],
): Promise<{ now: number; rows: RelationRow[]; changedUpTo: string | null }> {
  const upTo = shape.changedAtIndexed
    ? `(select max(${id(relation.changedAt!)})::text from ${relationId(relation.relation)})`
    : "null::text";
  // The clock first: what is read after it is a moment younger than its age says, never older.
  const clock = await client.query<{ now: number; upTo: string | null }>(
    `select (extract(epoch from clock_timestamp()) * 1000)::float8 as now, ${upTo} as "upTo"`,
  );
  const asked = keys.filter((key) => holds[shape.keyType]?.test(key) ?? true);
  const result = await client.query<Listed>({
    text: `select ${columnsOf(relation)} from ${relationId(relation.relation)} r where r.${id(relation.key)} = any($1::${shape.keyType}[])`,
    values: [asked],
    rowMode: "array",
  });
  return { now: clock.rows[0]!.now, rows: result.rows.map(rowOf), changedUpTo: clock.rows[0]!.upTo };
}
