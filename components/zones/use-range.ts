"use client";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useKeys } from "@/components/ui/keys";
import { type ChartRange, chartRanges } from "@/lib/zones/views";

/** The range of all charts, in the URL; `[` and `]` change it. */
export function useRange(fallback: ChartRange): [ChartRange, (range: ChartRange) => void] {
  const [chosen, setChosen] = useQueryState("range", parseAsStringLiteral(chartRanges));
  const range = chosen ?? fallback;
  const step = (by: number) =>
    setChosen(chartRanges[Math.max(0, Math.min(chartRanges.length - 1, chartRanges.indexOf(range) + by))]!);
  useKeys({ "[": () => step(-1), "]": () => step(1) });
  return [range, setChosen];
}
