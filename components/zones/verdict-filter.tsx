"use client";
import { parseAsArrayOf, parseAsStringLiteral, useQueryState } from "nuqs";
import { useRef } from "react";
import { cn } from "@/components/ui/cn";
import { VerdictGlyph } from "@/components/ui/glyph";
import { Kbd } from "@/components/ui/kbd";
import { useKeys } from "@/components/ui/keys";
import { verdictWord } from "@/components/ui/tone";
import { type Verdict, verdicts } from "@/lib/verdicts/rules";

/** Which verdicts are shown, in the URL; none chosen means all. */
export const useVerdictFilter = () => useQueryState("verdict", parseAsArrayOf(parseAsStringLiteral(verdicts)).withDefault([]));

/** The counts, as filters. */
export function VerdictFilter({ counts, was }: { counts: Record<Verdict, number>; was: boolean }) {
  const [chosen, setChosen] = useVerdictFilter();
  const first = useRef<HTMLDivElement>(null);
  useKeys({ f: () => first.current?.querySelector("button")?.focus() });
  const toggle = (verdict: Verdict) =>
    setChosen(chosen.includes(verdict) ? chosen.filter((each) => each !== verdict) : [...chosen, verdict]);
  return (
    <div ref={first} className="mt-3 flex flex-wrap items-center gap-1.5">
      {verdicts
        .filter((verdict) => counts[verdict] > 0 || chosen.includes(verdict))
        .map((verdict) => (
          <button
            key={verdict}
            type="button"
            aria-pressed={chosen.includes(verdict)}
            onClick={() => toggle(verdict)}
            className={cn(
              "inline-flex h-compact items-center gap-1.5 rounded-full border bg-surface px-2.25 text-12 text-ink-2 hover:border-line-strong max-md:h-11 max-md:px-3.5",
              chosen.includes(verdict) && "border-accent-line bg-selected text-accent hover:border-accent-line",
            )}
          >
            <VerdictGlyph verdict={verdict} size={14} was={was && verdict !== "unknown"} />
            <span>
              <b className={chosen.includes(verdict) ? "" : "text-ink"}>{counts[verdict]}</b>{" "}
              {was && verdict !== "unknown" && "was "}
              {verdictWord[verdict].toLowerCase()}
            </span>
          </button>
        ))}
      <span className="ml-1.5 inline-flex items-center gap-1 text-12 text-ink-3 max-lg:hidden">
        Sorted worst first. <Kbd>j</Kbd> <Kbd>k</Kbd> move, <Kbd>⏎</Kbd> open, <Kbd>f</Kbd> filter
      </span>
    </div>
  );
}
