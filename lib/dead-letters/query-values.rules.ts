import { INSTANT_MAX, isStorable, spanOf } from "../texts";
import type { Instant } from "../time";
import { type Compare, type Field, type FieldName, fields } from "./query-fields.rules";

/** What is wrong with a value of a field, and how to write one; null when nothing is. */
export function valueWrong(field: FieldName, value: string, compare: Compare): string | null {
  const { kind } = fields[field] as Field;
  const shown = `"${value.slice(0, 40)}"`;
  if (!isStorable(value)) return `${field} holds a character that no text has; leave it out.`;
  if (kind === "foretold" && !/^\d{1,15}\.[a-z]+$/.test(value))
    return `preview takes the number of a preview and what it foretold, as in 12.stale; ${shown} is neither.`;
  if (typeof kind === "object")
    return kind.words.includes(value.toLowerCase()) ? null : `${field} is one of ${kind.words.join(", ")}; ${shown} is none.`;
  if (kind === "number") return /^\d{1,9}$/.test(value) ? null : `${field} takes a whole number; ${shown} is none.`;
  if (kind === "id") return /^\d{1,15}$/.test(value) ? null : `${field} takes a number; ${shown} is none.`;
  if (kind === "instant") {
    if (instantOf(value) === null)
      return `${field} takes a time such as 2026-11-27 or 2026-11-27T10:00, which is in UTC where it names no zone; ${shown} is none.`;
    return compare === "=" ? `${field} is compared: write ${field}:<${value} or ${field}:>${value}.` : null;
  }
  if (kind === "span") {
    if (spanOf(value) === null) return `${field} takes a span such as 30m, 24h or 7d; ${shown} is none.`;
    if (field === "last") return compare.startsWith(">") ? "last looks back: write last:<7d." : null;
    return compare === "=" ? `${field} is compared: write ${field}:>${value} or ${field}:<${value}.` : null;
  }
  return null;
}

/** An instant as people write it, in UTC where it names no zone; null for what is none. */
export function instantOf(text: string): Instant | null {
  if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)?)?$/.test(text)) return null;
  const at = Date.parse(text.length === 10 || /Z$|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(at) || Math.abs(at) > INSTANT_MAX ? null : at;
}
