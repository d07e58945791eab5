import type { Lacking } from "../facts/rules";
import { hours, type Instant, minutes, seconds } from "../time";

/** What a list of sagas can be narrowed to; one saga may be in several, a held one past its deadline is stuck and held. */
export const sagaStates = ["stuck", "due", "failed", "late", "compensating", "held", "running", "ended"] as const;
export type SagaState = (typeof sagaStates)[number];

/** Where one saga stands, the worst that is true of it; `due`: within a window of its deadline, and its key cannot converge by itself or not in time. */
export const sagaStages = [
  "failed",
  "late",
  "compensating",
  "held",
  "stuck",
  "due",
  "running",
  "undone",
  "completed",
  "gone",
] as const;
export type SagaStage = (typeof sagaStages)[number];

/** What a stage is judged by. */
export type SagaFacts = {
  state: string;
  deadlineAt: Instant | null;
  holdUntil: Instant | null;
  compensationFailed: boolean;
  compensationLate: boolean;
  due: boolean;
};

/** Whether it still runs or undoes: only then can its compensations be held. */
export const isOpen = ({ state }: Pick<SagaFacts, "state">): boolean => state === "running" || state === "compensating";

export const isHeld = (saga: Pick<SagaFacts, "state" | "holdUntil">, now: Instant): boolean =>
  isOpen(saga) && saga.holdUntil !== null && saga.holdUntil > now;

/** Where a saga stands now. */
export function stageOf(saga: SagaFacts, now: Instant): SagaStage {
  if (saga.state === "completed" || saga.state === "gone") return saga.state;
  if (saga.state === "compensated") return saga.compensationFailed ? "failed" : "undone";
  if (saga.state === "failed" || saga.compensationFailed) return "failed";
  if (saga.compensationLate) return "late";
  if (isHeld(saga, now)) return "held";
  if (saga.state === "compensating") return "compensating";
  if (saga.deadlineAt !== null && saga.deadlineAt < now) return "stuck";
  return saga.due ? "due" : "running";
}

/** What is to be seen of a zone's sagas of one type at one step: stuck, about to compensate, compensating, held. */
export type SagaCause = {
  sagaType: string;
  step: string | null;
  /** Past their deadline, or with a compensation that failed or is late. */
  n: number;
  oldest: Instant;
  oldestKey: string;
  failedN: number;
  lateN: number;
  compensatingN: number;
  heldN: number;
  /** When the first of the holds ends. */
  heldUntil: Instant | null;
  /** Within a window of their deadline, and not on their way to convergence; not those held beyond it. */
  dueN: number;
  /** Of all these, those that ask for somebody: what is only being undone ends by itself. */
  askingN: number;
  firstDueAt: Instant | null;
  /** The failed compensations' latest words. */
  errorMessage: string | null;
  /** Which step of the contract's it is, from 1; null for one that the contract does not name. */
  stepNo: number | null;
  stepsN: number;
  /** What the contract lets run to undo it. */
  undo: string[];
  /** What most keys of those that need somebody lack beside; null where most lack nothing. What an older version stored has none. */
  lacks?: Lacking | null;
};

/** What a press on hold is about: all of one type at one step that are stuck or about to compensate. */
export type SagaTarget = { zone: string; type: string; step: string | null; n: number; firstDueAt: Instant | null };

/** How many a hold of this cause would be about: those that are held already need none. */
export const holdableN = ({ n, dueN, heldN, failedN, lateN }: SagaCause): number =>
  Math.max(0, n - failedN - lateN - heldN) + dueN;

/** Beside what a zone's contract says: from when on a key is too old to count on it, and how near a deadline must be. */
export type SagaZone = { zoneId: string; windowMs: number; atRiskRatio: number };

/** Compensations that ended in a span, and those that did not: open ones are in neither count, late ones among the open. */
export type Success = { name: string; sagaType: string; ok: number; failed: number; openN: number; lateN: number };

/** The span of a success rate. */
export const successSpans = ["24h", "7d", "30d"] as const;
export type SuccessSpan = (typeof successSpans)[number];

/** What a list of sagas is narrowed by beside its zones and state; `key` is a business key or its beginning. */
export type SagaNarrowing = { types: string[]; steps: string[]; key: string | null };
export type SagaFilter = SagaNarrowing & { zones: string[]; state: SagaState | null; after: SagaPlace | null };

/** Where a page of the list ended: its deadline or end in ms (null: it has none), and the saga. */
export type SagaPlace = { place: number | null; sourceId: string; sagaId: string };

export const holdLimits = {
  /** Sagas of one request; who needs more presses again, and is told so. */
  sagasMax: 1_000,
  /** A hold ends by itself: what nobody remembers must not keep money. */
  holdMsMax: hours(24),
  holdMsMin: minutes(1),
  reasonLengthMin: 12,
  /** No answer for this long is uncertain. */
  uncertainAfterMs: seconds(10),
} as const;

/**
 * What came of a request for one saga. begun: held, but its compensations had begun before · kept: another hold stands · ended, gone: nothing was
 * left to hold · late: the hold's end came before its source could be asked.
 */
export const holdOutcomes = ["held", "begun", "released", "kept", "ended", "gone", "late"] as const;
export type HoldOutcome = (typeof holdOutcomes)[number];

// Instants leave a source as milliseconds.
const same = (a: Instant | null, b: Instant | null): boolean => a !== null && b !== null && Math.abs(a - b) < 1;

/** What came of a request, given how the saga stands after it; null while its service had it locked: it is tried again. */
export function outcomeOfHold(
  request: { kind: "hold" | "release"; until: Instant | null; standing: Instant | null },
  found: { state: string | null; holdUntil: Instant | null },
  sourceNow: Instant,
): HoldOutcome | null {
  if (found.state === null) return "gone";
  if (!isOpen({ state: found.state })) return "ended";
  const { holdUntil } = found;
  if (request.kind === "hold") {
    if (holdUntil === null || holdUntil < request.until! - 1) return null;
    return found.state === "compensating" ? "begun" : "held";
  }
  if (holdUntil === null || holdUntil <= sourceNow) return "released";
  if (same(holdUntil, request.until)) return "kept";
  return request.standing === null || same(holdUntil, request.standing) ? null : "kept";
}

/** What a request is about: named sagas, or all of one type at one step that are stuck or about to compensate. */
export type SagaSelection = {
  sagas: { sourceId: string; sagaId: string }[];
  cause: { zone: string; type: string; step: string | null } | null;
};
