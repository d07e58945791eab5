import type { Histogram } from "../histogram";

/** Levels of the series in seconds, fine to coarse: kept 24 h, 14 d, 60 d, 400 d. */
export const levels = [10, 60, 300, 3_600] as const;
export type Level = (typeof levels)[number];

export type Measure = "publish" | "processing";

/** Lags of one measure met in one look, apart: finished ones count once, waiting ones at their age at each look. `consumer` '' is the whole zone. */
export type LagSample = { zoneId: string; measure: Measure; consumer: string; finished: Histogram; waiting: Histogram };

/** Which level and how many of its buckets make one point of a chart of this span, so that none has more than about 300 points. */
export function resolutionFor(spanMs: number): { level: Level; stepMs: number } {
  const steps: { level: Level; stepMs: number }[] = [
    { level: 10, stepMs: 10_000 },
    { level: 10, stepMs: 20_000 },
    { level: 60, stepMs: 120_000 },
    { level: 300, stepMs: 300_000 },
    { level: 3_600, stepMs: 3_600_000 },
    { level: 3_600, stepMs: 21_600_000 },
  ];
  return steps.find(({ stepMs }) => spanMs / stepMs <= 300) ?? steps.at(-1)!;
}
