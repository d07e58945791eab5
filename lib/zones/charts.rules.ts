import type { Kind } from "../facts/rules";
import type { Instant } from "../time";
import type { ZoneChartsView } from "./views";

type Quantiles = { p50: number | null; p95: number | null; p99: number | null };

/** A zone's charts as they are drawn: a point a step, each with its time. */
export type ChartPoints = Pick<ZoneChartsView, "from" | "to" | "stepMs" | "windowMs" | "compensationStepMs" | "marks"> & {
  processing: ({ at: Instant } & Quantiles)[];
  publish: ({ at: Instant } & Quantiles)[];
  oldest: { at: Instant; ageMs: number | null }[];
  parked: { at: Instant; n: number | null }[];
  divergences: ({ at: Instant } & Record<Kind, number | null>)[];
  compensations: { at: Instant; ok: number; failed: number }[];
};

/** The points of charts that came as columns: times are the steps', so that none of them is sent. */
export function chartPoints(view: ZoneChartsView): ChartPoints {
  const { from, to, stepMs, windowMs, compensationStepMs, marks, divergences, compensations } = view;
  const at = (i: number): Instant => from + i * stepMs;
  const lags = ({ p50, p95, p99 }: ZoneChartsView["processing"]) =>
    p95.map((value, i) => ({ at: at(i), p50: p50[i] ?? null, p95: value, p99: p99[i] ?? null }));
  return {
    ...{ from, to, stepMs, windowMs, compensationStepMs, marks },
    processing: lags(view.processing),
    publish: lags(view.publish),
    oldest: view.oldestMs.map((ageMs, i) => ({ at: at(i), ageMs })),
    parked: view.parkedN.map((n, i) => ({ at: at(i), n })),
    divergences: divergences.missing.map((missing, i) => ({
      at: at(i),
      missing,
      unexpected: divergences.unexpected[i] ?? null,
      mismatch: divergences.mismatch[i] ?? null,
      duplicate: divergences.duplicate[i] ?? null,
    })),
    compensations: compensations.ok.map((ok, i) => ({
      at: compensations.from + i * compensationStepMs,
      ok,
      failed: compensations.failed[i] ?? 0,
    })),
  };
}
