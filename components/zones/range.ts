"use client";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useKeys } from "@/components/ui/keys";
import { type Instant, minutes } from "@/lib/time";
import { type ChartRange, chartRanges } from "@/lib/zones/views";

export const rangeWords: Record<ChartRange, string> = { "30m": "30 min", "1h": "1 h", "6h": "6 h", "24h": "24 h", "7d": "7 d" };
export const rangeTitle: Record<ChartRange, string> = {
  "30m": "Last 30 minutes",
  "1h": "Last hour",
  "6h": "Last 6 hours",
  "24h": "Last 24 hours",
  "7d": "Last 7 days",
};

/** A verdict that is young is looked at closely, also when it is good again; anything else over a day. */
export function defaultRange(since: Instant | null, now: Instant): ChartRange {
  return since !== null && now - since < minutes(15) ? "30m" : "24h";
}

/** The range of all charts, in the URL; `[` and `]` change it. */
export function useRange(fallback: ChartRange): [ChartRange, (range: ChartRange) => void] {
  const [chosen, setChosen] = useQueryState("range", parseAsStringLiteral(chartRanges));
  const range = chosen ?? fallback;
  const step = (by: number) =>
    setChosen(chartRanges[Math.max(0, Math.min(chartRanges.length - 1, chartRanges.indexOf(range) + by))]!);
  useKeys({ "[": () => step(-1), "]": () => step(1) });
  return [range, setChosen];
}
