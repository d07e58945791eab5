import type { Ctx } from "../context";
import { readContracts } from "../contracts/service";
import { noZone } from "../contracts/words";
import { type LagPoint, lagSeries, wholeMs } from "../lag/service";
import { canRead } from "../permissions";
import { type Range, spanOf } from "../range";
import { selectCompensationSeries } from "../sagas/read.sql";
import { type Instant, minutes } from "../time";
import { selectSamples } from "../verdicts/samples.sql";
import { marksOf } from "./marks";
import type { ZoneChartsView } from "./views";

/** A zone's charts over a range, as columns; every series on the same steps, so that one crosshair reads them all. */
export async function readZoneCharts(ctx: Ctx, { zoneId, range }: { zoneId: string; range: Range }): Promise<ZoneChartsView> {
  const contract = canRead(ctx.actor, zoneId) ? (await readContracts(ctx.db)).find((one) => one.zoneId === zoneId) : undefined;
  if (!contract) throw noZone();
  const span = spanOf(range, ctx.now);
  const { to } = span;
  const lags = await lagSeries(ctx.db, zoneId, span.from, to, ctx.now);
  const { level, stepMs } = lags;
  const from = lags.series.processing[0]?.at ?? span.from;
  const [samples, compensations, marks] = await Promise.all([
    selectSamples(ctx.db, [zoneId], level, from, to),
    selectCompensationSeries(ctx.db, zoneId, from, to),
    marksOf(ctx, [zoneId], from, to),
  ]);
  const steps = lags.series.processing.map(({ at }) => at);
  const place = (at: Instant) => Math.floor((at - from) / stepMs);
  const worst = (key: "oldestMs" | "parkedN" | "missingN" | "unexpectedN" | "mismatchN" | "duplicateN") => {
    const values: (number | null)[] = steps.map(() => null);
    for (const sample of samples) {
      const i = place(sample.at);
      // A judged span with nothing open is zero; a span that nobody judged stays a gap.
      const value = key === "oldestMs" && sample.oldestMs === null ? 0 : sample[key];
      if (i >= 0 && i < values.length && value !== null) values[i] = Math.max(values[i] ?? 0, value);
    }
    return values;
  };
  const barMs = Math.max(minutes(1), stepMs);
  return {
    from,
    to,
    stepMs,
    windowMs: contract.expectation.windowMs,
    processing: columns(lags.series.processing),
    publish: columns(lags.series.publish),
    oldestMs: worst("oldestMs"),
    parkedN: worst("parkedN"),
    divergences: {
      missing: worst("missingN"),
      unexpected: worst("unexpectedN"),
      mismatch: worst("mismatchN"),
      duplicate: worst("duplicateN"),
    },
    compensations: bars(compensations, from, to, barMs),
    compensationStepMs: barMs,
    marks,
  };
}

const columns = (points: readonly LagPoint[]): ZoneChartsView["processing"] => ({
  p50: points.map(({ p50 }) => wholeMs(p50)),
  p95: points.map(({ p95 }) => wholeMs(p95)),
  p99: points.map(({ p99 }) => wholeMs(p99)),
});

function bars(
  counts: readonly { at: Instant; ok: number; failed: number }[],
  from: Instant,
  to: Instant,
  stepMs: number,
): ZoneChartsView["compensations"] {
  const start = Math.floor(from / stepMs) * stepMs;
  const length = Math.ceil((to - start) / stepMs);
  const [ok, failed] = [new Array<number>(length).fill(0), new Array<number>(length).fill(0)];
  for (const count of counts) {
    const i = Math.floor((count.at - start) / stepMs);
    if (i < 0 || i >= length) continue;
    ok[i] = ok[i]! + count.ok;
    failed[i] = failed[i]! + count.failed;
  }
  return { from: start, ok, failed };
}
