import { listed } from "../words";
import { type AlertMetric, alertMetrics, type Condition, type RunbookCondition, runbookCauses } from "./rules";
import { durationMs, percentRatio } from "./values";

type Unit = (typeof alertMetrics)[AlertMetric];

/** What was read, or what was expected instead, in words. */
export type Read<T> = { ok: true; value: T } | { ok: false; expected: string };

const boundWords: Record<Unit, string> = {
  duration: "window, 2x window, 80% of window, or a duration such as 5m",
  count: "a whole number such as 20",
  burn: "a multiple such as 14.4x",
  percent: "a percentage such as 99%",
};

function readBound(unit: Unit, text: string): Pick<Condition, "value" | "unit"> | null {
  if (unit === "count") return /^\d{1,9}$/.test(text) ? { value: Number(text), unit: "count" } : null;
  if (unit === "burn") return /^\d{1,6}(\.\d+)?x$/.test(text) ? { value: Number.parseFloat(text), unit: "burn" } : null;
  if (unit === "percent") return bound(percentRatio(text), "ratio");
  if (text === "window") return { value: 1, unit: "window" };
  const share = /^(\S+?)(x|%)(?: of)? window$/.exec(text);
  if (share?.[2] === "x") return /^\d{1,6}(\.\d+)?$/.test(share[1]!) ? { value: Number(share[1]), unit: "window" } : null;
  if (share) return bound(percentRatio(`${share[1]}%`), "window");
  return bound(durationMs(text), "ms");
}

const bound = (value: number | null, unit: Condition["unit"]) => (value === null ? null : { value, unit });

/** Reads an alert's `when`: metric, comparison, bound, then `for` and `over` with durations. */
export function readCondition(text: string): Read<Condition> {
  const parts = /^([a-z_]+) *(>=|<=|>|<) *(.+?)(?: +for +(\S+))?(?: +over +(\S+))?(?: +for +(\S+))?$/.exec(text.trim());
  if (!parts) return { ok: false, expected: "a comparison such as oldest_unresolved > window, or divergences > 20 for 2m" };
  const [, name = "", op, boundText = "", forFirst, over, forLast] = parts;
  if (!Object.hasOwn(alertMetrics, name))
    return { ok: false, expected: `one of the figures ${listed(Object.keys(alertMetrics))}` };
  const metric = name as AlertMetric;
  const unit = alertMetrics[metric];
  const value = readBound(unit, boundText.replace(/ +/g, " "));
  if (!value) return { ok: false, expected: `${metric} to be compared with ${boundWords[unit]}` };
  const forText = forFirst ?? forLast;
  const forMs = forText === undefined ? 0 : durationMs(forText);
  const overMs = over === undefined ? null : durationMs(over);
  if (forMs === null || (over !== undefined && overMs === null))
    return { ok: false, expected: "a duration such as 2m behind for and over" };
  if (unit === "burn" && overMs === null) return { ok: false, expected: "budget_burn to say over which span, such as over 1h" };
  return { ok: true, value: { text: text.trim(), metric, op: op as Condition["op"], ...value, forMs, overMs } };
}

/** Reads a runbook's `when`: a cause, with its kind behind a dot, and the source or consumer behind `at`. */
export function readRunbookCondition(text: string): Read<RunbookCondition> {
  const parts = /^([a-z]+)(?:\.(\S+))?(?: +at +(\S+))?$/.exec(text.trim());
  const cause = runbookCauses.find((known) => known === parts?.[1]);
  if (!parts || !cause)
    return { ok: false, expected: `a cause such as divergence.missing at inventory; causes are ${listed(runbookCauses)}` };
  return { ok: true, value: { text: text.trim(), cause, kind: parts[2] ?? null, at: parts[3] ?? null } };
}
