import type { ContractMap } from "../contracts/map.rules";
import type { RedeliveryState } from "../sources/redeliverable";
import type { Instant } from "../time";
import { isCallUncertain } from "./asked";
import type { Call } from "./calls.sql";
import type { SentChunk } from "./dispatch.sql";
import { isUncertain } from "./rules";

/** Within which time what was asked for should be taken; null where its consumers note that they took it, and a queue may be long. */
export function withinMsOf(
  { source, map }: { source: { takesWithinMs: number | "as agreed" | null }; map: ContractMap },
  { zones }: Pick<SentChunk, "zones">,
): number | null {
  return source.takesWithinMs === "as agreed" ? map.takeWithinMs(zones) : source.takesWithinMs;
}

type At = {
  sourceNow: Instant;
  now: Instant;
  chunk: Pick<SentChunk, "sentAt" | "movedAt">;
  withinMs: number | null;
  callOf: (state: RedeliveryState) => Call | undefined;
  /** Whether a service is asked; what it was not asked for yet just waits. */
  called: boolean;
};

/** Whether it is not known how an item stands: taken and silent, asked for without an answer, or not taken within its framework's own beat. */
export function isNotKnown(state: RedeliveryState, { sourceNow, now, chunk, withinMs, callOf, called }: At): boolean {
  if (state.state !== null && isUncertain({ state: state.state, takenAt: state.takenAt }, sourceNow)) return true;
  if (withinMs === null) return false;
  const call = callOf(state);
  if (call) return (state.state === "waiting" || state.state === "taken") && isCallUncertain(call, withinMs, now);
  if (called || (state.state !== "waiting" && state.state !== null)) return false;
  // As long as others of its source are taken or end, its framework is at work and this one has to wait.
  return now - Math.max(chunk.sentAt ?? now, chunk.movedAt ?? 0) > withinMs;
}
