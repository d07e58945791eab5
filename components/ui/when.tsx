"use client";
import { type Instant, isForEver } from "@/lib/time";
import { WITHOUT_END } from "@/lib/words";
import { useHydrated } from "./clock";
import { cn } from "./cn";
import { clockText, dateText, otherText, whenText } from "./format";
import { timeZone } from "./time-zone";

type Props = { at: Instant; now: Instant; as?: "when" | "clock" | "day" | "millis"; className?: string };

/** An instant in the viewer's zone, the other one on hover. Space is kept and the text hidden until the zone is known. */
export function When({ at, now, as = "when", className }: Props) {
  const known = useHydrated();
  timeZone.use();
  const zone = known ? undefined : "UTC";
  if (isForEver(at)) return <span className={className}>{WITHOUT_END}</span>;
  const text = {
    when: () => whenText(at, now, zone),
    clock: () => clockText(at, zone),
    day: () => dateText(at, now, zone),
    millis: () => `${clockText(at, zone)}.${String(Math.floor(at) % 1_000).padStart(3, "0")}`,
  }[as]();
  return (
    <time
      dateTime={new Date(at).toISOString()}
      title={known ? otherText(at) : undefined}
      className={cn("whitespace-nowrap", !known && "invisible", className)}
    >
      {text}
    </time>
  );
}
