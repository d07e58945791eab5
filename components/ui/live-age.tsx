"use client";
import { durationShort, type Instant } from "@/lib/time";
import { useNow } from "./clock";
import { durationText } from "./format";

/** An age in milliseconds that ticks by the second: as of the answer first; frozen when the data is stale. */
export function useAge(since: Instant, asOf: Instant, frozen = false): number {
  const now = useNow();
  const at = frozen || now === null ? asOf : Math.max(now, asOf);
  return Math.max(0, at - since);
}

/** Ages tick in whole seconds; tenths would only flicker. */
export const ageText = (ms: number): string => (ms < 9_950 ? `${Math.floor(ms / 1_000)} s` : durationText(ms));

type Props = { since: Instant; asOf: Instant; short?: boolean; frozen?: boolean };

/** An age that ticks. */
export function LiveAge({ since, asOf, short = false, frozen = false }: Props) {
  const ms = useAge(since, asOf, frozen);
  return <span className="whitespace-nowrap">{short ? durationShort(ms) : ageText(ms)}</span>;
}

/** `1 s ago`, `36m ago`, for "last seen". */
export function LiveAgo({ at, asOf }: { at: Instant; asOf: Instant }) {
  const ms = useAge(at, asOf);
  const text = ms < 60_000 ? `${Math.floor(ms / 1_000)} s` : ms < 3_600_000 ? `${Math.floor(ms / 60_000)}m` : durationText(ms);
  return <span className="whitespace-nowrap">{text} ago</span>;
}
