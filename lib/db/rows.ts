import { type SQL, sql } from "drizzle-orm";
import type { Db } from "./pool";

const OID = { int8: 20, numeric: 1700, timestamptz: 1184 } as const;
type Field = { name: string; dataTypeID: number };

function reader(field: Field): ((value: unknown) => unknown) | null {
  if (field.dataTypeID === OID.timestamptz)
    return (value) => (typeof value === "string" ? instantOf(value) : value instanceof Date ? value.getTime() : value);
  if (field.dataTypeID === OID.int8 || field.dataTypeID === OID.numeric)
    return (value) => (typeof value === "string" ? safeNumber(value) : value);
  return null;
}

/** `2026-11-21 01:14:54.123456+00` as epoch milliseconds; `infinity` is no time and becomes NaN, which every rule treats as absurd. */
export function instantOf(text: string): number {
  return utcOf(text) ?? Date.parse(text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00"));
}

// As a server in UTC writes it, which is nearly every one: a screen of charts reads thousands, and the general way takes twelve times as long.
function utcOf(text: string): number | null {
  const end = text.length - 3;
  if (end < 19 || !text.endsWith("+00") || text[4] !== "-" || text[10] !== " " || text.startsWith("00")) return null;
  const ms = end > 20 ? digit(text, 20, end) * 100 + digit(text, 21, end) * 10 + digit(text, 22, end) : 0;
  const year = two(text, 0) * 100 + two(text, 2);
  return Date.UTC(year, two(text, 5) - 1, two(text, 8), two(text, 11), two(text, 14), two(text, 17)) + ms;
}

const digit = (text: string, i: number, end: number): number => (i < end ? text.charCodeAt(i) - 48 : 0);
const two = (text: string, i: number): number => text.charCodeAt(i) * 10 + text.charCodeAt(i + 1) - 528;

// An id past 2^53 stays the string it came as: rounding it would name another row.
function safeNumber(text: string): number | string {
  const value = Number(text);
  return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : text;
}

/** Runs one statement; rows leave as plain values: timestamptz as epoch ms, bigint and numeric as numbers (a string past 2^53). */
export async function rows<T>(db: Pick<Db, "execute">, query: SQL): Promise<T[]> {
  const result = (await db.execute(query)) as unknown as { rows: Record<string, unknown>[]; fields: Field[] };
  const readers = result.fields
    .map((field) => ({ name: field.name, read: reader(field) }))
    .filter((field) => field.read !== null);
  for (const row of result.rows) for (const { name, read } of readers) if (row[name] !== null) row[name] = read!(row[name]);
  return result.rows as T[];
}

/** The first row, or null: no row back means that someone was first, or that there is nothing. */
export async function firstRow<T>(db: Pick<Db, "execute">, query: SQL): Promise<T | null> {
  return (await rows<T>(db, query))[0] ?? null;
}

/** How many rows a statement touched. */
export async function touched(db: Pick<Db, "execute">, query: SQL): Promise<number> {
  return ((await db.execute(query)) as unknown as { rowCount: number | null }).rowCount ?? 0;
}

export type Scalar = string | number | bigint | boolean | null | undefined;
type ListType = "text" | "uuid" | "bigint" | "int" | "smallint" | "float8" | "timestamptz" | "jsonb" | "boolean";

/** One array parameter (drizzle would spread a bare array into a list), cast to `type[]`. */
export function list(values: readonly Scalar[], type: ListType): SQL {
  return sql`${sql.param(arrayText(values))}::${sql.raw(type)}[]`;
}

// What JSON writes otherwise than PostgreSQL reads it: control characters, and halves of characters.
const ESCAPES = /\\[bfnrtu]/;
const isText = (value: Scalar): boolean => typeof value === "string" || value === null || value === undefined;
const quoted = (text: string): string => `"${/["\\]/.test(text) ? text.replace(/["\\]/g, "\\$&") : text}"`;

/**
 * An array as PostgreSQL reads it. The driver writes the same in three times the time, and a page of letters has 27,000 values. Texts are
 * written as JSON where that is the same, which leaves nothing behind for the collector of garbage.
 */
export function arrayText(values: readonly Scalar[]): string {
  if (values.every(isText)) {
    const json = JSON.stringify(values);
    if (!ESCAPES.test(json)) return `{${json.slice(1, -1)}}`;
  }
  return `{${values.map((value) => (typeof value === "string" ? quoted(value) : String(value ?? null))).join(",")}}`;
}

/**
 * Items as a table in a statement, one array parameter a column: `unnestOf("s", items, { key: ["text", (item) => item.key] })`. A column that
 * says the same of all items is one value: of a page of letters half are.
 */
export function unnestOf<T>(
  alias: string,
  items: readonly T[],
  columns: Record<string, readonly [ListType, (item: T) => Scalar]>,
): SQL {
  const [names, lists, table] = [[] as string[], [] as SQL[], [] as SQL[]];
  for (const [name, [type, of]] of Object.entries(columns)) {
    const values = items.map(of);
    const one = values[0] ?? null;
    // The first column says how many there are.
    if (names.length > 0 && values.every((value) => (value ?? null) === one)) {
      table.push(sql`${sql.param(one)}::${sql.raw(type)} as ${sql.raw(name)}`);
      continue;
    }
    names.push(name);
    lists.push(list(values, type));
    table.push(sql.raw(name));
  }
  return sql`(select ${sql.join(table, sql`, `)} from unnest(${sql.join(lists, sql`, `)}) u(${sql.raw(names.join(", "))})) ${sql.raw(alias)}`;
}

/** Epoch milliseconds as a timestamptz parameter; null stays null. */
export function instant(at: number | null): SQL {
  return at === null ? sql`null::timestamptz` : sql`to_timestamp(${at}::float8 / 1000)`;
}

/** Where a text column has one of these values; everywhere when they are null, which is no limit. */
export const oneOf = (column: SQL, values: readonly string[] | null): SQL =>
  values === null ? sql`true` : sql`${column} = any(${list(values, "text")})`;

/** Where an array of texts has one of these values; everywhere when they are null. */
export const hasOneOf = (column: SQL, values: readonly string[] | null): SQL =>
  values === null ? sql`true` : sql`${column} && ${list(values, "text")}`;
