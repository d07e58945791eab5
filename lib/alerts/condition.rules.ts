import { type AlertMetric, alertMetrics, type Condition } from "../contracts/rules";
import { alertLimits, type Evaluation, type Reading, type WhyUnknown } from "./rules";

/** One way of writing each condition, so that the same one is the same alert. */
export const conditionKey = ({ text }: Pick<Condition, "text">): string =>
  text
    .trim()
    .replace(/\s+/g, " ")
    .replace(/\s*(>=|<=|>|<)\s*/, " $1 ");

/** The short span that a burn must hold in as well, so that an alert ends soon after its cause: a twelfth, as in the same chapter. */
export const shortSpanMs = (overMs: number): number => overMs / 12;

const compare = (op: Condition["op"], value: number, bound: number): boolean =>
  op === ">" ? value > bound : op === ">=" ? value >= bound : op === "<" ? value < bound : value <= bound;

const boundOf = ({ value, unit }: Condition, windowMs: number): number => (unit === "window" ? value * windowMs : value);

// While an alert is open its bound lies a little further back. Bounds of zero have nothing to play around; nor has a share of all, and what is
// close to all must not be asked to become more than that.
function relaxed({ op, unit }: Condition, bound: number, open: boolean): number {
  const room = unit === "ratio" ? Math.min(Math.abs(bound), Math.abs(1 - bound)) : Math.abs(bound);
  const back = open ? room * alertLimits.backBy : 0;
  return op === ">" || op === ">=" ? bound - back : bound + back;
}

/**
 * Whether a condition holds of a reading, once for the zone or once for each cause that the figure names. `open`: the causes that have an alert
 * now, which are asked for as well. What is known to be more at most proves a greater value and no smaller one.
 */
export function evaluationsOf(condition: Condition, reading: Reading, windowMs: number, open: ReadonlySet<string>): Evaluation[] {
  const { metric, op } = condition;
  const of = (cause: string, value: number): Evaluation => {
    const holds = compare(op, value, relaxed(condition, boundOf(condition, windowMs), open.has(cause)));
    const more = op === ">" || op === ">=";
    const settled = !reading.atLeast?.includes(metric) || holds === more;
    return { cause, holds: settled ? holds : null, value };
  };
  if (reading.unknown?.[metric] !== undefined)
    return [...new Set(["", ...open])].map((cause) => ({ cause, holds: null, value: null }));
  if (metric === "budget_burn") return [burnOf(condition, reading, open.has(""))];
  const causes = reading.causes?.[metric];
  if (causes) {
    const named = new Map(causes.map(({ id, value }) => [id, value]));
    return [...new Set([...named.keys(), ...open])].filter((id) => id !== "").map((id) => of(id, named.get(id) ?? 0));
  }
  if (namesCauses.has(metric)) return [...open].map((id) => of(id, 0));
  return [of("", figureOf(reading, metric))];
}

/** Figures that are about one of several at a time; without any named, there are none. */
export const namesCauses: ReadonlySet<AlertMetric> = new Set(["sources_silent", "new_groups", "group_growth", "regressions"]);

/** The value of a figure at the time of its reading: an age in milliseconds, a count, a part of one. */
export function figureOf({ at, values, since }: Reading, metric: AlertMetric): number {
  const from = since?.[metric];
  return from === undefined ? (values?.[metric] ?? 0) : Math.max(0, at - from);
}

function burnOf(condition: Condition, { burns }: Reading, open: boolean): Evaluation {
  const long = burns?.[String(condition.overMs)];
  const short = burns?.[String(shortSpanMs(condition.overMs!))];
  if (long === undefined || short === undefined) return { cause: "", holds: null, value: null };
  const bound = relaxed(condition, condition.value, open);
  return { cause: "", holds: compare(condition.op, long, bound) && compare(condition.op, short, bound), value: long };
}

/** Spans that burns must be measured over for these conditions, in milliseconds. */
export const burnSpans = (conditions: readonly Condition[]): number[] => [
  ...new Set(conditions.flatMap(({ overMs }) => (overMs === null ? [] : [overMs, shortSpanMs(overMs)]))),
];

/** Why a condition cannot be evaluated; null where it can. */
export function whyUnknown({ metric, overMs }: Condition, reading: Reading): WhyUnknown | null {
  if (reading.unknown?.[metric] !== undefined) return reading.unknown[metric];
  if (metric !== "budget_burn") return null;
  const missing = [overMs!, shortSpanMs(overMs!)].some((span) => reading.burns?.[String(span)] === undefined);
  return missing ? "no_delivery" : null;
}

/** The unit of a condition's figure. */
export const unitOf = (metric: AlertMetric): (typeof alertMetrics)[AlertMetric] => alertMetrics[metric];
