import type { Digest } from "../channels/rules";
import { days, type Instant, minutes } from "../time";
import { wallClock } from "./hours.rules";

/**
 * The day whose digest is due, and since when it tells; null where none is. It is due from its time on until midnight, by the clock on the
 * wall: what was not sent by then, because no worker ran, is not sent the day after.
 */
export function dueDigest({ every, on, at, timeZone }: Digest, now: Instant): { date: string; from: Instant } | null {
  const { day, minute, date } = wallClock(now, timeZone);
  if (minute < at || (every === "week" && day !== on)) return null;
  const dueAt = now - minutes(minute - at);
  return { date, from: dueAt - (every === "day" ? days(1) : days(7)) };
}

/** What a digest is called in the outbox: one for an owner and a day. */
export const digestSubject = ({ every, owner }: Digest, date: string): string => `digest ${every} ${owner ?? "all"} ${date}`;
