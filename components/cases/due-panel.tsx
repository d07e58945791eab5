"use client";
import { durationText } from "@/components/ui/format";
import { Panel } from "@/components/ui/panel";
import { toneClass } from "@/components/ui/tone";
import { When } from "@/components/ui/when";
import { WindowBar } from "@/components/ui/window-bar";
import type { CaseView } from "@/lib/cases/views";
import { type Instant, windowWords } from "@/lib/time";
import { useDue } from "./due";

/** How long there is to resolve it, against the contract. */
export function DuePanel({ one, now }: { one: CaseView["one"]; now: Instant }) {
  const { share, tone, leftMs } = useDue(one, now);
  return (
    <Panel aria-label="Due" className={toneClass[tone]}>
      <div className="grid gap-1.5 px-3.5 py-3">
        <div className="flex gap-2">
          <span className="text-ink-2">
            Resolve by <When at={one.dueAt} now={now} />
          </span>
          {one.dueMs > 0 && <span className="ml-auto text-12 text-ink-3">{windowWords(one.dueMs)}, from the contract</span>}
        </div>
        <p className="flex items-baseline gap-2">
          <span className={`text-22 font-semibold tracking-title ${share >= 1 ? "text-fg" : ""}`}>
            {durationText(Math.abs(leftMs))}
          </span>
          <span className="text-ink-2">{leftMs >= 0 ? "left" : "overdue"}</span>
        </p>
        <WindowBar share={share} tone={tone} tall />
        <div className="relative h-4 text-11 text-ink-3">
          opened <When at={one.clockAt} now={now} />
          <span className="absolute left-3/5 -translate-x-1/2 whitespace-nowrap text-ink">due</span>
        </div>
      </div>
    </Panel>
  );
}
