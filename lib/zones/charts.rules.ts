import type { Kind } from "../facts/rules";
import type { Instant } from "../time";

type LagColumns = Record<"p50" | "p95" | "p99", (number | null)[]>;

/** Charts as columns, one value a step from `from` on; null where nothing was measured, which is drawn as a gap. */
export type ChartColumns = {
  from: Instant;
  to: Instant;
  stepMs: number;
  /** Waiting messages count at their present age. */
  processing: LagColumns;
  publish: LagColumns;
  oldestMs: (number | null)[];
  parkedN: (number | null)[];
  divergences: Record<Kind, (number | null)[]>;
  /** Counted by the minute, so that their steps are a minute at least. */
  compensations: { from: Instant; ok: number[]; failed: number[] };
  compensationStepMs: number;
};

type LagPoint = { at: Instant; p50: number | null; p95: number | null; p99: number | null };
type Columns = "processing" | "publish" | "oldestMs" | "parkedN" | "divergences" | "compensations";

/** Charts as they are drawn: a point a step, each with its time. */
export type PointsOf<C extends ChartColumns> = Omit<C, Columns> & {
  processing: LagPoint[];
  publish: LagPoint[];
  oldest: { at: Instant; ageMs: number | null }[];
  parked: { at: Instant; n: number | null }[];
  divergences: ({ at: Instant } & Record<Kind, number | null>)[];
  compensations: { at: Instant; ok: number; failed: number }[];
};

/** The points of charts that came as columns: times are the steps', so that none of them is sent. */
export function chartPoints<C extends ChartColumns>(view: C): PointsOf<C> {
  const { processing, publish, oldestMs, parkedN, divergences, compensations, ...rest } = view;
  const at = (i: number): Instant => view.from + i * view.stepMs;
  const lags = ({ p50, p95, p99 }: LagColumns): LagPoint[] =>
    p95.map((value, i) => ({ at: at(i), p50: p50[i] ?? null, p95: value, p99: p99[i] ?? null }));
  return {
    ...rest,
    processing: lags(processing),
    publish: lags(publish),
    oldest: oldestMs.map((ageMs, i) => ({ at: at(i), ageMs })),
    parked: parkedN.map((n, i) => ({ at: at(i), n })),
    divergences: divergences.missing.map((missing, i) => ({
      at: at(i),
      missing,
      unexpected: divergences.unexpected[i] ?? null,
      mismatch: divergences.mismatch[i] ?? null,
      duplicate: divergences.duplicate[i] ?? null,
    })),
    compensations: compensations.ok.map((ok, i) => ({
      at: compensations.from + i * view.compensationStepMs,
      ok,
      failed: compensations.failed[i] ?? 0,
    })),
  };
}
