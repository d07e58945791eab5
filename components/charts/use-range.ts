"use client";
import { createParser, parseAsBoolean, useQueryState } from "nuqs";
import { useState } from "react";
import { useKeys } from "@/components/ui/keys";
import { rangeLimits, rangeOf } from "@/lib/range";
import { steppedRange } from "./range";

const parseRange = createParser({ parse: (text) => (rangeOf(text) ? text : null), serialize: (text: string) => text });

/**
 * The range of all charts, in the URL. `[` and `]` change it; what was zoomed is gone back from with `Backspace`, its button, or the
 * browser's own way back. Longer than `mostMs` is none.
 */
export function useRange(fallback: string, mostMs: number = rangeLimits.mostMs) {
  // As it was when the screen was opened: a range that grew with the incident would move what is being read.
  const [usual] = useState(fallback);
  const [chosen, setChosen] = useQueryState("range", parseRange.withOptions({ history: "push" }));
  const [compare, setCompare] = useQueryState("compare", parseAsBoolean.withDefault(false));
  const [before, setBefore] = useState<string[]>([]);
  const fits = (each: string) => rangeOf(each)!.spanMs <= mostMs;
  const text = chosen !== null && fits(chosen) ? chosen : usual;
  const set = (next: string) => {
    if (next === text || !fits(next)) return;
    setBefore((all) => [...all.slice(-19), text]);
    setChosen(next);
  };
  const zoomed = rangeOf(text)!.to !== null;
  const back = () => {
    if (before.length === 0 && !zoomed) return;
    setBefore((all) => all.slice(0, -1));
    setChosen(before.at(-1) ?? null);
  };
  useKeys({ "[": () => set(steppedRange(text, -1)), "]": () => set(steppedRange(text, 1)), Backspace: back });
  return { text, range: rangeOf(text)!, set, back: zoomed || before.length > 0 ? back : null, compare, setCompare, mostMs };
}
