import type { Ordering } from "../contracts/rules";
import type { Standing } from "../sources/standing.rules";

/**
 * What would come of one message. What is left out or has ended: claimed by an operation, being retried, its source is able to nothing, settled or
 * deleted in its source. What is sent: delivered, handed to a framework that tells nothing before, of a process that was undone, too old, processed
 * before, too early, or sent without anybody knowing.
 */
export const forecastOutcomes = [
  "deliver",
  "handed",
  "unchecked",
  "undone",
  "stale",
  "processed",
  "held",
  "settled",
  "expired",
  "retrying",
  "claimed",
  "unable",
] as const;
export type ForecastOutcome = (typeof forecastOutcomes)[number];

/** What the operation leaves out of its list when it is frozen; everything else becomes an item. */
export const leftOut: readonly ForecastOutcome[] = ["retrying", "claimed", "unable"];

/** Of a message without a claim, a running redelivery or an unable source: what its own source says of it. */
export type Asked = {
  version: number | null;
  /** Whose versions its own is counted with. */
  producer: string;
  ordering: Ordering;
  undone: boolean;
  /** The time that its source keeps it is over. */
  expired: boolean;
};

/** A letter is sent only while it is parked in its source; null: it is. */
export function withoutSending(state: string | null, expired: boolean): "settled" | "expired" | "retrying" | null {
  if (state === "parked") return null;
  if (state === "redelivering") return "retrying";
  return expired ? "expired" : "settled";
}

/**
 * What would come of the messages of one consumer and key, in the order in which they are carried out, when nothing else moves and each that is due
 * is handled: the versions that go through make room for those that follow, and what is in flight already has its turn before.
 */
export function walkKey(messages: readonly (Asked & { standing: Standing })[]): ForecastOutcome[] {
  const reached = new Map<string, number>();
  return messages.map((message) => {
    const { standing, producer, version, ordering, undone, expired } = message;
    const ended = withoutSending(standing.state, expired);
    if (ended !== null) return ended;
    if (standing.processed) return "processed";
    const through: ForecastOutcome = undone ? "undone" : "deliver";
    if (version === null || ordering === "none") return through;
    const inSequence = ordering === "strict" || standing.holds;
    const at = reached.get(producer) ?? beforeAll(standing, inSequence);
    // What waits beside its letter is released with what it waited for, and has been processed when its turn comes.
    if (version <= at) return standing.waits ? "processed" : "stale";
    if (inSequence && version > at + 1) return "held";
    reached.set(producer, after(version, standing, inSequence));
    return through;
  });
}

/** How far a key has got when what is in flight has had its turn. */
function beforeAll(standing: Standing, inSequence: boolean): number {
  let at = standing.applied ?? 0;
  for (const version of standing.inFlight.toSorted((a, b) => a - b))
    if (version > at && (!inSequence || version === at + 1)) at = after(version, standing, inSequence);
  return at;
}

/** How far a key gets when a version is applied: what was held behind it follows by itself. */
function after(version: number, { held }: Standing, inSequence: boolean): number {
  let at = version;
  while (inSequence && held.includes(at + 1)) at++;
  return at;
}

/** What a zone or several demand of the order of messages; the strictest counts, and what no contract names counts by key. */
export function strictest(orderings: readonly Ordering[]): Ordering {
  if (orderings.includes("strict")) return "strict";
  return orderings.length === 0 || orderings.includes("by-key") ? "by-key" : "none";
}

/** Whose versions an event's own are counted with: the producer, and all types of its events that the consumer is obliged to. */
export type Counted = { producer: string; eventTypes: readonly string[] };

/** A producer counts the versions of a key over all its events; what no contract names counts for itself. */
export function countedTogether(
  contracts: readonly { semantics: { events: readonly { eventType: string; from: string; to: readonly string[] }[] } }[],
  { consumer, eventType }: { consumer: string; eventType: string },
): Counted {
  const events = contracts.flatMap(({ semantics }) => semantics.events).filter(({ to }) => to.includes(consumer));
  const producer = events.find((event) => event.eventType === eventType)?.from;
  if (producer === undefined) return { producer: `only ${eventType}`, eventTypes: [eventType] };
  const types = events.filter(({ from }) => from === producer).map((event) => event.eventType);
  return { producer, eventTypes: [...new Set(types)].sort() };
}
