import { bucketValueMs, GAMMA, type Histogram, total } from "../histogram";
import { days, type Instant, seconds } from "../time";

/** Levels of the series in seconds, fine to coarse: kept 24 h, 14 d, 60 d, 400 d. */
export const levels = [10, 60, 300, 3_600] as const;
export type Level = (typeof levels)[number];

export type Measure = "publish" | "processing";

/** Lags of one measure met in one look, apart: finished ones count once, waiting ones at their age at each look. `consumer` '' is the whole zone. */
export type LagSample = { zoneId: string; measure: Measure; consumer: string; finished: Histogram; waiting: Histogram };

const keptMs: Record<Level, number> = { 10: days(1), 60: days(14), 300: days(60), 3600: days(400) };

const steps: readonly { level: Level; stepMs: number }[] = [
  { level: 10, stepMs: 10_000 },
  { level: 10, stepMs: 20_000 },
  { level: 60, stepMs: 60_000 },
  { level: 60, stepMs: 120_000 },
  { level: 300, stepMs: 300_000 },
  { level: 3_600, stepMs: 3_600_000 },
  { level: 3_600, stepMs: 21_600_000 },
  { level: 3_600, stepMs: 86_400_000 },
];

/**
 * Which level and how many of its buckets make one point of a chart of this span, so that none has more than about 300 points (400 for
 * as many days), and so that the level still reaches back to where the span begins.
 */
export function resolutionFor(spanMs: number, beganMsAgo = spanMs, most = 300): { level: Level; stepMs: number } {
  return steps.find(({ level, stepMs }) => spanMs / stepMs <= most && beganMsAgo <= keptMs[level]) ?? steps.at(-1)!;
}

/**
 * How a consumer has kept up since an instant: what it finished, how much of that had come since then (`cameN`), how much it finished
 * since the oldest that it still owes has waited (`sinceN`) and how much of this surely occurred after that one (`newerN`), and when it
 * last finished anything.
 */
export type Flow = { from: Instant; doneN: number; cameN: number; sinceN: number; newerN: number; lastAt: Instant | null };

const SAMPLE_MS = seconds(10);

/** The flow of a consumer, from what it finished in each ten seconds, given since when the oldest that it owes has waited. */
export function flowOf(finished: readonly { at: Instant; lags: Histogram }[], oldest: Instant, from: Instant): Flow {
  const flow: Flow = { from, doneN: 0, cameN: 0, sinceN: 0, newerN: 0, lastAt: null };
  for (const { at, lags } of finished) {
    const end = at + SAMPLE_MS;
    flow.doneN += total(lags);
    if (at > oldest) flow.sinceN += total(lags);
    flow.lastAt = Math.max(flow.lastAt ?? 0, end);
    for (const [bucket, n] of lags) {
      const lagMs = bucketValueMs(bucket);
      if (at + SAMPLE_MS / 2 - lagMs > from) flow.cameN += n;
      if (at - lagMs * GAMMA > oldest) flow.newerN += n;
    }
  }
  return flow;
}
