import type { Instant } from "../time";

/** Up to here keys and what waits behind them are counted; above it is at least so many. */
export const reachLimits = { lettersMost: 10_000, keysMost: 1_000, closedMost: 20_000 } as const;

/** How far a failure reaches beyond its messages. */
export type Reach = {
  /** Business keys of its open messages. */
  keysN: number;
  keysAtLeast: boolean;
  /** Later messages of these keys at the same consumer: held back, or parked in any group. */
  heldN: number;
  parkedN: number;
  behindAtLeast: boolean;
  /** Versions that its consumer ran on since it began and on which it never failed so; null where too much was closed to tell. */
  neverOn: string[] | null;
  /** The version that is live, as far as its consumer tells. */
  live: string | null;
};

/** Whether what makes messages fail is at work: it is, it stopped as far as can be told, or nobody knows. */
export type CauseState = "at work" | "stopped" | "unknown";

/** Silence alone says nothing: a cause has stopped only when its consumer runs on a version that never failed so. */
export function causeState(group: { quiet: boolean }, { neverOn, live }: Reach): CauseState {
  if (!group.quiet) return "at work";
  return live !== null && neverOn?.includes(live) ? "stopped" : "unknown";
}

/** What a group's reach is read of. */
export type ReachOf = { groupId: number; sourceId: string; consumer: string; firstAt: Instant; closedN: number };
