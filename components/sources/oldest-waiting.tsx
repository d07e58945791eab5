"use client";
import { cn } from "@/components/ui/cn";
import { ageText, useAge } from "@/components/ui/live-age";
import { toneClass, verdictTone } from "@/components/ui/tone";
import { WindowBar } from "@/components/ui/window-bar";
import { type Instant, windowWords } from "@/lib/time";
import { type FlowLine, flowLook, isUnrecorded } from "./words";

/** How long the oldest has waited, against the shortest window that it is under. Never an age alone, and never empty when nothing is known. */
export function OldestWaiting({ line, now, frozen }: { line: FlowLine; now: Instant; frozen: boolean }) {
  const ms = useAge(line.oldestSince ?? now, now, frozen);
  const { verdict } = flowLook[line.state];
  if (line.kind === "none") return <span className="text-ink-3">–</span>;
  if (isUnrecorded(line)) return <span className="text-ink-3">not recorded</span>;
  if (line.state === "unseen")
    return (
      <div>
        <div className="mb-1.25 h-5 text-ink-3">Unknown</div>
        <WindowBar share={null} tone="none" />
      </div>
    );
  const waits = line.oldestSince !== null;
  const { windowMs } = line;
  const past = windowMs !== null && ms > windowMs;
  const loud = line.state === "stopped" || line.state === "behind";
  return (
    <div className={toneClass[past ? "breach" : verdictTone[verdict]]}>
      <div className="relative mb-1.25 flex h-5 items-baseline">
        <span className={cn("whitespace-nowrap", loud && waits ? "font-semibold text-fg" : waits ? "font-medium" : "text-ink-3")}>
          {waits ? ageText(ms) : "none"}
        </span>
        {waits && windowMs !== null && (
          <span className="absolute left-[calc(60%+7px)] whitespace-nowrap text-12 leading-5 text-ink-3">
            {past ? `${ageText(ms - windowMs)} past` : `of ${windowWords(windowMs)}`}
          </span>
        )}
      </div>
      {windowMs !== null && (
        <WindowBar
          share={waits ? ms / windowMs : 0}
          tone={past ? "breach" : verdictTone[verdict]}
          quiet={verdict === "healthy" && !past}
        />
      )}
    </div>
  );
}
