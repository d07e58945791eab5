import { type Instant, minutes } from "@/lib/time";
import type { ChartRange } from "@/lib/zones/views";

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
