import { expressionOf, type From, withPlaces } from "../../../presets/fragment.rules";
import type { EpochUnit, MapKind } from "../../../presets/map.rules";

/** Payloads above this stay in their source. */
const PAYLOAD_BYTES_MAX = 131_072;
const HEADERS_BYTES_MAX = 32_768;

/** What a field's expression gives, as the database itself says. */
export type FieldType = { oid: number; name: string };
/** A kind of table as it is read: where from, and each mapped field with its type. */
export type Described = {
  kind: MapKind;
  from: From;
  fields: ReadonlyMap<string, { expression: string; type: FieldType }>;
  /** A key of several columns has each of them here; every other has one. */
  id: readonly { expression: string; type: FieldType }[];
  epoch: EpochUnit | null;
  timeZone: string;
  /** A row's own transaction: what tells one version of it from another. Null for what is no table. */
  xmin: string | null;
  ctid: string | null;
};

const TIMES = new Set(["timestamp with time zone", "timestamp without time zone", "date"]);
const NUMBERS = new Set(["smallint", "integer", "bigint", "numeric", "real", "double precision"]);
const perSecond: Record<EpochUnit, string> = { s: "1", ms: "1000", us: "1000000", ns: "1000000000" };

const base = (type: FieldType): string =>
  type.name
    .replace(/\(.*?\)/g, "")
    .replace(/\s+/g, " ")
    .trim();

/** Why a field cannot be read as a time, in words that say what to change; null when it can. */
export function timeProblem(name: string, type: FieldType, epoch: EpochUnit | null): string | null {
  if (TIMES.has(base(type))) return null;
  if (NUMBERS.has(base(type))) return epoch ? null : `${name} is ${type.name}: say epoch: s, ms, us or ns, so that it is a time`;
  return `${name} is ${type.name} and no time: cast it, as in (${name})::timestamptz`;
}

/** An expression as `timestamptz`: naive times are the source's local time, numbers count from 1970. */
export function asTime(expression: string, type: FieldType, { timeZone, epoch }: Pick<Described, "timeZone" | "epoch">): string {
  const kind = base(type);
  if (kind === "timestamp with time zone") return expression;
  if (NUMBERS.has(kind)) return `to_timestamp((${expression})::float8 / ${perSecond[epoch ?? "s"]})`;
  return `((${expression})::timestamp at time zone '${timeZone.replaceAll("'", "''")}')`;
}

/** The fields that are times. */
export const timeFields = new Set([
  "occurred",
  "written",
  "published",
  "processed",
  "parked_at",
  "expires",
  "started",
  "updated",
  "deadline",
  "ended",
]);

const LENGTHS: Record<string, number> = { error: 8_000, stack: 32_000, error_type: 300, consumer_version: 100 };

function column(name: string, at: Described, payloadBytesMax: number): string {
  const { expression, type } = at.fields.get(name)!;
  if (timeFields.has(name)) return `extract(epoch from ${asTime(expression, type, at)}) * 1000`;
  if (name === "payload" || name === "headers") {
    const most = name === "payload" ? payloadBytesMax : HEADERS_BYTES_MAX;
    if (base(type) === "bytea")
      return `case when octet_length(${expression}) <= ${most / 2} then to_json(encode(${expression}, 'hex'))::text end`;
    return `case when octet_length(${expression}::text) <= ${most} then ${expression}::text end`;
  }
  return `left((${expression})::text, ${LENGTHS[name] ?? 300})`;
}

const escaped = (expression: string) => `replace(replace((${expression})::text, '%', '%25'), '/', '%2F')`;

/** The id of a row as one text. */
export const idText = ({ id }: Described): string =>
  id.length === 1 ? `(${id[0]!.expression})::text` : id.map(({ expression }) => escaped(expression)).join(" || '/' || ");

/** The parts of an id, as `idText` joined them. */
export const idParts = (id: string, { id: parts }: Described): string[] =>
  parts.length === 1 ? [id] : id.split("/").map((part) => part.replaceAll("%2F", "/").replaceAll("%25", "%"));

/** The condition that a row is one of these ids, given as one array for each part from the place on. */
export function isOneOf({ id }: Described, place = 1): string {
  if (id.length === 1) return `${id[0]!.expression} = any($${place}::text[]::${id[0]!.type.name}[])`;
  const arrays = id.map(({ type }, i) => `$${place + i}::text[]::${type.name}[]`).join(", ");
  return `(${id.map(({ expression }) => expression).join(", ")}) in (select * from unnest(${arrays}))`;
}
/** What `isOneOf` is given. */
export const idArrays = (ids: readonly string[], at: Described): string[][] =>
  at.id.map((_, i) => ids.map((id) => idParts(id, at)[i] ?? ""));

/** The rows of a kind under a condition, of whatever else is asked of them. */
export const rowsOf = ({ from: { tables, where } }: Described, condition: string): string =>
  `from ${tables}\n where ${[where, condition]
    .filter(Boolean)
    .map((one) => `(${one})`)
    .join(" and ")}`;

/** Every mapped field of a row as text under its name, and with a payload how large it is; one that is larger than wanted is left out. */
export function everyField(at: Described, payloadBytesMax = PAYLOAD_BYTES_MAX): string {
  const names = [...at.fields.keys()].filter(
    (name) => name !== "id" && name !== "window" && name !== "parked" && name !== "done",
  );
  const size = at.fields.has("payload")
    ? [`octet_length((${at.fields.get("payload")!.expression})::text) as "payload_bytes"`]
    : [];
  return [`${idText(at)} as "id"`, ...names.map((name) => `${column(name, at, payloadBytesMax)} as "${name}"`), ...size].join(
    ",\n  ",
  );
}

/**
 * What tells a row as it was seen from a later version of it. Where the time of parking is recorded, that with attempts and error: a touch
 * that is no attempt changes nothing. Elsewhere the transaction that wrote the row.
 */
export function markOf(at: Described): string {
  const of = (name: string) => (at.fields.has(name) ? [`(${at.fields.get(name)!.expression})::text`] : []);
  const signs = [...of("parked_at"), ...of("attempts"), ...of("error")];
  if (at.fields.has("parked_at") || at.xmin === null)
    return `md5(concat_ws('|', ${signs.length > 0 ? signs.join(", ") : idText(at)}))`;
  return `${at.xmin}::text`;
}

/** A condition of the map over a row. */
export const conditionOf = (text: string): string => expressionOf(text);

/** A statement of the map over one row: its parameters in places, each with a type, those that it names and no others. */
export function statementOf(
  text: string,
  at: Described,
  { id, consumer }: { id: string; consumer: string },
): { text: string; values: string[] } {
  const parts = idParts(id, at);
  const values: string[] = [];
  const placeOf = (name: string): string => {
    const part = name === "id" ? 0 : Number(name.slice(2)) - 1;
    values.push(name === "consumer" ? consumer : (parts[part] ?? ""));
    return `$${values.length}::text${name === "consumer" ? "" : `::${at.id[part]!.type.name}`}`;
  };
  return { text: withPlaces(text, placeOf), values };
}
