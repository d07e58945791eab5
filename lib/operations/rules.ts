import type { Contract } from "../contracts/rules";
import type { Query } from "../dead-letters/query.rules";
import { hours, type Instant } from "../time";

/** retry: its consumer gets it again · discard: nobody needs it · resolve: its effect was had by hand · take_back: what was closed lies parked again. */
export const operationKinds = ["retry", "discard", "resolve", "take_back"] as const;
export type OperationKind = (typeof operationKinds)[number];
/** What somebody asks for over what is parked; an edit is a retry of another payload. */
export type Act = Exclude<OperationKind, "take_back"> | "edit";
export const kindOf = (act: Act): OperationKind => (act === "edit" ? "retry" : act);

/** awaiting: nothing is carried out before a second person approves · running: items still wait or lack an outcome · paused: nothing new is sent · cancelled: the rest was released · done. */
export const operationStates = ["awaiting", "running", "paused", "cancelled", "done"] as const;
export type OperationState = (typeof operationStates)[number];

/** How an item ended. `cancelled`: never sent, released. `behind`: never sent, since an earlier message of its key did not get through. The other ends come from the source. */
export const outcomes = [
  "succeeded",
  "failed_again",
  "duplicate",
  "stale",
  "held",
  "discarded",
  "by_hand",
  "taken_back",
  "cancelled",
  "behind",
] as const;
export type ItemOutcome = (typeof outcomes)[number];

/** Where an item stands: an outcome, or meanwhile waiting (not sent, or not taken yet) or uncertain (taken and silent, or its source away). */
export type ItemState = ItemOutcome | "waiting" | "uncertain";

export const limits = {
  /** Taken by the consumer and silent for this long is uncertain: shown as such, never final. */
  uncertainAfterMs: 10_000,
  /** Items carried out in one statement against the source. */
  chunkSize: 1_000,
  /** The same of items that wait for others of their keys: the chunk waits for all of these. */
  chunkSizeOrdered: 50,
  /** A chunk claimed longer than this belongs to nobody: its worker died. */
  chunkLeaseMs: 15_000,
  reasonLengthMin: 12,
} as const;

/** The outcome of an item = the state of its redelivery row; null while it has none. */
export function outcomeOfRedelivery(state: string): ItemOutcome | null {
  switch (state) {
    case "applied":
      return "succeeded";
    case "duplicate":
      return "duplicate";
    case "stale":
      return "stale";
    case "held":
      return "held";
    case "failed":
      return "failed_again";
    default:
      return null;
  }
}

/** What became of an item whose dead letter was no longer parked when its turn came; nothing was sent for it. */
export function outcomeWithoutRedelivery(
  kind: OperationKind,
  deadLetterState: string | null,
): { outcome: ItemOutcome; detail: string } | null {
  if (deadLetterState === "resolved")
    return { outcome: "duplicate", detail: "It was processed before its turn came; nothing was sent." };
  if (deadLetterState === "discarded")
    return kind === "discard"
      ? { outcome: "discarded", detail: "It was already discarded." }
      : { outcome: "stale", detail: "It was discarded before its turn came; nothing was sent." };
  if (deadLetterState === null)
    return { outcome: "stale", detail: "The dead letter is no longer in its source; nothing was sent." };
  return null;
}

/** How an item ends that did what its operation is for. */
export const endOf = {
  retry: "succeeded",
  discard: "discarded",
  resolve: "by_hand",
  take_back: "taken_back",
} as const satisfies Record<OperationKind, ItemOutcome>;

export function isUncertain(redelivery: { state: string; takenAt: Instant | null }, sourceNow: Instant): boolean {
  return redelivery.state === "taken" && redelivery.takenAt !== null && sourceNow - redelivery.takenAt > limits.uncertainAfterMs;
}

/** Which steps an operator may ask of an operation in this state; empty for one that ended. */
export function stepsFrom(state: OperationState): ("pause" | "resume" | "cancel")[] {
  if (state === "running") return ["pause", "cancel"];
  if (state === "paused") return ["resume", "cancel"];
  return [];
}

/** What an operator selected: single messages, whole groups, or both; `asOf` leaves out what arrived after it was looked at. */
export type Selection = {
  messages: number[];
  groups: number[];
  asOf: Instant | null;
  /** Of these messages and groups, or of everything where none is named, what every query means as of then. */
  queries?: Query[];
  /** Only what stands in these zones, for who may see no others; absent or null is everything. */
  scope?: string[] | null;
  /** Nothing of these sources, which leave nothing to be done. */
  notOf?: string[];
};

/** For how long what somebody retried counts against what they may retry alone. */
export const RETRIED_WITHIN_MS = hours(1);

/** How many further people the contracts ask for before this many messages are acted on, `left` being what may be retried alone; the strictest of the zones counts. */
export function peopleNeeded(
  contracts: readonly Contract[],
  act: Act,
  zones: readonly string[],
  { n, left }: { n: number; left: number | null },
): number {
  const tooMany = left !== null && n > left ? 1 : 0;
  if (act === "retry") return tooMany;
  const approvals = contracts.filter(({ zoneId }) => zones.includes(zoneId)).map(({ recovery }) => recovery.approvals);
  if (act === "edit") return Math.max(tooMany, ...approvals.map(({ editAndRetry }) => editAndRetry));
  // Whoever resolves by hand closes a letter like who discards it.
  return Math.max(0, ...approvals.map(({ discard }) => discard));
}

/** Whether an operation that is over has changed anything: a message was taken, or put aside for good. What was stale or done before is no success of it. */
export const hadEffect = (ended: Record<(typeof endOf)[OperationKind], number>): boolean =>
  Object.values(endOf).some((outcome) => ended[outcome] > 0);

/** How an operation runs: when it was first carried out, since when without a pause, and the answers a second; null where that is not known yet. */
export type Running = { firstRanAt: Instant | null; ranAt: Instant | null; perSecond: number | null };

/** Of a source of an operation: how many items it closed or took back, how many of these stand closed by it now, and how many only Accord knows of. */
export type Kept = { service: string; doneN: number; closedN: number; aloneN: number };
