import type { Instant } from "@/lib/time";

export type Row = { at: Instant } & Record<string, number | [number, number] | null>;

export type Series = {
  key: string;
  label: string;
  color: string;
  shape: "line" | "area" | "step" | "bar";
  /** Hatched: failed, or past the window. */
  hatched?: boolean;
  /** An area in its full colour: one of several that are stacked. */
  solid?: boolean;
  /** Bars that hang under the zero line: what failed. */
  down?: boolean;
  /** A line that stands beside: the period before. */
  dashed?: boolean;
};

/** Puts an empty row wherever steps are missing, so that silence is drawn as a gap and nothing is interpolated. */
export function withGaps(rows: Row[], stepMs: number): Row[] {
  return rows.flatMap((row, i) => {
    const before = rows[i - 1];
    return before && row.at - before.at > stepMs * 1.5 ? [{ at: before.at + stepMs }, row] : [row];
  });
}

/** A value of the period before, put on the rows of this one: each takes the nearest within a step. */
export function withBefore(
  rows: Row[],
  before: readonly { at: Instant; value: number | null }[],
  shiftMs: number,
  stepMs: number,
): Row[] {
  let i = 0;
  return rows.map((row) => {
    const at = row.at - shiftMs;
    while (i + 1 < before.length && Math.abs(before[i + 1]!.at - at) <= Math.abs(before[i]!.at - at)) i++;
    const near = before[i];
    return { ...row, before: near && Math.abs(near.at - at) <= stepMs ? near.value : null };
  });
}

/** Splits a value at the window: `in` up to it, `over` the hatched part past it, with the crossings put in exactly. */
export function splitAtWindow(rows: Row[], key: string, windowMs: number): Row[] {
  const parted = (row: Row): Row => {
    const value = row[key];
    if (typeof value !== "number") return { ...row, in: null, over: null };
    return { ...row, in: Math.min(value, windowMs), over: value >= windowMs ? [windowMs, value] : null };
  };
  return rows.flatMap((row, i) => {
    const before = rows[i - 1];
    const [a, b] = [before?.[key], row[key]];
    if (!before || typeof a !== "number" || typeof b !== "number" || a < windowMs === b < windowMs || a === b)
      return [parted(row)];
    const at = before.at + ((windowMs - a) / (b - a)) * (row.at - before.at);
    return [parted({ at, [key]: windowMs }), parted(row)];
  });
}

/** The row whose time is closest. */
export function rowAt(rows: Row[], at: Instant): Row | null {
  let best: Row | null = null;
  for (const row of rows) if (best === null || Math.abs(row.at - at) < Math.abs(best.at - at)) best = row;
  return best;
}

/** The last row in which anything was measured. */
export const lastMeasured = (rows: Row[], keys: string[]): Row | null =>
  rows.findLast((row) => keys.some((key) => typeof row[key] === "number")) ?? null;

/** Least and greatest of some columns; null when nothing was measured. */
export function extent(rows: Row[], keys: string[]): { least: number; greatest: number } | null {
  const values = rows.flatMap((row) => keys.map((key) => row[key]).filter((value) => typeof value === "number"));
  if (values.length === 0) return null;
  return { least: Math.min(...values), greatest: Math.max(...values) };
}
