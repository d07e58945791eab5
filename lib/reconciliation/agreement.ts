import Big from "big.js";
import type { Tolerance } from "../contracts/rules";
import { isNumberMark, parseJson } from "../json";
import type { ColumnKind } from "../sources/comparable";

/** same: nothing tells the two apart. within: they differ by no more than is tolerated. */
export type Agreement = "same" | "within" | "differs";

// Further than any type of PostgreSQL goes (numeric has 131,072 digits, of which a value that is shown keeps 1,000).
const EXPONENT_MAX = 20_000;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,6})?$/i;

/** An exact decimal, whatever its size; null for what is none (NaN, Infinity, text). */
export function decimalOf(text: string): Big | null {
  if (!DECIMAL.test(text)) return null;
  const value = new Big(text);
  return Math.abs(value.e) > EXPONENT_MAX ? null : value;
}

/** How a number stands in a text, as servers write it, so that `007` stays text. */
const PLAIN = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]\d{2,3})?$/;

type Kinds = readonly [ColumnKind, ColumnKind];

/** Whether two values of a column agree, by what both sides' types are; null agrees with null only. */
export function agreementOf(a: string | null, p: string | null, kinds: Kinds, tolerance: Tolerance | undefined): Agreement {
  if (a === p) return "same";
  if (a === null || p === null) return "differs";
  if (isList(kinds[0]) && isList(kinds[1])) return listsAgree(a, p, [partOf(kinds[0]), partOf(kinds[1])], tolerance);
  // A tolerance only ever makes more agree, also one that is not for the column's type.
  const exact = byKinds(a, p, kinds);
  if (exact === "same" || tolerance === undefined || tolerance === 0) return exact;
  if (typeof tolerance === "number") return numbersAgree(a, p, tolerance);
  return "withinMs" in tolerance ? timesAgree(a, p, tolerance.withinMs) : textsAgree(a, p, tolerance.ignore);
}

function byKinds(a: string, p: string, kinds: Kinds): Agreement {
  const has = (kind: ColumnKind) => kinds.includes(kind);
  if (kinds.every((kind) => kind === "number")) return numbersAgree(a, p, 0);
  if (has("number") && PLAIN.test(a) && PLAIN.test(p)) return numbersAgree(a, p, 0);
  if (has("time")) return timesAgree(a, p, 0);
  if (has("uuid")) return a.toLowerCase() === p.toLowerCase() ? "same" : "differs";
  return has("json") ? jsonAgrees(a, p) : "differs";
}

type List = Extract<ColumnKind, `${string}[]`>;
const isList = (kind: ColumnKind): kind is List => kind.endsWith("[]");
const partOf = (kind: List) => kind.slice(0, -2) as ColumnKind;

// What an array or a range is written with: quoted parts, plain parts, and the signs between them.
const PARTS = /"(?:[^"\\]|\\.|"")*"|[^{}[\](),"]+|[{}[\](),]/g;

/** Arrays and ranges part by part: as many of them, in one order, with the same signs around them. */
function listsAgree(a: string, p: string, kinds: Kinds, tolerance: Tolerance | undefined): Agreement {
  const [x, y] = [a.match(PARTS) ?? [], p.match(PARTS) ?? []];
  if (x.length !== y.length) return "differs";
  const found = x.map((part, i): Agreement => {
    const other = y[i]!;
    if (part === other) return "same";
    return isSign(part) || isSign(other) ? "differs" : agreementOf(unquoted(part), unquoted(other), kinds, tolerance);
  });
  return found.includes("differs") ? "differs" : found.includes("within") ? "within" : "same";
}

const isSign = (part: string) => part.length === 1 && "{}[](),".includes(part);
// The word NULL without quotes is no text.
const unquoted = (part: string): string | null =>
  part === "NULL" ? null : part.startsWith('"') ? part.slice(1, -1).replace(/\\(.)|"(")/gs, "$1$2") : part;

function numbersAgree(a: string, p: string, tolerance: number): Agreement {
  const [x, y] = [decimalOf(a), decimalOf(p)];
  // What is no number agrees with itself only, and that was seen.
  if (x === null || y === null) return "differs";
  if (x.eq(y)) return "same";
  return tolerance > 0 && x.minus(y).abs().lte(new Big(tolerance)) ? "within" : "differs";
}

const TIME = /^(\d{4,6})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?(?:Z|\+00(?::?00)?)?$/;

/** Microseconds since 1970 of a time as PostgreSQL writes it in UTC; a day is its midnight. Null for what is none (infinity, before Christ). */
export function microsOf(text: string): bigint | null {
  const found = TIME.exec(text);
  if (!found) return null;
  const part = (i: number) => Number(found[i] ?? 0);
  // Date.UTC takes years below 100 for those of the last century.
  const at = new Date(0).setUTCFullYear(part(1), part(2) - 1, part(3));
  const ms = at + ((part(4) * 60 + part(5)) * 60 + part(6)) * 1_000;
  return Number.isNaN(ms) ? null : BigInt(ms) * 1_000n + BigInt((found[7] ?? "").padEnd(6, "0"));
}

// A time of day, or what of an interval is exact: days and longer stand before it and are not exact.
const CLOCK = /^(.*?)(-?)(\d+):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/;

function timesAgree(a: string, p: string, withinMs: number): Agreement {
  const [x, y] = [microsOf(a), microsOf(p)];
  if (x !== null && y !== null) return apartAgree(x, y, withinMs);
  const [c, d] = [CLOCK.exec(a), CLOCK.exec(p)];
  if (x !== null || y !== null || !c || !d || c[1] !== d[1]) return "differs";
  return apartAgree(clockMicros(c), clockMicros(d), withinMs);
}

function apartAgree(x: bigint, y: bigint, withinMs: number): Agreement {
  if (x === y) return "same";
  const apart = x > y ? x - y : y - x;
  return apart <= BigInt(Math.round(withinMs * 1_000)) ? "within" : "differs";
}

function clockMicros([, , sign, hours, minutes, seconds, rest]: RegExpExecArray): bigint {
  const whole = BigInt(hours!) * 3_600n + BigInt(minutes!) * 60n + BigInt(seconds!);
  const micros = whole * 1_000_000n + BigInt((rest ?? "").padEnd(6, "0"));
  return sign === "-" ? -micros : micros;
}

function textsAgree(a: string, p: string, ignore: readonly ("trim" | "case")[]): Agreement {
  const plain = (text: string) => {
    const trimmed = ignore.includes("trim") ? text.trim() : text;
    return ignore.includes("case") ? trimmed.normalize("NFC").toLowerCase() : trimmed;
  };
  return plain(a) === plain(p) ? "within" : "differs";
}

/** JSON by its meaning: numbers as exact decimals, members in any order, of a repeated name the last one. */
function jsonAgrees(a: string, p: string): Agreement {
  const [x, y] = [meaningOfJson(a), meaningOfJson(p)];
  return x !== null && x === y ? "same" : "differs";
}

function meaningOfJson(text: string): string | null {
  // A document that has the name of the mark for numbers could be taken for one.
  if (/(?:\$|\\u0024)number/i.test(text)) return null;
  try {
    // The last of several members counts, as in jsonb.
    return canonical(parseJson(text));
  } catch {
    // Cut off because of its length, or nested too deep: then only the same text is the same.
    return null;
  }
}

/** The one way to write a number; what is none stays as it is. */
export function plainOf(number: string): string {
  const value = decimalOf(number);
  return value === null ? number : value.eq(0) ? "0" : value.toFixed();
}

function canonical(value: unknown): string {
  const number = typeof value === "number" ? String(value) : isNumberMark(value) ? value.$number : null;
  if (number !== null) return plainOf(number);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(",")}}`;
}
