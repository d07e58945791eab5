/** What an alert can watch, and in which unit its bound is given. */
export const alertMetrics = {
  oldest_unresolved: "duration",
  publish_lag: "duration",
  processing_lag: "duration",
  silence: "duration",
  unresolved: "count",
  divergences: "count",
  unpublished: "count",
  undelivered: "count",
  held: "count",
  parked: "count",
  sagas_overdue: "count",
  compensations_failed: "count",
  compensations_late: "count",
  cases: "count",
  budget_burn: "burn",
  budget_left: "percent",
  converged: "percent",
  match_rate: "percent",
} as const;
export type AlertMetric = keyof typeof alertMetrics;

/**
 * An alert's bound. unit ms: milliseconds · window: multiples of the contract's window · count · burn: multiples of the
 * even rate · ratio: 0 to 1. `forMs`: how long it must hold (0: at once). `overMs`: the span that burn is taken over.
 */
export type Condition = {
  text: string;
  metric: AlertMetric;
  op: ">" | ">=" | "<" | "<=";
  value: number;
  unit: "ms" | "window" | "count" | "burn" | "ratio";
  forMs: number;
  overMs: number | null;
};

/** The causes that a runbook can be for; the reasons of an unresolved inconsistency, and what keeps one from resolving. */
export const runbookCauses = [
  "unpublished",
  "undelivered",
  "held",
  "parked",
  "saga",
  "compensation",
  "divergence",
  "silence",
] as const;
export type RunbookCause = (typeof runbookCauses)[number];

/** When a runbook helps: a cause, its kind (a divergence's kind, a saga's step, an event type), and the source or consumer where it shows. */
export type RunbookCondition = { text: string; cause: RunbookCause; kind: string | null; at: string | null };
