import { correction, limits } from "../sources/clocks.rules";
import type { Poll } from "../sources/observable";
import type { Instant } from "../time";

/** A row whose own times cannot be, and by how much: ahead of its database's clock above zero, behind it below. */
export type Misdated = { consumer: string; eventType: string; offMs: number };

export type Clocks = {
  /** The offset of this source's clock, and of the one that stamped what a consumer got. */
  own: number;
  of: (consumer: string, eventType: string) => number;
  /** Whether that producer's own times are known to be off: then nothing follows from them. */
  producerIsOff: (consumer: string, eventType: string) => boolean;
};

/**
 * Rows that were dated by another clock than their database's. An event cannot have occurred after it was written, nor been processed
 * after it was read, nor before it occurred. A host whose clock is behind is found only by what it processes: an old fact may be true.
 */
export function misdatedOf(poll: Poll, clocks: Clocks): Misdated[] {
  const said = poll.outbox
    .filter((row) => row.seen === "new")
    .map((row) => ({
      consumer: "",
      eventType: row.eventType,
      offMs: after(row.occurredAt, Math.min(row.writtenAt ?? poll.sourceNow, poll.sourceNow)),
    }));
  const done = poll.inbox.map((row) => ({
    consumer: row.consumer,
    eventType: row.eventType,
    offMs: after(row.processedAt, poll.sourceNow) || -processedBefore(row, poll.sourceNow, clocks),
  }));
  return [...said, ...done].filter(({ offMs }) => offMs !== 0);
}

/** The one that is off furthest; null where none is. */
export function furthestOff(misdated: readonly Misdated[]): number | null {
  return misdated.reduce<number | null>(
    (furthest, { offMs }) => (furthest === null || Math.abs(offMs) > Math.abs(furthest) ? offMs : furthest),
    null,
  );
}

/** By how much a time lies after another that it cannot lie after; 0 where it does not, or by so much that no clock is to blame. */
function after(at: Instant | null, bound: Instant): number {
  const by = at === null ? 0 : at - bound;
  return by > limits.timesOffMsMin && by < limits.timesOffMsMax ? by : 0;
}

function processedBefore(row: Poll["inbox"][number], sourceNow: Instant, clocks: Clocks): number {
  const { consumer, eventType, occurredAt, processedAt } = row;
  if (occurredAt === null || processedAt === null || clocks.producerIsOff(consumer, eventType)) return 0;
  const occurred = occurredAt - correction(clocks.of(consumer, eventType));
  const own = correction(clocks.own);
  // An event of the future says nothing about who processed it.
  if (occurred > sourceNow - own) return 0;
  return after(occurred, processedAt - own);
}
