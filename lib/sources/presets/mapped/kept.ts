import { createHash } from "node:crypto";
import { type Described, timeFields } from "./columns";
import type { Written } from "./read.sql";

/** As much of a table without an index as is gone through at each look: 64 MB. */
export const PAGES_READ_WHOLE = 8_000;
const WINDOW_MS_MIN = 120_000;
// Without the right to see others' transactions, one may be this old without our knowing.
const WINDOW_MS_UNSEEN = 600_000;

/** How wide the window of a look is: wider than the longest open transaction, and than the time since the look before. */
export function windowMs(at: { longestMs: number; seesAll: boolean; sinceLookMs: number }): number {
  const least = at.seesAll ? WINDOW_MS_MIN : WINDOW_MS_UNSEEN;
  return Math.max(least, at.longestMs + WINDOW_MS_MIN / 2) + Math.max(0, at.sinceLookMs);
}

/** What a table that keeps its rows is read along: the condition, with the earliest time of writing as its second value. */
export type Way = { condition: string } | "whole" | null;

const PLAIN = /^\(?\s*(?:("[^"]+"|[A-Za-z_][\w$]*)\.)?("[^"]+"|[A-Za-z_][\w$]*)\s*\)?$/;

/** The column that a field is, without quotes; null where it is worked out. */
function plainColumn(expression: string, alias: string): string | null {
  const found = PLAIN.exec(expression);
  if (!found || (found[1] !== undefined && found[1] !== alias)) return null;
  const name = found[2]!;
  return name.startsWith('"') ? name.slice(1, -1) : name.toLowerCase();
}

/** How a kept table can be read, cheapest first, and where it cannot, why. */
export function wayOf(at: Described, table: { pages: number; indexed: readonly string[] }): { way: Way; note: string | null } {
  if (at.xmin === null)
    return {
      way: null,
      note: `${at.kind} is not read: ${at.from.relation} is no table, so nothing tells which of its rows are new.`,
    };
  const candidates = at.kind === "inbox" ? ["window", "processed"] : ["window", "written", "occurred"];
  for (const name of candidates) {
    const field = at.fields.get(name);
    const column = field && plainColumn(field.expression, at.from.alias);
    if (field && column && table.indexed.includes(column))
      return { way: { condition: later(field.expression, field.type.name, at) }, note: null };
  }
  if (table.pages <= PAGES_READ_WHOLE) return { way: "whole", note: null };
  const times = candidates.filter((name) => timeFields.has(name) && at.fields.has(name));
  const index = times[0] ? `an index on ${times[0]}` : "an index on the time of writing, and window: to name it";
  return {
    way: null,
    note: `${at.kind} is not read: going through the ${Math.round(table.pages).toLocaleString("en")} pages of ${at.from.relation} at each look would load its database. It takes ${index}; the newest pages alone would not do, since a row goes wherever a page has room.`,
  };
}

/** That a column's time is later than the second value, in milliseconds; in the column's own type, so that its index is used. */
function later(expression: string, type: string, at: Described): string {
  const moment = "to_timestamp($2::float8 / 1000)";
  if (type.startsWith("timestamp without") || type === "date")
    return `${expression} > (${moment} at time zone '${at.timeZone.replaceAll("'", "''")}')`;
  if (type.startsWith("timestamp with")) return `${expression} > ${moment}`;
  const perMs = { s: "0.001", ms: "1", us: "1000", ns: "1000000" }[at.epoch ?? "s"];
  return `${expression} > ($2::float8 * ${perMs})::${type.startsWith("numeric") ? "numeric" : type}`;
}

/** So many rows are remembered across processes: 32 kB beside the cursor at most. */
export const TOLD_KEPT_MAX = 4_000;
const NAME_LENGTH = 8;
// 48 bits: of thousands that are told at a time, two alike are not met in a lifetime.
const nameOf = (version: string): string => createHash("sha1").update(version).digest("base64url").slice(0, NAME_LENGTH);

/** What was told of a kept table's rows, as long as they may be met again. */
export class KeptRows {
  private told = new Set<string>();
  private met = new Set<string>();
  after: Written | null = null;
  done = true;

  begin(): void {
    this.met = new Set();
    this.after = null;
    this.done = false;
  }

  /** Those of a page that were not told before. */
  page(written: readonly Written[], pageSize: number): Written[] {
    const names = written.map(({ version }) => nameOf(version));
    for (const name of names) this.met.add(name);
    if (written.length < pageSize) this.done = true;
    else this.after = written.at(-1)!;
    return written.filter((_, i) => !this.told.has(names[i]!));
  }

  /** What was told, to go with the cursor: a process that begins anew tells none of it again. Null where it is more than is kept. */
  kept(): string | null {
    const all = this.done ? this.met : new Set([...this.told, ...this.met]);
    return all.size > TOLD_KEPT_MAX ? null : [...all].join("");
  }

  restore(kept: string): void {
    for (let at = 0; at < kept.length; at += NAME_LENGTH) this.told.add(kept.slice(at, at + NAME_LENGTH));
  }

  /** What this round did not meet is over, and is not met again. */
  end(): void {
    this.told = this.met;
  }
}
