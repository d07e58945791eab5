import type pg from "pg";
import type { ColumnKind, Relation, RelationShape, ValueKind } from "../../comparable";
import { relationId } from "./compared.sql";

type Collation = { collname: string; collisdeterministic?: boolean };
type Column = {
  name: string;
  type: string;
  category: string;
  /** Of an array or range the type of what it holds. */
  inner: { type: string; category: string } | null;
  typmod: number;
  readable: boolean;
  collation: Collation | null;
  labels: string[] | null;
};
type Described = {
  kind: string;
  standby: boolean;
  estimated: number;
  database: { datcollate: string; datlocprovider?: string };
  columns: Column[];
  indexes: { column: string; unique: boolean; collation: Collation | null }[];
};

// The catalogues' rows come whole, as JSON: their columns differ between versions of the server.
const DESCRIBE = `select c.relkind as kind, pg_is_in_recovery() as standby, c.reltuples::float8 as estimated, (select to_jsonb(d) from pg_database d where d.datname = current_database()) as database,
  (select coalesce(jsonb_agg(jsonb_build_object('name', a.attname, 'type', case b.typname when 'bpchar' then 'bpchar' else format_type(b.oid, null) end, 'category', b.typcategory,
     'inner', (select jsonb_build_object('type', format_type(e.oid, null), 'category', e.typcategory) from pg_type e where e.oid = case b.typcategory when 'A' then b.typelem when 'R' then (select g.rngsubtype from pg_range g where b.oid in (g.rngtypid, g.rngmultitypid)) end),
     'typmod', case when b.typmod >= 0 then b.typmod else a.atttypmod end, 'labels', (select jsonb_agg(e.enumlabel) from pg_enum e where e.enumtypid = b.oid), 'readable', has_column_privilege(c.oid, a.attnum, 'select'), 'collation', (select to_jsonb(l) from pg_collation l where l.oid = a.attcollation))), '[]')
   from pg_attribute a cross join lateral (
       with recursive base as (
         select t.oid, t.typname, t.typcategory, t.typelem, t.typbasetype, -1 as typmod from pg_type t where t.oid = a.atttypid
         union all select t.oid, t.typname, t.typcategory, t.typelem, t.typbasetype, greatest(base.typmod, d.typtypmod) from base join pg_type d on d.oid = base.oid join pg_type t on t.oid = base.typbasetype)
       select * from base where typbasetype = 0) b where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attname = any($2)) as columns,
  (select coalesce(jsonb_agg(jsonb_build_object('column', a.attname, 'unique', i.indisunique and i.indnkeyatts = 1, 'collation', (select to_jsonb(l) from pg_collation l where l.oid = i.indcollation[0]))), '[]')
   from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0] join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam
   where i.indrelid = c.oid and i.indisvalid and i.indpred is null and m.amname = 'btree') as indexes
 from pg_class c where c.oid = to_regclass($1)`;

// Of a numeric, 1.5 and 1.50 are one key and two texts.
const integers = ["smallint", "integer", "bigint"];
const times = ["timestamp with time zone", "timestamp without time zone", "date"];

/** Looks up whether and how a relation can be compared: what it lacks is said in words, never thrown. */
export async function describeRelation(client: pg.ClientBase, relation: Relation, timeZone: string): Promise<RelationShape> {
  const wanted = [
    ...new Set([relation.key, ...relation.columns, relation.changedAt, relation.version].filter((c) => c !== null)),
  ];
  const { rows } = await client.query<Described>(DESCRIBE, [relationId(relation.relation), wanted]);
  const found = rows[0];
  const problem = problemOf(relation, wanted, found);
  if (problem !== null || !found) return { ...unusable, problem };
  const column = (name: string) => found.columns.find((one) => one.name === name)!;
  const keyColumn = column(relation.key);
  const keyType = keyColumn.type;
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
    keyScale: keyType === "numeric" ? scaleOf(keyColumn.typmod) : null,
    keyLabels: keyColumn.labels,
    changedAtIndexed: relation.changedAt !== null && found.indexes.some((index) => index.column === relation.changedAt),
    kinds: relation.columns.map((name) => kindOf(column(name))),
    precisions: relation.columns.map((name) => precisionOf(column(name))),
    estimatedN: found.estimated < 0 ? null : found.estimated,
    ...localTimes(found.columns, timeZone),
  };
}

function localTimes(columns: readonly Column[], zone: string): Pick<RelationShape, "local"> {
  const local = columns.filter(({ type }) => type === "timestamp without time zone").map(({ name }) => name);
  return zone === "UTC" || local.length === 0 ? {} : { local: { zone, columns: local } };
}

const unusable: Omit<RelationShape, "problem"> = {
  notes: [],
  order: "own",
  keyType: "text",
  keyScale: null,
  keyLabels: null,
  collated: false,
  changedAtIndexed: false,
  kinds: [],
  precisions: [],
  estimatedN: null,
};

function problemOf({ relation, key, columns }: Relation, wanted: readonly string[], found: Described | undefined): string | null {
  if (!found) return `There is no relation ${relation}, or the observer may not use its schema.`;
  // It lags behind by nobody knows how much: what is not there yet would be told as missing.
  if (found.standby) return `${relation} was not compared: this address leads to a standby. Give the address of the primary.`;
  const missing = wanted.filter((name) => !found.columns.some((column) => column.name === name));
  if (missing.length > 0) return `${relation} has no column ${missing.join(", ")}.`;
  const unreadable = found.columns.filter((column) => !column.readable).map((column) => column.name);
  if (unreadable.length > 0)
    return `The observer may not read ${unreadable.join(", ")} of ${relation}: grant select on ${relation} to it.`;
  const typed = typeProblem(
    relation,
    key,
    found.columns.filter(({ name }) => name === key || columns.includes(name)),
  );
  if (typed !== null) return typed;
  if (found.kind !== "v" && !found.indexes.some((index) => index.column === key))
    return `${relation} has no index that begins with ${key}: every page would read the whole relation. Create an index on ${key}.`;
  if (found.kind === "v") return `${relation} is a view, which has no index: compare a table or a materialized view.`;
  return null;
}

/** What a type does not tell, or tells otherwise in every database, is refused: comparing its text would agree or differ by chance. */
function typeProblem(relation: string, key: string, columns: readonly Column[]): string | null {
  const money = columns.find(({ type, inner }) => type === "money" || inner?.type === "money");
  if (money)
    return `${money.name} of ${relation} is money, whose text depends on the database's locale: compare a numeric column, or a materialized view that casts it to numeric.`;
  const named = columns.find(({ name }) => name === key);
  if (named?.category === "A")
    return `The key ${key} of ${relation} is a list, which no list of keys can be asked for: compare by a column of one value.`;
  if (/(^|\.)citext$/.test(named?.type ?? "") || named?.collation?.collisdeterministic === false)
    return `The key ${key} of ${relation} compares without regard to case or accents, which the other side and Accord do not: compare by a column of type text with a deterministic collation, such as one generated as lower(${key}::text).`;
  return null;
}

/** Digits after the point that a numeric is declared with; null when it is free. */
const scaleOf = (typmod: number): number | null => (typmod < 4 ? null : Math.max(0, (((typmod - 4) & 0x7ff) ^ 1024) - 1024));

function precisionOf({ type, typmod }: Column): number | null {
  if (!times.includes(type)) return null;
  return type === "date" ? 0 : typmod < 0 ? 6 : typmod;
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

function kindOf({ type, category, inner }: Pick<Column, "type" | "category" | "inner">): ColumnKind {
  return inner === null ? valueKindOf(type, category) : `${valueKindOf(inner.type, inner.category)}[]`;
}

function valueKindOf(type: string, category: string): ValueKind {
  if (category === "N") return "number";
  if (type === "json" || type === "jsonb") return "json";
  return type === "uuid" ? "uuid" : times.includes(type) ? "time" : "text";
}
