import { z } from "zod";
import type { Path } from "./path.rules";

// No colon, slash, @ or =: an address with a password, or a connection string, is never repeated.
const harmless = /^[\p{L}\p{N} _.,%$()[\]{}*+?|\\^<>#'-]{0,60}$/u;

/** Text in quotes when it is short and cannot hold a password, otherwise its length. */
export function quoted(text: string): string {
  return harmless.test(text) ? `"${text}"` : `text of ${text.length} characters`;
}

/** What was found, in words. */
export function foundWords(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return Array.isArray(value) ? "a list" : "a mapping";
}

/** The schema at a path, through optional values, lists and mappings; null where it says nothing. */
export function schemaAt(schema: z.ZodType, path: Path): z.ZodType | null {
  let at: unknown = schema;
  for (const part of path) {
    at = parted(inner(at));
    if (at instanceof z.ZodObject) at = Object.hasOwn(at.shape, part) ? at.shape[part] : null;
    else if (at instanceof z.ZodRecord) at = at.valueType;
    else if (at instanceof z.ZodArray) at = at.element;
    else return null;
  }
  return inner(at);
}

function inner(schema: unknown): z.ZodType | null {
  if (schema instanceof z.ZodOptional) return inner(schema.unwrap());
  return schema instanceof z.ZodType ? schema : null;
}

/** What of several forms has parts of its own: whoever wrote parts meant that one. */
function parted(schema: z.ZodType | null): z.ZodType | null {
  if (!(schema instanceof z.ZodUnion)) return schema;
  const forms = schema.options.map(inner);
  return (
    forms.find((form) => form instanceof z.ZodObject || form instanceof z.ZodRecord) ??
    forms.find((form) => form instanceof z.ZodArray) ??
    null
  );
}

/** The names that a mapping may hold there; empty where any name may stand. */
export function knownKeys(schema: z.ZodType, path: Path): string[] {
  const at = parted(schemaAt(schema, path));
  if (at instanceof z.ZodRecord && at.keyType instanceof z.ZodEnum) return at.keyType.options.map(String);
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

/** The known name that is nearest to a mistyped one; null when none is near. */
export function nearest(name: string, known: readonly string[]): string | null {
  const most = Math.max(1, Math.floor(name.length / 3));
  const ranked = known
    .map((candidate) => ({ candidate, d: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.d - b.d);
  return ranked[0] && ranked[0].d <= most ? ranked[0].candidate : null;
}

// Levenshtein, one row at a time.
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 8) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
