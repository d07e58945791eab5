import type { Propagation } from "../contracts/rules";
import { type Instant, minutes, seconds } from "../time";

/**
 * What a consumer owes, or an outbox has not published, of messages that stand in the same zones: counted at a poll. What is parked or
 * held is somebody else's turn, and not among it. `newest`: when the last of it occurred.
 */
export type OpenFlow = {
  reason: "unpublished" | "undelivered";
  /** '' is the source's own outbox. */
  consumer: string;
  zones: string[];
  n: number;
  oldest: Instant;
  newest: Instant;
};

/**
 * How messages go through one place. stopped: nothing goes on while newer waits · behind: it works, and something waits long · parks: what
 * it put aside waits for a person · waits: its producer has not published what it owes · works · idle: nothing came lately · unseen: its
 * source is not looked at · unrecorded: its source is, and keeps no record of what goes through.
 */
export const flowStates = ["stopped", "behind", "parks", "unseen", "waits", "unrecorded", "works", "idle"] as const;
export type FlowState = (typeof flowStates)[number];

export type FlowFacts = {
  /** Whether its source is looked at. */
  seen: boolean;
  /** Whether its source keeps a record of what goes through. */
  recorded: boolean;
  /** Whether everything that went through is seen, and not only what waits. */
  counted: boolean;
  /** Null: nothing waits; undefined: not counted yet. */
  waiting: { n: number; oldest: Instant; newest: Instant } | null | undefined;
  lastAt: Instant | null;
  /** Since when the oldest that its producers have not published waits; null for an outbox, and when nothing does. */
  unpublishedSince: Instant | null;
  parkedN: number;
};

// Ten polls and a little: a consumer that works in batches is not called stopped between two of them.
const QUIET_MS = seconds(30);
const IDLE_MS = minutes(10);

/** How a consumer or an outbox does. One that has stopped is never live, and one that parks what it is given keeps up with nothing. */
export function flowState(facts: FlowFacts, now: Instant): FlowState {
  const state = paceState(facts, now);
  return facts.parkedN > 0 && (state === "works" || state === "idle" || state === "waits" || state === "unrecorded")
    ? "parks"
    : state;
}

/** From what waits and when it last finished anything. */
function paceState({ seen, recorded, counted, waiting, lastAt, unpublishedSince }: FlowFacts, now: Instant): FlowState {
  if (seen && !recorded) return "unrecorded";
  if (!seen || waiting === undefined) return "unseen";
  const quiet = lastAt === null || now - lastAt > QUIET_MS;
  if (waiting === null) return !counted || (lastAt !== null && now - lastAt <= IDLE_MS) ? "works" : "idle";
  if (now - waiting.oldest <= QUIET_MS) return "works";
  if (unpublishedSince !== null && waiting.oldest >= unpublishedSince) return "waits";
  // What came since it last finished anything and waits: it does not take what it is given. Else only older is left, passed over or lost.
  // Of a queue of which only what waits is seen, nobody knows when it last finished anything.
  if (counted && quiet && (lastAt === null || waiting.newest > lastAt)) return "stopped";
  return "behind";
}

/** How much of the window the oldest has used; 0 when nothing waits or no contract gives a window. */
export const shareOfWindow = (oldest: Instant | null, windowMs: number | null, now: Instant): number =>
  oldest === null || !windowMs ? 0 : Math.max(0, now - oldest) / windowMs;

type Ranked = { state: FlowState; waitingN: number | null; share: number; name: string };

/** Worst first; ties by share of the window used, then by how much waits. What only waits for others stands after what is not seen. */
export function worseFlow(a: Ranked, b: Ranked): number {
  return (
    flowStates.indexOf(a.state) - flowStates.indexOf(b.state) ||
    b.share - a.share ||
    (b.waitingN ?? 0) - (a.waitingN ?? 0) ||
    a.name.localeCompare(b.name)
  );
}

/** Counts of five minutes each over the last two hours, oldest first: what a small trend is drawn from. */
export const trendBuckets = { stepMs: minutes(5), n: 24 } as const;

/** A trend and the rate of the last minutes, from counts by bucket. */
export function paceOf(counts: readonly { at: Instant; n: number }[], now: Instant): { trend: number[]; perMinute: number } {
  const { stepMs, n } = trendBuckets;
  const last = Math.floor(now / stepMs);
  const trend = Array.from({ length: n }, () => 0);
  for (const count of counts) {
    const i = n - 1 - (last - Math.floor(count.at / stepMs));
    if (i >= 0 && i < n) trend[i]! += count.n;
  }
  // The bucket that is being filled, with the whole one before it: five to ten minutes.
  const done = trend[n - 1]! + trend[n - 2]!;
  return { trend, perMinute: (done * minutes(1)) / (now - (last - 1) * stepMs) };
}

/** One line of the Sources screen: how messages go through a consumer, through an outbox, or that a source has neither. */
export type FlowRow = {
  kind: "consumer" | "outbox" | "none";
  /** The consumer; the service for an outbox. */
  name: string;
  state: FlowState;
  /** Null: not counted, or there is nothing to count. */
  waitingN: number | null;
  oldestSince: Instant | null;
  /** The shortest window of the contracts that it works for; null when none names it. */
  windowMs: number | null;
  /** When anything was last published or processed, within two hours; null also where that is not counted. */
  lastAt: Instant | null;
  /** Null: not counted. */
  perMinute: number | null;
  /** Counts of five minutes each, oldest first. */
  trend: number[];
  parkedN: number | null;
};

/** An event that goes through a source, in one zone. */
export type EventRow = {
  zoneId: string;
  zoneTitle: string;
  eventType: string;
  means: string | null;
  propagation: Propagation;
  /** Who processes it here; '' where the source publishes it. */
  consumer: string;
  /** Whom it obliges where it is published; the service that publishes it where it is processed. */
  others: string[];
  /** Published or processed within two hours, and when last; null where that is not counted. */
  n: number | null;
  lastAt: Instant | null;
};
