"use client";
import { durationShort, type Instant } from "@/lib/time";
import { useNow } from "./clock";
import { durationText } from "./format";

type Props = { since: Instant; asOf: Instant; short?: boolean; frozen?: boolean };

/** An age that ticks. Drawn as of the answer first, then by the second; frozen when the data is stale. */
export function LiveAge({ since, asOf, short = false, frozen = false }: Props) {
  const now = useNow();
  const ms = Math.max(0, (frozen || now === null ? asOf : Math.max(now, asOf)) - since);
  return (
    <span className="whitespace-nowrap">
      {short ? durationShort(ms) : durationText(ms < 10_000 ? Math.floor(ms / 1_000) * 1_000 : ms)}
    </span>
  );
}

/** `1 s ago` under an hour, for "last seen". */
export function LiveAgo({ at, asOf }: { at: Instant; asOf: Instant }) {
  const now = useNow();
  const ms = Math.max(0, Math.max(now ?? asOf, asOf) - at);
  const s = Math.floor(ms / 1_000);
  const text = s < 60 ? `${s} s` : s < 3_600 ? `${Math.floor(s / 60)}m` : durationText(ms);
  return <span className="whitespace-nowrap">{text} ago</span>;
}
