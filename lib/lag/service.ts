import type { Db } from "../db/pool";
import { fromSparse, type Histogram, HistogramSum } from "../histogram";
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
export const wholeMs = (ms: number | null): number | null => (ms === null ? null : Math.round(ms));

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
      points(byZone.get(zoneId) ?? [], "processing", from, to, stepMs).map(({ p95 }) => wholeMs(p95)),
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
      ).map(({ at, p95 }) => ({ at, p95: wholeMs(p95) })),
    ),
  };
}

type TrendPoint = Record<Measure, number | null>;

/** Points of trends that cannot change any more, by zone and minute; kept by who asks in every round. */
export type KeptTrends = Map<string, Map<Instant, TrendPoint>>;

// Roll-ups look back five minutes.
const SETTLED_MS = minutes(6);

/**
 * The p95 of each zone's lags over the last minute, and its trend of the last 30, a point a minute, the last minute last. Whole minutes
 * are read as they were summed up, a sixth of the rows; only the newest, which may not be yet, from the looks themselves.
 */
export async function lagTrends(
  db: Db,
  zoneIds: readonly string[],
  now: Instant,
  kept: KeptTrends = new Map(),
): Promise<Map<string, Record<Measure, { p95: number | null; trend: (number | null)[] }>>> {
  const end = Math.floor(now / 10_000) * 10_000 + 10_000;
  const whole = floor(now, 60);
  const start = whole - minutes(29);
  const fine = whole - minutes(2);
  const isKept = zoneIds.every(
    (zoneId) => kept.get(zoneId)?.has(start) && kept.get(zoneId)?.has(whole - SETTLED_MS - minutes(1)),
  );
  const from = isKept ? whole - SETTLED_MS : start;
  const samples = await Promise.all([selectSeries(db, zoneIds, 60, from, fine), selectSeries(db, zoneIds, 10, fine, end)]);
  const byZone = grouped(samples.flat());
  return new Map(
    zoneIds.map((zoneId) => {
      const own = byZone.get(zoneId) ?? [];
      const old = kept.get(zoneId) ?? new Map<Instant, TrendPoint>();
      const read = {
        publish: points(own, "publish", from, whole, minutes(1)),
        processing: points(own, "processing", from, whole, minutes(1)),
      };
      keepSettled(old, read, whole - SETTLED_MS, start);
      kept.set(zoneId, old);
      const of = (measure: Measure) => {
        const p95 = points(own, measure, end - minutes(1), end, minutes(1))[0]?.p95 ?? null;
        const before = Array.from(
          { length: (from - start) / minutes(1) },
          (_, i) => old.get(start + i * minutes(1))?.[measure] ?? null,
        );
        return { p95, trend: [...before, ...read[measure].map((point) => point.p95), p95] };
      };
      return [zoneId, { publish: of("publish"), processing: of("processing") }];
    }),
  );
}

function keepSettled(old: Map<Instant, TrendPoint>, read: Record<Measure, LagPoint[]>, settled: Instant, start: Instant): void {
  for (const [i, { at, p95 }] of read.publish.entries())
    if (at < settled) old.set(at, { publish: p95, processing: read.processing[i]!.p95 });
  for (const at of old.keys()) if (at < start) old.delete(at);
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

/** A point per step; samples come in the order of their time. */
function points(samples: readonly SeriesRow[], measure: Measure, from: Instant, to: Instant, stepMs: number): LagPoint[] {
  const list = Array.from({ length: Math.ceil((to - from) / stepMs) }, (_, step): LagPoint => {
    return { at: from + step * stepMs, p50: null, p95: null, p99: null };
  });
  const sum = new HistogramSum();
  let at = -1;
  const close = () => {
    if (at < 0) return;
    const [p50 = null, p95 = null, p99 = null] = sum.quantiles([0.5, 0.95, 0.99]);
    list[at] = { at: from + at * stepMs, p50, p95, p99 };
    sum.clear();
  };
  for (const sample of samples) {
    if (sample.measure !== measure || sample.at < from || sample.at >= to) continue;
    const step = Math.floor((sample.at - from) / stepMs);
    if (step !== at) close();
    at = step;
    sum.add(sample.finished);
    sum.add(sample.waiting);
  }
  close();
  return list;
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
