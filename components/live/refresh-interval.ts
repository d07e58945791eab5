import { isTopic } from "@/lib/live/rules";
import { seconds } from "@/lib/time";

/** How a browser wants its screens refreshed. */
export const refreshIntervals = ["live", "5s", "30s", "off"] as const;
export type RefreshInterval = (typeof refreshIntervals)[number];

/** How the stream stands: being opened · open · lost, and tried again · open, but the server hears nothing itself, or given up · not wanted. */
export type Line = "opening" | "standing" | "lost" | "degraded" | "resting";

export const limits = {
  /** Lags and ages are different in every round and told by no event: this often they are asked for while nothing else happens. */
  calmMs: seconds(20),
  /** For everything else, in case that an event was lost. */
  safetyMs: seconds(30),
  fallbackMs: seconds(5),
  /** Tries before "reconnecting" becomes "off". */
  triesMax: 6,
  retryMsMax: seconds(15),
  /** A stream that is back sooner was never missed. */
  noteAfterMs: seconds(3),
  /** Heartbeats of the server come every 15 s: without two of them the line is dead, whatever the browser believes. */
  deadAfterMs: seconds(35),
} as const;

const refreshIntervalMs = { "5s": seconds(5), "30s": seconds(30) } as const;
// Judged and looked at every two seconds, also when nothing changes.
const beating: ReadonlySet<unknown> = new Set(["zones", "sources"]);
/** How long until a query is asked again by the clock; false is never. `ownMs` is how often it is worth asking. */
export function intervalOf(
  ownMs: number,
  noun: unknown,
  refreshInterval: RefreshInterval,
  line: Line,
  tries = 0,
): number | false {
  if (refreshInterval === "off") return false;
  if (refreshInterval !== "live") return Math.max(ownMs, refreshIntervalMs[refreshInterval]);
  if (line === "standing" && !isTopic(noun)) return ownMs;
  if (line === "standing") return Math.max(ownMs, beating.has(noun) ? limits.calmMs : limits.safetyMs);
  return line === "degraded" || tries >= limits.triesMax ? Math.max(ownMs, limits.fallbackMs) : ownMs;
}

/** How long after its last answer a query may be asked again for an event. What is cheap is asked soon, what is not keeps its own interval. */
export const gapMs = (ownMs: number): number => (ownMs <= seconds(2) ? ownMs / 4 : ownMs);

/** How long to wait before the next try; `chance` in 0..1 keeps the browsers of a restarted server apart. */
export const retryMs = (tries: number, chance: number): number =>
  Math.min(limits.retryMsMax, 500 * 2 ** tries) * (0.75 + 0.5 * chance);
