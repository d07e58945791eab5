"use client";
import { type PointerEvent, useState } from "react";
import { cn } from "@/components/ui/cn";
import { percentText } from "@/components/ui/format";
import type { DayView } from "@/lib/objectives/views";
import { days as daysMs, type Instant } from "@/lib/time";
import { counted } from "@/lib/words";
import { type DayLook, dayLook } from "./words";

type Props = { days: DayView[]; from: Instant; now: Instant; target: number | null };

const dayName = (at: Instant): string =>
  new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

const HEIGHT = 20;

/** A year, a column a day; a day of which nothing is known is a dot on the line. Under the pointer a day says how it was. */
export function YearStrip({ days, from, now, target }: Props) {
  const [over, setOver] = useState<number | null>(null);
  const n = Math.floor((now - from) / daysMs(1)) + 1;
  const byDay = new Map(days.map((day) => [Math.round((day.at - from) / daysMs(1)), day]));
  const point = (event: PointerEvent) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    setOver(Math.max(0, Math.min(n - 1, Math.floor(((event.clientX - left) / width) * n))));
  };
  return (
    <figure>
      <div className="relative" onPointerMove={point} onPointerLeave={() => setOver(null)}>
        <svg
          viewBox={`0 0 ${n} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={summary(days, target)}
          className="block h-7 w-full border-b border-grid"
        >
          {Array.from({ length: n }, (_, i) => (
            <Day key={i} i={i} look={looked(byDay.get(i), target)} isOver={i === over} />
          ))}
        </svg>
        {over !== null && (
          <span
            aria-hidden="true"
            className="pointer-events-none absolute bottom-full z-10 mb-0.5 -translate-x-1/2 whitespace-nowrap rounded-control bg-ink px-1.5 text-11 text-canvas"
            style={{ left: `clamp(96px, ${((over + 0.5) / n) * 100}%, calc(100% - 96px))` }}
          >
            {told(from + daysMs(over), byDay.get(over), target)}
          </span>
        )}
      </div>
      <figcaption className="mt-1 flex justify-between text-11 text-ink-3">
        <span>{dayName(from)}</span>
        <span>a day each, UTC</span>
        <span>today</span>
      </figcaption>
    </figure>
  );
}

const looked = (day: DayView | undefined, target: number | null): DayLook | null =>
  day && day.keptN + day.missedN > 0 ? dayLook(day, target) : null;

function Day({ i, look, isOver }: { i: number; look: DayLook | null; isOver: boolean }) {
  if (look === null) return <rect x={i + 0.3} y={HEIGHT - 1.5} width={0.4} height={1.5} className="fill-ink-mute" />;
  return (
    <g className={look.className}>
      <rect
        x={i + 0.1}
        y={HEIGHT - look.height}
        width={0.8}
        height={look.height}
        className={cn(isOver ? "fill-ink" : "fill-(--fill)")}
      />
    </g>
  );
}

function told(at: Instant, day: DayView | undefined, target: number | null): string {
  const look = looked(day, target);
  if (!day || look === null) return `${dayName(at)}: nothing judged`;
  const share = percentText(day.keptN / (day.keptN + day.missedN), 3);
  return `${dayName(at)}: ${share}, ${counted(day.missedN, "miss", "misses")}`;
}

function summary(days: readonly DayView[], target: number | null): string {
  const looks = days.flatMap((day) => looked(day, target)?.word ?? []);
  const words = [...new Set(looks)].map((word) => `${counted(looks.filter((one) => one === word).length, "day")} ${word}`);
  return words.length === 0 ? "A year of days: nothing judged yet" : `A year of days: ${words.join(", ")}`;
}
