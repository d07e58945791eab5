import { createHash } from "node:crypto";
import type { ReconciliationContract, Tolerance } from "../contracts/rules";
import type { Kind } from "../facts/rules";
import { shapeWords } from "../masking";
import { readMaskingPath } from "../masking-paths";
import type { RelationRow, RelationShape } from "../sources/comparable";
import { type Instant, windowWords } from "../time";
import { agreementOf, decimalOf } from "./agreement";
import type { Detail, FieldDifference, Shown } from "./rules";

/** The rows that each side has of one key. */
export type Pair = { key: string; authority: RelationRow[]; projection: RelationRow[] };
export type Difference = { kind: Kind; detail: Detail | null };

/** How the rows of a rule are compared, and what of them may be shown. */
export type Comparison = {
  /** Null: both sides say the same. */
  differenceOf: (pair: Pair) => Difference | null;
  fieldsOf: (pair: Pair) => FieldDifference[];
};

/** Compares as the rule says: numbers as exact decimals, times as instants, JSON by its meaning, everything else as text; null only with null. */
export function comparisonOf(
  rule: ReconciliationContract,
  shapes: { authority: RelationShape; projection: RelationShape },
  masking: readonly string[],
): Comparison {
  const columns = rule.authority.columns.map((column, i) => {
    const projectionColumn = rule.map[column] ?? column;
    const j = rule.projection.columns.indexOf(projectionColumn);
    const kinds = [shapes.authority.kinds[i] ?? "text", shapes.projection.kinds[j] ?? "text"] as const;
    const masked = [column, projectionColumn].some((name) => isMaskedColumn(name, masking));
    return { column, projectionColumn, i, j, tolerance: rule.tolerance[column], kinds, masked };
  });
  const agree = ({ i, j, kinds, tolerance }: (typeof columns)[number], a: RelationRow, p: RelationRow) =>
    agreementOf(a.values[i] ?? null, p.values[j] ?? null, kinds, tolerance);
  return {
    differenceOf: ({ authority, projection }) => {
      if (projection.length > 1) return { kind: "duplicate", detail: null };
      const a = newest(authority);
      const p = projection[0];
      if (!a) return p ? { kind: "unexpected", detail: null } : null;
      if (!p) return { kind: "missing", detail: null };
      if (columns.every((column) => agree(column, a, p) !== "differs")) return null;
      return { kind: "mismatch", detail: detailOf(a, p) };
    },
    fieldsOf: ({ authority, projection }) => {
      const a = newest(authority);
      const p = newest(projection);
      return columns.map((column): FieldDifference => {
        const agrees = a && p ? agree(column, a, p) : "differs";
        const show = (value: string | null | undefined): Shown =>
          column.masked && value != null ? { $masked: shapeWords(value) } : (value ?? null);
        return {
          column: column.column,
          projectionColumn: column.projectionColumn,
          authority: show(a?.values[column.i]),
          projection: show(p?.values[column.j]),
          differs: agrees === "differs",
          why: agrees === "within" && column.tolerance !== undefined ? toleranceWords(column.tolerance) : null,
        };
      });
    },
  };
}

/** Of several rows the one that changed last: what a reader of the relation most probably sees. */
export const newest = (rows: readonly RelationRow[]): RelationRow | undefined =>
  rows.length < 2 ? rows[0] : [...rows].sort((a, b) => (instantOfText(b.changedAt) ?? 0) - (instantOfText(a.changedAt) ?? 0))[0];

function detailOf(a: RelationRow, p: RelationRow): Detail | null {
  if (a.version === null || p.version === null) return null;
  const order = compareVersions(p.version, a.version);
  return order < 0 ? "older" : order > 0 ? "newer" : "other_values";
}

function toleranceWords(tolerance: Tolerance): string {
  if (typeof tolerance === "number") return `within the tolerance of ${tolerance}`;
  if ("withinMs" in tolerance) return `within the tolerance of ${windowWords(tolerance.withinMs)}`;
  return `the same but for ${tolerance.ignore.map((what) => (what === "trim" ? "blanks around it" : "capitals")).join(" and ")}`;
}

/** Versions in their order: as numbers where both are, else as text. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [decimalOf(a), decimalOf(b)];
  return x !== null && y !== null ? x.cmp(y) : compareBytes(a, b);
}

/** Keys in the order in which their databases send them. */
export const compareKeys = (order: "number" | "bytes", a: string, b: string): number =>
  order === "number" ? compareVersions(a, b) : compareBytes(a, b);

// UTF-16 puts what needs two units before the last of those that need one; UTF-8 does not.
const inUtf8 = (unit: number): number => (unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit);

function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return inUtf8(x) - inUtf8(y);
  }
  return a.length - b.length;
}

/** changed_at as epoch ms; null when it is none. */
export function instantOfText(text: string | null): Instant | null {
  if (text === null) return null;
  const at = Date.parse(`${text.replace(" ", "T").replace(/\+00$/, "")}${text.includes(" ") ? "Z" : ""}`);
  return Number.isNaN(at) ? null : at;
}

/** What a row said, told apart from what it says later without keeping its values: microseconds count. */
export function digestOf(row: RelationRow | undefined): string | null {
  if (!row) return null;
  return createHash("sha256")
    .update(JSON.stringify([row.version, row.changedAt, row.values]))
    .digest("base64url")
    .slice(0, 22);
}

/**
 * Whether a contract's paths mask a column: one that `$.customer.email` ends in, and one that would hold it, `customer`, since its JSON
 * holds the e-mail. A path without a name masks everything.
 */
function isMaskedColumn(column: string, masking: readonly string[]): boolean {
  return masking.some((path) => {
    const names = readMaskingPath(path)?.flatMap(({ match }) => (typeof match === "string" ? [match] : [])) ?? [];
    return names.length === 0 || names.includes(column);
  });
}
