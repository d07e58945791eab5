import { hours, type Instant, minutes, seconds } from "../time";
import type { OpenFlow } from "./flows.rules";

export const limits = {
  leaseMs: seconds(6),
  beatMs: seconds(2),
  /** A worker without a heartbeat for this long is gone; its share of the sources is shared out. */
  workerAgeMsMax: seconds(6),
  freshMsMax: seconds(15),
  /** A version that is alone for this long after a newer one was seen is a rollback. */
  rollbackAfterMs: minutes(1),
  /** A mark that somebody told counts in place of one of the same version that is made out within this time of it. */
  toldForMs: hours(1),
  /** What a service's times were off its database's clock is said for so long after it was last seen. */
  timesOffKeptMs: minutes(15),
} as const;

export type SourceState = "live" | "failing" | "silent" | "new";

/** How a source stands: live only with a fresh good poll; failing says why; silent is nobody polling. */
export function sourceState(status: { observedAt: Instant | null; error: string | null }, now: Instant): SourceState {
  if (status.error !== null) return "failing";
  if (status.observedAt === null) return "new";
  return now - status.observedAt <= limits.freshMsMax ? "live" : "silent";
}

/** By how much a service's times were off its database's clock of late; null when they were not. */
export function timesOff(
  { timesOffMs, timesOffAt }: { timesOffMs: number | null; timesOffAt: Instant | null },
  now: Instant,
): { ms: number; at: Instant } | null {
  if (timesOffMs === null || timesOffAt === null || now - timesOffAt > limits.timesOffKeptMs) return null;
  return { ms: timesOffMs, at: timesOffAt };
}

/** What a source has open, counted at its last good poll. */
export type SourceFigures = {
  outboxPendingN: number;
  oldestPendingSince: Instant | null;
  parkedN: number;
  heldN: number;
  sagasRunningN: number;
  deliveriesOpenN: number;
  duplicatesDropped24h: number;
  semanticDuplicates24h: number;
  /** By consumer and zones; what an older version stored has none. */
  flows?: OpenFlow[];
};

/** What is counted by event type: effects of copies, order and schemas that no open row holds. */
export type RecentMeasure =
  | "published"
  | "processed"
  | "duplicate_dropped"
  | "semantic_duplicate"
  | "stale"
  // Of these and of what was dropped: what an operation of Accord redelivered.
  | "stale_retried"
  | "duplicate_retried"
  | "unknown_schema"
  | "misdated"
  | "lost";

/** Something that a poll met; `consumer` '' is what stands at the producer. */
export type Count = { consumer: string; eventType: string; measure: RecentMeasure; detail: string; n: number };

/** Counts of a source since an instant, and when the last was met. */
export type RecentCount = Count & { sourceId: string; lastAt: Instant };
