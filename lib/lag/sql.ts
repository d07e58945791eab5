import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, list, rows, unnestOf } from "../db/rows";
import { fromSparse, mergeInto, toSparse } from "../histogram";
import type { Instant } from "../time";
import type { LagSample, Level, Measure } from "./rules";

type Stored = { zoneId: string; measure: Measure; consumer: string; fb: number[]; fc: number[]; wb: number[]; wc: number[] };

/** Adds samples to their 10 s bucket. The caller holds the zones' locks, so that what is read here is what is written back. */
export async function addSamples(tx: Db, at: Instant, samples: readonly LagSample[]): Promise<void> {
  if (samples.length === 0) return;
  const bucket = Math.floor(at / 10_000) * 10_000;
  const stored = await rows<Stored>(
    tx,
    sql`select zone_id as "zoneId", measure, consumer, finished_buckets as fb, finished_counts as fc, waiting_buckets as wb, waiting_counts as wc from lag_sample
          where level_s = 10 and at = ${instant(bucket)} and zone_id = any(${list([...new Set(samples.map((s) => s.zoneId))], "text")})`,
  );
  const before = new Map(stored.map((row) => [keyOf(row), row]));
  const merged = samples.map((sample) => {
    const old = before.get(keyOf(sample));
    return {
      ...sample,
      finished: toSparse(old ? mergeInto(fromSparse(old.fb, old.fc), sample.finished) : sample.finished),
      waiting: toSparse(old ? mergeInto(fromSparse(old.wb, old.wc), sample.waiting) : sample.waiting),
    };
  });
  // Arrays of different lengths do not fit into one unnest: each histogram goes over as text.
  const text = (numbers: number[]) => `{${numbers.join(",")}}`;
  await tx.execute(
    sql`insert into lag_sample (level_s, zone_id, measure, consumer, at, finished_buckets, finished_counts, waiting_buckets, waiting_counts)
        select 10, z, m, c, ${instant(bucket)}, fb::smallint[], fc::int[], wb::smallint[], wc::int[]
          from ${unnestOf("s", merged, { z: ["text", (s) => s.zoneId], m: ["text", (s) => s.measure], c: ["text", (s) => s.consumer], fb: ["text", (s) => text(s.finished.buckets)], fc: ["text", (s) => text(s.finished.counts)], wb: ["text", (s) => text(s.waiting.buckets)], wc: ["text", (s) => text(s.waiting.counts)] })}
        on conflict (level_s, zone_id, measure, consumer, at) do update set finished_buckets = excluded.finished_buckets, finished_counts = excluded.finished_counts,
          waiting_buckets = excluded.waiting_buckets, waiting_counts = excluded.waiting_counts`,
  );
}

const keyOf = (row: { zoneId: string; measure: string; consumer: string }): string =>
  `${row.zoneId}\n${row.measure}\n${row.consumer}`;

export type SeriesRow = { zoneId: string; measure: Measure; at: Instant; finished: string; waiting: string };

/** The zone-level series of a span; histograms leave as text (`b,b;n,n`), which is read faster than the driver reads arrays. */
export async function selectSeries(
  db: Db,
  zoneIds: readonly string[],
  level: Level,
  from: Instant,
  to: Instant,
): Promise<SeriesRow[]> {
  return rows<SeriesRow>(
    db,
    sql`select zone_id as "zoneId", measure, at, array_to_string(finished_buckets, ',') || ';' || array_to_string(finished_counts, ',') as finished,
          array_to_string(waiting_buckets, ',') || ';' || array_to_string(waiting_counts, ',') as waiting
          from lag_sample where level_s = ${level} and zone_id = any(${list(zoneIds, "text")}) and consumer = '' and at >= ${instant(from)} and at < ${instant(to)} order by at`,
  );
}

/** The same of some consumers and outboxes, each by the name that its samples have. */
export async function selectSeriesOf(
  db: Db,
  zoneIds: readonly string[],
  of: readonly { measure: Measure; name: string }[],
  level: Level,
  from: Instant,
  to: Instant,
): Promise<(SeriesRow & { consumer: string })[]> {
  return rows<SeriesRow & { consumer: string }>(
    db,
    sql`select s.zone_id as "zoneId", s.measure, s.consumer, s.at, array_to_string(s.finished_buckets, ',') || ';' || array_to_string(s.finished_counts, ',') as finished,
          array_to_string(s.waiting_buckets, ',') || ';' || array_to_string(s.waiting_counts, ',') as waiting
          from ${unnestOf("o", of, { measure: ["text", (one) => one.measure], consumer: ["text", (one) => one.name] })} join lag_sample s using (measure, consumer)
          where s.level_s = ${level} and s.zone_id = any(${list(zoneIds, "text")}) and s.at >= ${instant(from)} and s.at < ${instant(to)} order by s.at`,
  );
}

export type FinishedRow = { zoneId: string; consumer: string; at: Instant; finished: string };

/** What consumers finished lately, ten seconds a row, in a form as above. */
export async function selectFinished(
  db: Db,
  pairs: readonly { zoneId: string; consumer: string }[],
  from: Instant,
): Promise<FinishedRow[]> {
  if (pairs.length === 0) return [];
  return rows<FinishedRow>(
    db,
    sql`select s.zone_id as "zoneId", s.consumer, s.at, array_to_string(s.finished_buckets, ',') || ';' || array_to_string(s.finished_counts, ',') as finished
          from ${unnestOf("p", pairs, { zone_id: ["text", (pair) => pair.zoneId], consumer: ["text", (pair) => pair.consumer] })} join lag_sample s on s.level_s = 10 and s.measure = 'processing' and s.zone_id = p.zone_id and s.consumer = p.consumer
          where s.at > ${instant(from)} and s.finished_buckets <> '{}' order by s.at`,
  );
}

/** Sums a finer level's complete buckets into a coarser one; done again it gives the same rows. Answers how many were written. */
export async function rollUp(db: Db, fine: Level, coarse: Level, from: Instant, to: Instant): Promise<number> {
  const row = await firstRow<{ n: number }>(
    db,
    sql`with part as (
          select zone_id, measure, consumer, to_timestamp(floor(extract(epoch from at) / ${coarse}::int) * ${coarse}::int) as at, h.kind, h.b, least(sum(h.c), 2147483647)::int as c
            from lag_sample, lateral (select 'f' as kind, unnest(finished_buckets) as b, unnest(finished_counts) as c union all select 'w', unnest(waiting_buckets), unnest(waiting_counts)) h
            where level_s = ${fine} and at >= ${instant(from)} and at < ${instant(to)} group by 1, 2, 3, 4, 5, 6),
        whole as (select zone_id, measure, consumer, at, coalesce(array_agg(b order by b) filter (where kind = 'f'), '{}') as fb, coalesce(array_agg(c order by b) filter (where kind = 'f'), '{}') as fc,
            coalesce(array_agg(b order by b) filter (where kind = 'w'), '{}') as wb, coalesce(array_agg(c order by b) filter (where kind = 'w'), '{}') as wc from part group by 1, 2, 3, 4),
        done as (insert into lag_sample (level_s, zone_id, measure, consumer, at, finished_buckets, finished_counts, waiting_buckets, waiting_counts)
          select ${coarse}::smallint, zone_id, measure, consumer, at, fb, fc, wb, wc from whole
          on conflict (level_s, zone_id, measure, consumer, at) do update set finished_buckets = excluded.finished_buckets, finished_counts = excluded.finished_counts,
            waiting_buckets = excluded.waiting_buckets, waiting_counts = excluded.waiting_counts returning 1)
        select count(*)::int as n from done`,
  );
  return row?.n ?? 0;
}
