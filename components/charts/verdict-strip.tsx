"use client";
import { type PointerEvent, useState } from "react";
import { cn } from "@/components/ui/cn";
import { minuteText } from "@/components/ui/format";
import { Link } from "@/components/ui/link";
import { type Instant, minutes } from "@/lib/time";

const looks: Record<string, { className: string; word: string }> = {
  b: { className: "h-4 v-breach hatch-fill", word: "breached" },
  r: { className: "h-3 v-risk bg-fill", word: "at risk" },
  c: { className: "h-1.75 v-conv bg-fill", word: "converging" },
  h: { className: "h-[2.5px] v-ok bg-fill", word: "healthy" },
  u: { className: "h-1.75 border border-dotted border-ink-mute", word: "no data" },
};
const blank = { className: "h-0", word: "not judged" };

/** The spoken form of a strip: how many minutes in each verdict, worst first. */
function stripSummary(title: string, letters: string): string {
  const parts = Object.entries(looks).flatMap(([letter, { word }]) => {
    const n = [...letters].filter((each) => each === letter).length;
    return n === 0 ? [] : [`${n} min ${word}`];
  });
  return `${title}: ${parts.join(", ") || "not judged yet"}`;
}

type Props = {
  title: string;
  letters: string;
  /** The beginning of the first column. */
  from: Instant;
  /** Where a minute leads; null is the whole strip, for who comes by keyboard. */
  hrefOf: (at: Instant | null) => string;
};

/** One column a minute; the height repeats what the colour says. Under the pointer a minute says how it was, and leads to its charts. */
export function VerdictStrip({ title, letters, from, hrefOf }: Props) {
  const [over, setOver] = useState<number | null>(null);
  const point = (event: PointerEvent) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    setOver(Math.max(0, Math.min(letters.length - 1, Math.floor(((event.clientX - left) / width) * letters.length))));
  };
  const at = over === null ? null : from + minutes(over);
  return (
    <Link
      href={hrefOf(at)}
      aria-label={stripSummary(title, letters)}
      onPointerMove={point}
      onPointerLeave={() => setOver(null)}
      className="relative flex h-5 items-end gap-px border-b border-grid sm:gap-0.5"
    >
      {[...letters].map((letter, i) => (
        <span
          key={i}
          className={cn(
            "min-w-0 flex-1 rounded-hair",
            (looks[letter] ?? blank).className,
            i === over && "outline-2 outline-ink-mute",
          )}
        />
      ))}
      {at !== null && (
        <span
          aria-hidden="true"
          className="pointer-events-none absolute bottom-full z-10 mb-0.5 -translate-x-1/2 whitespace-nowrap rounded-control bg-ink px-1.5 text-11 text-canvas"
          style={{ left: `clamp(48px, ${((over! + 0.5) / letters.length) * 100}%, calc(100% - 48px))` }}
        >
          {minuteText(at)} {(looks[letters[over!]!] ?? blank).word}
        </span>
      )}
    </Link>
  );
}
