import type { Ctx } from "../context";
import { readContracts } from "../contracts/service";
import { noZone } from "../contracts/words";
import { lagSeries } from "../lag/service";
import { canRead } from "../permissions";
import { selectCompensationSeries } from "../sagas/read.sql";
import { days, hours, type Instant, minutes } from "../time";
import { marksOf } from "./marks";
import { selectSamples } from "./sql";
import type { ChartRange, ZoneChartsView } from "./views";

const rangeMs: Record<ChartRange, number> = {
  "30m": minutes(30),
  "1h": hours(1),
  "6h": hours(6),
  "24h": hours(24),
  "7d": days(7),
};

/** A zone's charts over a range; every series on the same steps, so that one crosshair reads them all. */
export async function readZoneCharts(
  ctx: Ctx,
  { zoneId, range }: { zoneId: string; range: ChartRange },
): Promise<ZoneChartsView> {
  const contract = canRead(ctx.actor, zoneId) ? (await readContracts(ctx.db)).find((one) => one.zoneId === zoneId) : undefined;
  if (!contract) throw noZone();
  const span = rangeMs[range];
  const lags = await lagSeries(ctx.db, zoneId, ctx.now - span, ctx.now);
  const { stepMs } = lags;
  const from = lags.series.processing[0]?.at ?? ctx.now - span;
  const level = stepMs < minutes(1) ? 10 : stepMs < minutes(5) ? 60 : stepMs < hours(1) ? 300 : 3_600;
  const [samples, compensations, marks] = await Promise.all([
    selectSamples(ctx.db, [zoneId], level, from, ctx.now),
    selectCompensationSeries(ctx.db, zoneId, from, ctx.now),
    marksOf(ctx, [zoneId], from, ctx.now),
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
  const oldest = worst("oldestMs");
  const parked = worst("parkedN");
  const diverged = {
    missing: worst("missingN"),
    unexpected: worst("unexpectedN"),
    mismatch: worst("mismatchN"),
    duplicate: worst("duplicateN"),
  };
  const barMs = Math.max(minutes(1), stepMs);
  return {
    from,
    to: ctx.now,
    stepMs,
    windowMs: contract.expectation.windowMs,
    processing: lags.series.processing,
    publish: lags.series.publish,
    oldest: steps.map((at, i) => ({ at, ageMs: oldest[i] ?? null })),
    parked: steps.map((at, i) => ({ at, n: parked[i] ?? null })),
    divergences: steps.map((at, i) => ({
      at,
      missing: diverged.missing[i] ?? null,
      unexpected: diverged.unexpected[i] ?? null,
      mismatch: diverged.mismatch[i] ?? null,
      duplicate: diverged.duplicate[i] ?? null,
    })),
    compensations: bars(compensations, from, ctx.now, barMs),
    compensationStepMs: barMs,
    marks,
  };
}

function bars(counts: readonly { at: Instant; ok: number; failed: number }[], from: Instant, to: Instant, stepMs: number) {
  const start = Math.floor(from / stepMs) * stepMs;
  const list = Array.from({ length: Math.ceil((to - start) / stepMs) }, (_, i) => ({ at: start + i * stepMs, ok: 0, failed: 0 }));
  for (const count of counts) {
    const bar = list[Math.floor((count.at - start) / stepMs)];
    if (!bar) continue;
    bar.ok += count.ok;
    bar.failed += count.failed;
  }
  return list;
}
