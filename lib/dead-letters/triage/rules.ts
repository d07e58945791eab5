import { days, type Instant, minutes } from "../../time";

export const triageStates = ["new", "investigating", "waiting", "muted", "resolved"] as const;
export type TriageState = (typeof triageStates)[number];

/** What a list can be asked for: `ready` is a wait that is over, `regressed` what came back after it was resolved. */
export const triageFilters = [...triageStates, "ready", "regressed"] as const;
export type TriageFilter = (typeof triageFilters)[number];

export const triageLimits = {
  noteMost: 2_000,
  reasonLeast: 12,
  ticketMost: 200,
  versionMost: 100,
  /** Longer is no mute but forgetting. */
  muteMsMax: days(30),
  muteAboveMost: 100_000,
  /** Without a new message for this long a group does not grow any more. */
  quietMs: 30_000,
  /** What has had nothing parked for this long has ended: a retry that fails again has come back long before. */
  endsAfterMs: minutes(30),
  /** Followed in one round: the rest has its turn in the next. */
  atOnce: 200,
} as const;

/** Where a group stands in triage. A group that nobody touched is new. */
export type Triage = {
  state: TriageState;
  /** Counts changes of the state; who changes it says which one was seen. */
  stateN: number;
  stateAt: Instant | null;
  stateByName: string | null;
  assignee: string | null;
  assigneeName: string | null;
  ticket: string | null;
  ticketByName: string | null;
  waitsFor: string | null;
  readyAt: Instant | null;
  readyVersion: string | null;
  mutedUntil: Instant | null;
  mutedAbove: number | null;
  resolvedTotalN: number | null;
  regressedAt: Instant | null;
  regressedFrom: string | null;
  emptiedAt: Instant | null;
};

/** Where a group stands that has no row of its own. */
export const untouched: Triage = {
  state: "new",
  stateN: 0,
  stateAt: null,
  stateByName: null,
  assignee: null,
  assigneeName: null,
  ticket: null,
  ticketByName: null,
  waitsFor: null,
  readyAt: null,
  readyVersion: null,
  mutedUntil: null,
  mutedAbove: null,
  resolvedTotalN: null,
  regressedAt: null,
  regressedFrom: null,
  emptiedAt: null,
};

/** What a state is changed to, with what it takes. */
export type StateChange =
  | { state: "new" | "investigating" }
  | { state: "waiting"; waitsFor: string }
  | { state: "muted"; mutedUntil: Instant | null; mutedAbove: number | null }
  | { state: "resolved"; reason: string };

/** When a version of a consumer became live. */
export type LiveMark = { version: string; at: Instant; kind: "first" | "deploy" | "rollback" };

/**
 * Which version brings the fix that a group waits for: the one that was named, while it is live, or one that was deployed after it. Versions
 * are ordered by when they came, as everywhere: which of two numbers is the later one, only their makers know. A version that was live before
 * the wait began counts when it is live again; a later one counts only after the named one has come since. Null: not yet.
 */
export function fixedBy(waitsFor: string, since: Instant, marks: readonly LiveMark[]): string | null {
  const ordered = marks.toSorted((one, other) => one.at - other.at);
  const live = ordered.at(-1);
  if (!live) return null;
  if (live.version === waitsFor) return waitsFor;
  if (live.kind === "rollback") return null;
  return ordered.some((mark) => mark.version === waitsFor && mark.at >= since && mark.at < live.at) ? live.version : null;
}

/** Whether nothing comes in any more. */
export const isQuiet = (lastAt: Instant, now: Instant): boolean => now - lastAt > triageLimits.quietMs;

/** Why a mute is over; null while it holds. */
export function unmutedBy(
  one: Pick<Triage, "mutedUntil" | "mutedAbove">,
  growingPerMinute: number,
  now: Instant,
): "time" | "growth" | null {
  if (one.mutedAbove !== null && growingPerMinute > one.mutedAbove) return "growth";
  return one.mutedUntil !== null && one.mutedUntil <= now ? "time" : null;
}

/** Whether a message came after it was resolved. */
export const isRegression = (one: Pick<Triage, "state" | "resolvedTotalN">, totalN: number): boolean =>
  one.state === "resolved" && totalN > (one.resolvedTotalN ?? 0);

/** What was closed since a failure began, by how it was closed. */
export type ClosedCounts = { processedN: number; discardedN: number; goneN: number };

/** With what a failure ended once. */
export type Ending = ClosedCounts & {
  groupId: number;
  n: number;
  beganAt: Instant;
  endedAt: Instant;
  byName: string;
  reason: string | null;
  operationId: number | null;
  version: string | null;
};
