"use client";
import type { Instant } from "@/lib/time";
import { useNow } from "./clock";
import { cn } from "./cn";
import { momentText, otherText } from "./format";
import { timeZone } from "./time-zone";

/** An instant inside a sentence: in the viewer's zone as soon as that is known, until then as the server wrote it, in UTC. */
export function Moment({ at, utc, className }: { at: Instant; utc: string; className?: string }) {
  const now = useNow();
  timeZone.use();
  return (
    <time
      dateTime={new Date(at).toISOString()}
      title={now === null ? undefined : otherText(at)}
      className={cn("whitespace-nowrap", className)}
    >
      {now === null ? utc : momentText(at, now)}
    </time>
  );
}
