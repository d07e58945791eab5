import type pg from "pg";
import type { ColumnKind, Relation, RelationShape } from "../../source";
import { relationId } from "./compared.sql";

type Collation = { collname: string };
type Described = {
  kind: string;
  estimated: number;
  database: { datcollate: string; datlocprovider?: string };
  columns: { name: string; type: string; category: string; readable: boolean; collation: Collation | null }[];
  indexes: { column: string; unique: boolean; collation: Collation | null }[];
};

// The catalogues' rows come whole, as JSON: their columns differ between versions of the server.
const DESCRIBE = `select c.relkind as kind, c.reltuples::float8 as estimated, (select to_jsonb(d) from pg_database d where d.datname = current_database()) as database,
  (select coalesce(jsonb_agg(jsonb_build_object('name', a.attname, 'type', case t.typname when 'bpchar' then 'bpchar' else format_type(coalesce(nullif(t.typbasetype, 0), t.oid), null) end, 'category', t.typcategory,
     'readable', has_column_privilege(c.oid, a.attnum, 'select'), 'collation', (select to_jsonb(l) from pg_collation l where l.oid = a.attcollation))), '[]')
   from pg_attribute a join pg_type t on t.oid = a.atttypid where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attname = any($2)) as columns,
  (select coalesce(jsonb_agg(jsonb_build_object('column', a.attname, 'unique', i.indisunique and i.indnkeyatts = 1, 'collation', (select to_jsonb(l) from pg_collation l where l.oid = i.indcollation[0]))), '[]')
   from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0] join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam
   where i.indrelid = c.oid and i.indisvalid and i.indpred is null and m.amname = 'btree') as indexes
 from pg_class c where c.oid = to_regclass($1)`;

// Of a numeric, 1.5 and 1.50 are one key and two texts.
const integers = ["smallint", "integer", "bigint"];
const times = ["timestamp with time zone", "timestamp without time zone", "date"];

/** Looks up whether and how a relation can be compared: what it lacks is said in words, never thrown. */
export async function describeRelation(client: pg.ClientBase, relation: Relation): Promise<RelationShape> {
  const wanted = [
    ...new Set([relation.key, ...relation.columns, relation.changedAt, relation.version].filter((c) => c !== null)),
  ];
  const { rows } = await client.query<Described>(DESCRIBE, [relationId(relation.relation), wanted]);
  const found = rows[0];
  const problem = problemOf(relation, wanted, found);
  if (problem !== null || !found) return { ...unusable, problem };
  const column = (name: string) => found.columns.find((one) => one.name === name)!;
  const keyType = column(relation.key).type;
  const onKey = found.indexes.filter((index) => index.column === relation.key);
  const order = orderOf(keyType, onKey, found.database);
  const notes = [
    order.order === "own" &&
      `The key ${relation.key} is sorted as only this database sorts; each row is looked up at the other side instead.`,
    !onKey.some((index) => index.unique) && `The key ${relation.key} is not unique.`,
    relation.changedAt === null && "No column tells when a row changed: its age counts from when a difference is first seen.",
  ];
  return {
    problem: null,
    notes: notes.filter((note) => note !== false),
    ...order,
    keyType,
    changedAtIndexed: relation.changedAt !== null && found.indexes.some((index) => index.column === relation.changedAt),
    kinds: relation.columns.map((name) => kindOf(column(name))),
    estimatedN: found.estimated < 0 ? null : found.estimated,
  };
}

const unusable: Omit<RelationShape, "problem"> = {
  notes: [],
  order: "own",
  keyType: "text",
  collated: false,
  changedAtIndexed: false,
  kinds: [],
  estimatedN: null,
};

function problemOf({ relation, key }: Relation, wanted: readonly string[], found: Described | undefined): string | null {
  if (!found) return `There is no relation ${relation}, or the observer may not use its schema.`;
  const missing = wanted.filter((name) => !found.columns.some((column) => column.name === name));
  if (missing.length > 0) return `${relation} has no column ${missing.join(", ")}.`;
  const unreadable = found.columns.filter((column) => !column.readable).map((column) => column.name);
  if (unreadable.length > 0)
    return `The observer may not read ${unreadable.join(", ")} of ${relation}: grant select on ${relation} to it.`;
  if (found.kind !== "v" && !found.indexes.some((index) => index.column === key))
    return `${relation} has no index that begins with ${key}: every page would read the whole relation. Create an index on ${key}.`;
  if (found.kind === "v") return `${relation} is a view, which has no index: compare a table or a materialized view.`;
  return null;
}

/** Text by its bytes is the one order that two databases and a worker share, whatever their locales. */
function orderOf(
  keyType: string,
  onKey: Described["indexes"],
  database: Described["database"],
): Pick<RelationShape, "order" | "collated"> {
  if (integers.includes(keyType)) return { order: "number", collated: false };
  if (keyType === "uuid") return { order: "bytes", collated: false };
  if (keyType !== "text" && keyType !== "character varying") return { order: "own", collated: false };
  if (onKey.some((index) => index.collation?.collname === "default") && sortsBytes(database))
    return { order: "bytes", collated: false };
  return onKey.some((index) => index.collation?.collname === "C")
    ? { order: "bytes", collated: true }
    : { order: "own", collated: false };
}

// The builtin locales sort by code point, which in UTF-8 is by byte.
const sortsBytes = ({ datlocprovider = "c", datcollate }: Described["database"]): boolean =>
  datlocprovider === "b" || (datlocprovider === "c" && /^(C|POSIX|C\.utf-?8)$/i.test(datcollate));

function kindOf({ type, category }: { type: string; category: string }): ColumnKind {
  if (category === "N") return "number";
  return times.includes(type) ? "time" : "text";
}
