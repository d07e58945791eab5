import { days, type Instant, seconds } from "../time";

export const limits = {
  /** Below this a measured clock offset is the round trip, not the clock; correcting by it would only add noise. */
  clockOffsetMsMin: 250,
  /** A time further ahead than this is no time. */
  futureMsMax: seconds(5),
  /** Older than this no message is: an epoch of zero, a default, a typo. */
  pastMsMax: days(3_650),
  /** A service's time that is off its database's clock by more than this was read from another clock. */
  timesOffMsMin: seconds(1),
  /** Further off is no clock: a date in the future, a typo. */
  timesOffMsMax: days(1),
} as const;

/** Where an age counts from, on the store's clock. Null, absurd and future times count from when they were first seen, and are flagged. */
export function sinceOf(at: Instant | null, clockOffsetMs: number, now: Instant): { since: Instant; flagged: boolean } {
  if (at === null || !Number.isFinite(at)) return { since: now, flagged: true };
  const corrected = at - correction(clockOffsetMs);
  if (corrected > now + limits.futureMsMax || corrected < now - limits.pastMsMax) return { since: now, flagged: true };
  return { since: Math.min(corrected, now), flagged: false };
}

/**
 * A source's clock minus the store's. The source read its clock somewhere between two readings of the store's, which bounds the offset;
 * within the bounds the last estimate stands, so that a slow answer is no change of a clock.
 */
export function clockOffset(last: number | null, store: { before: Instant; after: Instant }, sourceNow: Instant): number {
  return Math.min(Math.max(last ?? 0, sourceNow - store.after), sourceNow - store.before);
}

/** What is taken off a source's times, given its clock minus the store's. */
export function correction(clockOffsetMs: number): number {
  return Math.abs(clockOffsetMs) >= limits.clockOffsetMsMin ? clockOffsetMs : 0;
}

/** A time with the offset of the clock that it was read from. */
export type Read = { at: Instant | null; offsetMs: number };

/** A lag that can be counted: both times known, neither of them yet to come, and in their order but for what clocks differ by anyway; never below zero. Null when it cannot. */
export function lagOf(from: Read, to: Read, now: Instant): number | null {
  if (from.at === null || to.at === null || !Number.isFinite(from.at) || !Number.isFinite(to.at)) return null;
  const [began, ended] = [from, to].map(({ at, offsetMs }) => at! - correction(offsetMs)) as [Instant, Instant];
  if (Math.max(began, ended) > now + limits.futureMsMax) return null;
  const lag = ended - began;
  return lag > limits.pastMsMax || lag < -limits.futureMsMax ? null : Math.max(0, lag);
}
