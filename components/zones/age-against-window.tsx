"use client";
import { cn } from "@/components/ui/cn";
import { durationText } from "@/components/ui/format";
import { ageText, useAge } from "@/components/ui/live-age";
import { toneClass, verdictTone } from "@/components/ui/tone";
import { WindowBar } from "@/components/ui/window-bar";
import type { Instant } from "@/lib/time";
import type { Verdict } from "@/lib/verdicts/rules";
import type { ZoneRow } from "@/lib/zones/views";

type Props = { zone: ZoneRow; verdict: Verdict; now: Instant; frozen: boolean };

/** The oldest unresolved key against the window: its age, what is left or past, and the bar. Never an age alone. */
export function AgeAgainstWindow({ zone, verdict, now, frozen }: Props) {
  const ms = useAge(zone.oldest?.since ?? now, now, frozen);
  const tone = verdictTone[verdict];
  const loud = verdict === "breached" || verdict === "at_risk";
  // A frozen verdict may read "was"; an age that nobody sees any more is unknown all the same.
  if (zone.silent)
    return (
      <div>
        <div className="relative mb-1.25 h-5 text-ink-3">
          Unknown
          <span className="absolute left-[calc(60%+7px)] whitespace-nowrap text-12 leading-5">
            {zone.observedAt === null ? "never seen" : <Silent since={zone.observedAt} now={now} />}
          </span>
        </div>
        <WindowBar share={null} tone="none" />
      </div>
    );
  const open = zone.oldest !== null;
  const left = zone.windowMs - ms;
  const tells = open && (left < 0 || verdict !== "healthy");
  return (
    <div className={toneClass[tone]}>
      <div className="relative mb-1.25 flex h-5 items-baseline">
        <span
          className={cn(
            "whitespace-nowrap",
            loud ? "text-15 font-semibold tracking-lead text-fg" : open ? "font-medium" : "text-ink-3",
          )}
        >
          {open ? ageText(ms) : "none open"}
        </span>
        {tells && (
          <span
            className={cn(
              "absolute left-[calc(60%+7px)] whitespace-nowrap text-12 leading-5",
              loud ? "font-medium text-fg" : "text-ink-3",
            )}
          >
            {left < 0 ? `${ageText(-left)} past` : `${ageText(left)} left`}
          </span>
        )}
      </div>
      <WindowBar share={open ? ms / zone.windowMs : 0} tone={tone} quiet={verdict === "healthy"} />
    </div>
  );
}

function Silent({ since, now }: { since: Instant; now: Instant }) {
  const ms = useAge(since, now);
  const text = ms < 60_000 ? ageText(ms) : ms < 3_600_000 ? `${Math.floor(ms / 60_000)} min` : durationText(ms);
  return <>silent for {text}</>;
}
