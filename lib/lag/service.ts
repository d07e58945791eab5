import type { Db } from "../db/pool";
import { fromSparse, type Histogram, mergeInto, quantile } from "../histogram";
import { type Instant, minutes } from "../time";
import { type Flow, flowOf, type Level, type Measure, resolutionFor } from "./rules";
import { rollUp, type SeriesRow, selectFinished, selectSeries, selectSeriesOf } from "./sql";

export type LagPoint = { at: Instant; p50: number | null; p95: number | null; p99: number | null };

/** Percentiles of a zone's lag over a span, a point per step; what still waits counts at its age, a step without samples is null. */
export async function lagSeries(
  db: Db,
  zoneId: string,
  from: Instant,
  to: Instant,
  now = to,
): Promise<{ level: Level; stepMs: number; series: Record<Measure, LagPoint[]> }> {
  const { level, stepMs } = resolutionFor(to - from, now - from);
  const start = Math.floor(from / stepMs) * stepMs;
  const samples = await selectSeries(db, [zoneId], level, start, to);
  return {
    level,
    stepMs,
    series: {
      publish: points(samples, "publish", start, to, stepMs),
      processing: points(samples, "processing", start, to, stepMs),
    },
  };
}

// A bucket is wider than a millisecond from 50 ms on: what stands behind the point is no knowledge, and most of an answer.
const whole = (ms: number | null): number | null => (ms === null ? null : Math.round(ms));

/** The p95 of what each zone processed over a span, a point per step of that level. */
export async function zoneLags(
  db: Db,
  zoneIds: readonly string[],
  { from, to, level, stepMs }: { from: Instant; to: Instant; level: Level; stepMs: number },
): Promise<Map<string, (number | null)[]>> {
  const byZone = grouped(await selectSeries(db, zoneIds, level, from, to));
  return new Map(
    zoneIds.map((zoneId) => [
      zoneId,
      points(byZone.get(zoneId) ?? [], "processing", from, to, stepMs).map(({ p95 }) => whole(p95)),
    ]),
  );
}

/** Whose lags: a consumer's, or with `publish` those of the outbox of the source that is named. */
export type LagOf = { measure: Measure; name: string };

/**
 * The p95 of each of these over a span, a point per step, from what they did in some zones. A message that stands in two of them counts in
 * both, which moves a percentile little and no chart's shape.
 */
export async function lagsOf(
  db: Db,
  zoneIds: readonly string[],
  of: readonly LagOf[],
  { from, to, now }: { from: Instant; to: Instant; now: Instant },
): Promise<{ stepMs: number; lines: { at: Instant; p95: number | null }[][] }> {
  const { level, stepMs } = resolutionFor(to - from, now - from);
  const start = Math.floor(from / stepMs) * stepMs;
  const samples = await selectSeriesOf(db, zoneIds, of, level, start, to);
  return {
    stepMs,
    lines: of.map(({ measure, name }) =>
      points(
        samples.filter((sample) => sample.consumer === name),
        measure,
        start,
        to,
        stepMs,
      ).map(({ at, p95 }) => ({ at, p95: whole(p95) })),
    ),
  };
}

/**
 * The p95 of each zone's lags over the last minute, and its trend of the last 30, a point a minute, the last minute last. Whole minutes
 * are read as they were summed up, a sixth of the rows; only the newest, which may not be yet, from the looks themselves.
 */
export async function lagTrends(
  db: Db,
  zoneIds: readonly string[],
  now: Instant,
): Promise<Map<string, Record<Measure, { p95: number | null; trend: (number | null)[] }>>> {
  const end = Math.floor(now / 10_000) * 10_000 + 10_000;
  const whole = floor(now, 60);
  const start = whole - minutes(29);
  const fine = whole - minutes(2);
  const samples = await Promise.all([selectSeries(db, zoneIds, 60, start, fine), selectSeries(db, zoneIds, 10, fine, end)]);
  const byZone = grouped(samples.flat());
  return new Map(
    zoneIds.map((zoneId) => {
      const of = (measure: Measure) => {
        const own = byZone.get(zoneId) ?? [];
        const p95 = points(own, measure, end - minutes(1), end, minutes(1))[0]?.p95 ?? null;
        return { p95, trend: [...points(own, measure, start, whole, minutes(1)).map((point) => point.p95), p95] };
      };
      return [zoneId, { publish: of("publish"), processing: of("processing") }];
    }),
  );
}

/** How consumers that owe something have kept up in the last minute; an answer for each, in their order. */
export async function consumerFlows(
  db: Db,
  owing: readonly { zoneId: string; consumer: string; oldest: Instant }[],
  now: Instant,
): Promise<Flow[]> {
  const from = floor(now, 10) - 50_000;
  const finished = await selectFinished(db, owing, from - 1);
  return owing.map(({ zoneId, consumer, oldest }) =>
    flowOf(
      finished
        .filter((row) => row.zoneId === zoneId && row.consumer === consumer)
        .map((row) => ({ at: row.at, lags: parsed(row.finished) })),
      oldest,
      from,
    ),
  );
}

/** Sums up the last minutes, five minutes and hours, the present one as far as it is. Idempotent: a worker that died in between is made good by the next. */
export async function rollUpLags(db: Db, now: Instant): Promise<void> {
  await rollUp(db, 10, 60, floor(now, 60) - minutes(5), now);
  await rollUp(db, 60, 300, floor(now, 300) - minutes(20), now);
  await rollUp(db, 300, 3_600, floor(now, 3_600) - minutes(120), now);
}

const floor = (at: Instant, levelS: number): Instant => Math.floor(at / (levelS * 1_000)) * levelS * 1_000;

function points(samples: readonly SeriesRow[], measure: Measure, from: Instant, to: Instant, stepMs: number): LagPoint[] {
  const merged = new Map<number, Histogram>();
  for (const sample of samples) {
    if (sample.measure !== measure || sample.at < from || sample.at >= to) continue;
    const step = Math.floor((sample.at - from) / stepMs);
    const into = merged.get(step) ?? new Map();
    mergeInto(into, parsed(sample.finished));
    mergeInto(into, parsed(sample.waiting));
    merged.set(step, into);
  }
  return Array.from({ length: Math.ceil((to - from) / stepMs) }, (_, step) => {
    const histogram = merged.get(step);
    const q = (share: number) => (histogram ? quantile(histogram, share) : null);
    return { at: from + step * stepMs, p50: q(0.5), p95: q(0.95), p99: q(0.99) };
  });
}

function parsed(text: string): Histogram {
  const [buckets = "", counts = ""] = text.split(";");
  if (buckets === "") return new Map();
  return fromSparse(buckets.split(",").map(Number), counts.split(",").map(Number));
}

function grouped(samples: readonly SeriesRow[]): Map<string, SeriesRow[]> {
  const map = new Map<string, SeriesRow[]>();
  for (const sample of samples) {
    const list = map.get(sample.zoneId);
    if (list) list.push(sample);
    else map.set(sample.zoneId, [sample]);
  }
  return map;
}
