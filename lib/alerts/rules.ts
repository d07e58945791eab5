import type { AlertMetric, Condition } from "../contracts/rules";
import { hours, type Instant, minutes, seconds } from "../time";

/** Whom it must reach: somebody now, or whoever looks next. */
export const severities = ["page", "ticket"] as const;
export type Severity = (typeof severities)[number];

export const alertStates = ["pending", "raised", "acknowledged", "cleared"] as const;
export type AlertState = (typeof alertStates)[number];

export const alertLimits = {
  /** How often readings are taken, and conditions evaluated on them. */
  tickMs: seconds(10),
  /** So many alerts begin, change or end in one transaction at most, so that it is short (docs/benchmarks.md); the rest follows at once. */
  changesMost: 500,
  /** Readings older than this say nothing of now: nobody evaluates. */
  evaluationAgeMsMax: seconds(45),
  /** A condition that does not hold must go on so for as long as it had to hold, and for this long at least, before its alert is cleared. */
  clearMsMin: seconds(30),
  clearMsMax: minutes(30),
  /** Each alert of the same condition that ended in this span doubles how long the next must be quiet. */
  flapsWithinMs: hours(1),
  /** A bound is left only by this part of it, so that a value that plays around it raises once. */
  backBy: 0.1,
  escalationsMax: 5,
  readingsKeptMs: 8 * 24 * hours(1),
} as const;

/**
 * Why nobody can tell a figure: the zone is not seen, no condition asks for it, nothing flowed lately, no rule compares, one has not been through
 * once, no share is promised, nothing was delivered. Short, since each reading has them.
 */
export type WhyUnknown = "unseen" | "unasked" | "no_flow" | "no_rule" | "not_run" | "no_promise" | "no_delivery";

/** Whether conditions are evaluated now; else an alert may be missing, and none may be open for the wrong reason. */
export const isEvaluated = (evaluatedAt: Instant | null, now: Instant): boolean =>
  evaluatedAt !== null && now - evaluatedAt <= alertLimits.evaluationAgeMsMax;

/** One of several that a figure is about: a source, a group. */
export type Cause = { id: string; value: number };

/**
 * The figures of a zone at one moment. What is zero is left out. Ages are kept as the moment that they count from, so that they have their
 * own value whenever they are asked for. `atLeast`: a source is silent, so that there may be more, and never less.
 */
export type Reading = {
  at: Instant;
  values?: Partial<Record<AlertMetric, number>>;
  since?: Partial<Record<AlertMetric, Instant>>;
  atLeast?: AlertMetric[];
  /** What nobody can tell, and why not. */
  unknown?: Partial<Record<AlertMetric, WhyUnknown>>;
  causes?: Partial<Record<AlertMetric, Cause[]>>;
  /** How fast the error budget is used up, in multiples of the even rate, by span in milliseconds. */
  burns?: Record<string, number>;
};

/** A condition that is watched: the contract's own with whom it names, or one of those that need no configuration. */
export type Watched = { condition: Condition; severity: Severity; notify: string[]; own: boolean };

/** Whether a condition holds for one cause; null where nobody can tell. */
export type Evaluation = { cause: string; holds: boolean | null; value: number | null };

/** An alert as the evaluation knows it. */
export type Life = {
  state: AlertState;
  since: Instant;
  raisedAt: Instant | null;
  quietSince: Instant | null;
  level: number;
  escalateAt: Instant | null;
};

/** What happens to an alert at a tick. */
export type Step =
  | { step: "pending" }
  | { step: "raised" }
  | { step: "escalated"; level: number }
  | { step: "quiet"; since: Instant | null }
  | { step: "cleared" }
  | { step: "dropped" };
