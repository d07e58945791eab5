import type { AlertMetric, Condition } from "../contracts/rules";
import { durationWords, type Instant, windowWords } from "../time";
import { type Part, plain, strong } from "../words";
import { unitOf } from "./condition.rules";
import type { AlertState, WhyUnknown } from "./rules";

const figures: Record<AlertMetric, string> = {
  oldest_unresolved: "the oldest unresolved key",
  publish_lag: "publishing lag",
  processing_lag: "processing lag",
  silence: "the quietest source",
  unresolved: "unresolved keys",
  divergences: "open divergences",
  unpublished: "keys with unpublished events",
  undelivered: "keys with undelivered events",
  held: "keys with held messages",
  parked: "parked messages",
  sagas_overdue: "overdue sagas",
  compensations_failed: "failed compensations",
  compensations_late: "late compensations",
  cases: "open cases",
  cases_overdue: "overdue cases",
  breached: "breached",
  at_risk: "at risk",
  sources_silent: "silent",
  new_groups: "new groups of dead letters",
  group_growth: "messages a minute",
  regressions: "groups that came back",
  coverage_age: "the last complete comparison",
  budget_burn: "the error budget",
  budget_left: "the error budget left",
  converged: "what converged in time",
  match_rate: "what agrees",
};

/** A figure of a condition with its unit: `7m 12s`, `21`, `14.4x`, `99.912 %`. */
export function figureWords(metric: AlertMetric, value: number): string {
  switch (unitOf(metric)) {
    case "duration":
      return durationWords(value);
    case "burn":
      return `${Number(value.toPrecision(3))}x`;
    case "percent":
      return `${Number((value * 100).toFixed(3))} %`;
    case "count":
      return value.toLocaleString("en-US");
  }
}

/** Why a condition cannot be evaluated, as the end of a sentence that begins with it. */
export const unknownWords: Record<WhyUnknown, string> = {
  unseen: "the zone is not seen",
  unasked: "nothing asks for it",
  no_flow: "nothing was published or processed lately",
  no_rule: "the contract has no rule that compares",
  not_run: "a rule has not been through once",
  no_promise: "the contract promises no share",
  no_delivery: "nothing was delivered in its span, so that nothing was used up or kept",
};

/** What a condition says in words: `The oldest unresolved key is more than 5 min old, for 2 min`. */
export function conditionWords({ metric, op, value, unit, forMs, overMs, text }: Condition, windowMs: number): string {
  const lasting = forMs === 0 ? "" : ` for ${windowWords(forMs)}`;
  const usual = plainConditions[text];
  if (usual !== undefined) return usual;
  const bound = boundWords(metric, unit === "window" ? value * windowMs : value);
  const than = { ">": "more than", ">=": "at least", "<": "less than", "<=": "at most" }[op];
  if (metric === "budget_burn")
    return `The error budget burns ${than} ${value} times as fast as it may, over ${windowWords(overMs!)}${lasting}`;
  if (metric === "silence") return `A source has been silent for ${than} ${bound}${lasting}`;
  if (unitOf(metric) === "duration")
    return `${begun(metric)} is ${than} ${bound}${metric.endsWith("_lag") ? "" : " old"}${lasting}`;
  return `${begun(metric)}: ${than} ${bound}${lasting}`;
}

// A round bound in one unit, as a contract writes it.
const boundWords = (metric: AlertMetric, value: number): string =>
  unitOf(metric) === "duration" && value % 1_000 === 0 ? windowWords(value) : figureWords(metric, value);

const begun = (metric: AlertMetric): string => figures[metric].replace(/^./, (letter) => letter.toUpperCase());

const plainConditions: Record<string, string> = {
  "breached > 0": "The zone is breached",
  "at_risk > 0 for 5m": "The zone is at risk for 5 min",
  "sources_silent > 0": "A source is silent",
  "sources_silent > 0 for 30s": "A source is silent for 30 s",
  "compensations_failed > 0": "A compensation failed",
};

/** What an alert's entries say. `name`: what the cause is called, where the condition names one. */
export const alertWords = {
  pending: (condition: Condition, name: string | null, value: number | null, windowMs: number): Part[] => [
    plain("Began: "),
    ...now(condition, name, value, windowMs),
  ],
  raised: (condition: Condition, name: string | null, value: number | null, windowMs: number): Part[] => [
    strong("Raised"),
    plain(": "),
    ...now(condition, name, value, windowMs),
  ],
  escalated: (level: number): Part[] => [plain(`Nobody took it: told further, for the ${ordinal(level)} time.`)],
  cleared: (why: string): Part[] => [strong("Cleared"), plain(`: ${why}`)],
  acknowledged: (note: string | null): Part[] => [strong("Acknowledged"), plain(note ? `: ${note}` : ".")],
  /** What it was a consequence of is over, and it is not. */
  stands: (raised: Part[]): Part[] => [...raised, plain(" What explained it is over.")],
  noLonger: (quietMs: number): string => `the condition has not held for ${windowWords(quietMs)}.`,
  notAsked: "the contract does not ask for it any more.",
};

/** The figure of a condition as it was; null where the condition itself says all there is. */
export const figureIn = ({ text, metric }: Condition, value: number | null): string | null =>
  value === null || plainConditions[text] !== undefined ? null : figureWords(metric, value);

/** Why nobody can take an alert: somebody has it, or it is over. */
export function takenBefore(
  {
    state,
    acknowledgedByName,
    acknowledgedAt,
  }: { state: AlertState; acknowledgedByName: string | null; acknowledgedAt: Instant | null },
  now: Instant,
): string {
  if (state === "acknowledged") return `${acknowledgedByName} acknowledged it ${durationWords(now - acknowledgedAt!)} ago.`;
  return state === "cleared" ? "It is cleared." : "It is not raised yet.";
}

function now(condition: Condition, name: string | null, value: number | null, windowMs: number): Part[] {
  const figure =
    value === null || plainConditions[condition.text] !== undefined ? "" : ` It is ${figureWords(condition.metric, value)} now.`;
  const about = name === null ? "" : ` (${name})`;
  return [plain(`${conditionWords(condition, windowMs)}${about}.${figure}`)];
}

const ordinal = (n: number): string => ["first", "second", "third", "fourth", "fifth"][n - 1] ?? `${n}th`;
