"use client";
import { useNow } from "@/components/ui/clock";
import { cn } from "@/components/ui/cn";
import { durationText } from "@/components/ui/format";
import { toneClass } from "@/components/ui/tone";
import { WindowBar } from "@/components/ui/window-bar";
import type { CaseRow } from "@/lib/cases/views";
import type { Instant } from "@/lib/time";
import { shareOfTime, timeTone } from "./words";

/** How much of a case's time is used, as of now; ticks. */
export function useDue(one: Pick<CaseRow, "clockAt" | "dueAt">, asOf: Instant) {
  const clock = useNow();
  const now = Math.max(clock ?? asOf, asOf);
  const share = shareOfTime(one, now);
  return { share, tone: timeTone(share), leftMs: one.dueAt - now };
}

/** Due as a countdown over a bar: `44m 16s left`, `2h 05m overdue`. */
export function DueCell({ one, now }: { one: CaseRow; now: Instant }) {
  const { share, tone, leftMs } = useDue(one, now);
  return (
    <div className={cn("w-full", toneClass[tone])}>
      <div className={cn("mb-1 text-12 whitespace-nowrap", tone === "conv" ? "text-ink-2" : "font-medium text-fg")}>
        {durationText(Math.abs(leftMs))} {leftMs >= 0 ? "left" : "overdue"}
      </div>
      <WindowBar share={share} tone={tone} />
    </div>
  );
}
