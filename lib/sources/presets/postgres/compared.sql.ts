import pg from "pg";
import type { Relation, RelationRow, RelationShape } from "../../comparable";

const id = pg.escapeIdentifier;

/** `sales.order_view` or `sales."order.view"` with each part quoted, so that a name is never more than a name. */
export const relationId = (relation: string): string =>
  [...relation.matchAll(/"([^"]+)"|([^."]+)/g)].map(([, quoted, plain]) => id(quoted ?? plain!)).join(".");

type Listed = [key: string, version: string | null, changedAt: string | null, ...values: (string | null)[]];
const rowOf = ([key, version, changedAt, ...values]: Listed): RelationRow => ({ key, version, changedAt, values });

// What is longer is told apart by its hash, and shown by its beginning: a page of documents would not fit into memory. The few rows that are
// read by key are given more room, since JSON or a list that differs as text may be the same.
const VALUE_CHARS_MAX = 1_000;
const PARTS_CHARS_MAX = 20_000;
const bounded = (text: string, most: number): string =>
  `case when length(${text}) > ${most} then left(${text}, 200) || '… ' || length(${text}) || ' chars, md5 ' || md5(${text}) else ${text} end`;

/** A column as text; a time without a zone is of the zone that the source's service lives in, and becomes UTC. */
function asText(column: string, { local }: RelationShape, value = `r.${id(column)}`): string {
  return local?.columns.includes(column) ? `(${value} at time zone ${pg.escapeLiteral(local.zone)})::text` : `${value}::text`;
}

function columnsOf(
  { key, version, changedAt, columns }: Relation,
  shape: RelationShape,
  mostOf: (i: number) => number = () => VALUE_CHARS_MAX,
): string {
  const text = (column: string | null) => (column === null ? "null" : asText(column, shape));
  return [
    `r.${id(key)}::text`,
    text(version),
    text(changedAt),
    ...columns.map((column, i) => bounded(text(column), mostOf(i))),
  ].join(", ");
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
  // Where two sizes of integers are merged, the other side's key may be beyond this one's.
  const placeType = shape.order === "number" ? "bigint" : shape.keyType;
  const place = after === null ? "" : `where ${key} > $1::${placeType}`;
  // A key that is null names nothing, and is last in every order.
  const named = `${place === "" ? "where" : "and"} r.${id(relation.key)} is not null`;
  const result = await client.query<Listed>({
    text: `select ${columnsOf(relation, shape)} from ${relationId(relation.relation)} r ${place} ${named} order by ${key} limit ${most + 1}`,
    values: after === null ? [] : [after],
    rowMode: "array",
  });
  const rows = result.rows.map(rowOf);
  if (rows.length <= most) return { rows, more: false };
  const next = rows.pop()!.key;
  const first = rows.findIndex((row) => row.key === next);
  return { rows: first > 0 ? rows.slice(0, first) : rows, more: true };
}

const between = (least: bigint, most: bigint) => (key: string) => {
  if (!/^(?:0|-?[1-9]\d{0,18})$/.test(key)) return false;
  const value = BigInt(key);
  return value >= least && value <= most;
};
const time = /^(?:\d{4,6}-\d\d-\d\d.{0,30}|-?infinity)$/;

// A key that the type cannot hold stands in no row; asking for it would be an error. What passes here and is refused by the server is found out
// one by one.
const holds: Record<string, (key: string) => boolean> = {
  smallint: between(-32_768n, 32_767n),
  integer: between(-2_147_483_648n, 2_147_483_647n),
  bigint: between(-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n),
  numeric: (key) => /^(?:-?\d{1,1000}(?:\.\d{1,1000})?|NaN|-?Infinity)$/.test(key),
  uuid: (key) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(key),
  boolean: (key) => key === "true" || key === "false",
  date: (key) => time.test(key),
  "timestamp without time zone": (key) => time.test(key),
  "timestamp with time zone": (key) => time.test(key),
};

/** Which keys the shape's type may hold. */
export const mayHold = ({ keyType, keyLabels }: RelationShape, key: string): boolean =>
  keyLabels === null ? (holds[keyType]?.(key) ?? true) : keyLabels.includes(key);

/** The rows of some keys, all of which the type may hold, through the index on the key. */
export async function selectByKey(
  client: pg.ClientBase,
  relation: Relation,
  shape: RelationShape,
  keys: readonly string[],
): Promise<{ now: number; rows: RelationRow[]; changedUpTo: string | null }> {
  const upTo = shape.changedAtIndexed
    ? `(select ${asText(relation.changedAt!, shape, `max(${id(relation.changedAt!)})`)} from ${relationId(relation.relation)})`
    : "null::text";
  // The clock first: what is read after it is a moment younger than its age says, never older.
  const clock = await client.query<{ now: number; upTo: string | null }>(
    `select (extract(epoch from clock_timestamp()) * 1000)::float8 as now, ${upTo} as "upTo"`,
  );
  const mostOf = (i: number) => (/json|\[\]/.test(shape.kinds[i] ?? "") ? PARTS_CHARS_MAX : VALUE_CHARS_MAX);
  const result = await client.query<Listed>({
    text: `select ${columnsOf(relation, shape, mostOf)} from ${relationId(relation.relation)} r where r.${id(relation.key)} = any($1::${shape.keyType}[])`,
    values: [keys],
    rowMode: "array",
  });
  return { now: clock.rows[0]!.now, rows: result.rows.map(rowOf), changedUpTo: clock.rows[0]!.upTo };
}
