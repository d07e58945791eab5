"use client";
import type { Instant } from "@/lib/time";
import { useHydrated } from "./clock";
import { cn } from "./cn";
import { clockText, dayText, utcText, whenText } from "./format";

type Props = { at: Instant; now: Instant; as?: "when" | "clock" | "day" | "millis"; className?: string };

/** An instant in the viewer's zone, UTC on hover. Space is kept and the text hidden until the zone is known. */
export function When({ at, now, as = "when", className }: Props) {
  const known = useHydrated();
  const zone = known ? undefined : "UTC";
  const text = {
    when: () => whenText(at, now, zone),
    clock: () => clockText(at, zone),
    day: () => dayText(at, zone),
    millis: () => `${clockText(at, zone)}.${String(Math.floor(at) % 1_000).padStart(3, "0")}`,
  }[as]();
  return (
    <time
      dateTime={new Date(at).toISOString()}
      title={known ? utcText(at) : undefined}
      className={cn("whitespace-nowrap", !known && "invisible", className)}
    >
      {text}
    </time>
  );
}
