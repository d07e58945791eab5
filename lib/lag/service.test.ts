import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { rows } from "../db/rows";
import { type TestStore, testStore } from "../db/testing";
import { add, fromSparse, type Histogram, mergeInto, quantile, toSparse } from "../histogram";
import { LagTally } from "../observation/lags";
import { presetRanges, rangeOf } from "../range";
import { days, hours, minutes, seconds } from "../time";
import { type LagSample, type Measure, resolutionFor } from "./rules";
import { lagSeries, lagTrends, rollUpLags } from "./service";
import { addSamples } from "./sql";

// The tables are partitioned around the present: a whole hour of it, so that every level has whole buckets.
const hour = Math.floor(Date.now() / hours(1)) * hours(1);
let store: TestStore;
beforeAll(async () => {
  store = await testStore();
});
afterAll(() => store.close());
afterEach(() => store.db.execute(sql`delete from lag_sample`));

const of = (...values: number[]): Histogram => {
  const histogram: Histogram = new Map();
  for (const value of values) add(histogram, value);
  return histogram;
};
const sample = (over: Partial<LagSample> = {}): LagSample => ({
  zoneId: "orders",
  measure: "processing",
  consumer: "",
  finished: new Map(),
  waiting: new Map(),
  ...over,
});

type Stored = { at: number; consumer: string; measure: Measure; fb: number[]; fc: number[]; wb: number[]; wc: number[] };
const stored = (level: number) =>
  rows<Stored>(
    store.db,
    sql`select at, consumer, measure, finished_buckets as fb, finished_counts as fc, waiting_buckets as wb, waiting_counts as wc
          from lag_sample where level_s = ${level} order by at, measure, consumer`,
  );

test("looks of the same ten seconds add up, and what waits stays apart from what is finished", async () => {
  await addSamples(store.db, hour + 1_000, [sample({ finished: of(100, 100), waiting: of(5_000) })]);
  await addSamples(store.db, hour + 9_999, [sample({ finished: of(100, 900) })]);
  await addSamples(store.db, hour + 10_000, [sample({ finished: of(7) })]);
  const [first, second] = await stored(10);
  expect(first).toMatchObject({ at: hour, ...columns(of(100, 100, 100, 900), of(5_000)) });
  expect(second).toMatchObject({ at: hour + 10_000, ...columns(of(7), new Map()) });
});

const columns = (finished: Histogram, waiting: Histogram) => {
  const [f, w] = [toSparse(finished), toSparse(waiting)];
  return { fb: f.buckets, fc: f.counts, wb: w.buckets, wc: w.counts };
};

const look = fc.record({
  atS: fc.nat(3_599),
  consumer: fc.constantFrom("", "payment-service"),
  measure: fc.constantFrom<Measure[]>("publish", "processing"),
  finished: fc.array(fc.integer({ min: 1, max: 1e7 }), { maxLength: 6 }),
  waiting: fc.array(fc.integer({ min: 1, max: 1e7 }), { maxLength: 6 }),
});

test("every level is the sum of the raw samples, however often it is rolled up", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(look, { minLength: 1, maxLength: 25 }), async (looks) => {
      await store.db.execute(sql`delete from lag_sample`);
      for (const { atS, consumer, measure, ...lags } of looks)
        await addSamples(store.db, hour + seconds(atS), [
          sample({ consumer, measure, finished: of(...lags.finished), waiting: of(...lags.waiting) }),
        ]);
      // As the worker does it, round after round, and one more time at the end.
      for (let at = hour + minutes(4); at <= hour + hours(1); at += minutes(4)) await rollUpLags(store.db, at);
      const once = [await stored(60), await stored(300), await stored(3_600)];
      await rollUpLags(store.db, hour + hours(1));
      expect([await stored(60), await stored(300), await stored(3_600)]).toEqual(once);

      for (const [i, level] of [60, 300, 3_600].entries()) {
        const expected = new Map<string, { finished: Histogram; waiting: Histogram }>();
        for (const { atS, consumer, measure, finished, waiting } of looks) {
          if (finished.length + waiting.length === 0) continue;
          const key = [hour + Math.floor(atS / level) * level * 1_000, measure, consumer].join();
          const sum = expected.get(key) ?? { finished: new Map(), waiting: new Map() };
          expected.set(key, sum);
          mergeInto(sum.finished, of(...finished));
          mergeInto(sum.waiting, of(...waiting));
        }
        const found = new Map(once[i]!.map((row) => [[row.at, row.measure, row.consumer].join(), row]));
        expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
        for (const [key, sum] of expected) expect(found.get(key)).toMatchObject(columns(sum.finished, sum.waiting));
      }
    }),
    { numRuns: 6 },
  );
});

test("a minute that comes late is rolled up in the next round", async () => {
  await addSamples(store.db, hour, [sample({ finished: of(100) })]);
  await rollUpLags(store.db, hour + minutes(2));
  await addSamples(store.db, hour + 20_000, [sample({ finished: of(200) })]);
  await rollUpLags(store.db, hour + minutes(3));
  expect(await stored(60)).toMatchObject([columns(of(100, 200), new Map())]);
});

test("counts beyond what a column holds stay at its end instead of stopping every roll-up", async () => {
  const many: Histogram = new Map([[100, 2_000_000_000]]);
  for (const at of [hour, hour + 10_000]) await addSamples(store.db, at, [sample({ waiting: many })]);
  await rollUpLags(store.db, hour + minutes(1));
  expect(await stored(60)).toMatchObject([{ wc: [2_147_483_647] }]);
});

test("a zone's own row is the sum over its consumers, for both measures", async () => {
  const tally = new LagTally();
  tally.finished(["orders", "ledger"], "processing", "payment-service", 100);
  tally.finished(["orders"], "processing", "stock-service", 9_000);
  tally.finished(["orders"], "publish", "shop", 30);
  const samples = await tally.withWaiting(store.db, "nobody", hour);
  for (const measure of ["publish", "processing"] as const)
    for (const zoneId of ["orders", "ledger"]) {
      const own = samples.filter((one) => one.zoneId === zoneId && one.measure === measure);
      const consumers = own.filter((one) => one.consumer !== "").reduce((sum, one) => mergeInto(sum, one.finished), new Map());
      const zone = own.find((one) => one.consumer === "");
      expect(toSparse(zone?.finished ?? new Map())).toEqual(toSparse(consumers));
    }
});

test("what waits is seen in the percentiles at its age, when nothing is finished any more", async () => {
  await addSamples(store.db, hour, [sample({ finished: of(...Array(50).fill(100)) })]);
  await addSamples(store.db, hour + 10_000, [sample({ waiting: of(240_000) })]);
  const { stepMs, series } = await lagSeries(store.db, "orders", hour, hour + minutes(30));
  expect(stepMs).toBe(10_000);
  const [first, second, third] = series.processing;
  expect(first!.p95!).toBeLessThan(110);
  expect(Math.abs(second!.p50! - 240_000) / 240_000).toBeLessThan(0.05);
  expect(third).toEqual({ at: hour + 20_000, p50: null, p95: null, p99: null });
});

test("a gap stays a gap: nobody measured is null, at every step and in every range", async () => {
  await addSamples(store.db, hour, [sample({ finished: of(100) })]);
  await addSamples(store.db, hour + minutes(20), [sample({ finished: of(100) })]);
  for (const at of [1, 21]) await rollUpLags(store.db, hour + minutes(at));
  const { series } = await lagSeries(store.db, "orders", hour, hour + minutes(30));
  expect(series.processing.filter((point) => point.p95 !== null)).toHaveLength(2);
  expect(series.publish.every((point) => point.p50 === null && point.p99 === null)).toBe(true);
  const day = await lagSeries(store.db, "orders", hour - hours(23), hour + hours(1));
  expect(day.series.processing.filter((point) => point.p95 !== null).map((point) => point.at)).toEqual([
    hour,
    hour + minutes(20),
  ]);
});

test("a point of a coarse range is the quantile of all that it covers, not of averages", async () => {
  const values = Array.from({ length: 60 }, (_, i) => 10 * 1.15 ** i);
  for (const [i, value] of values.entries()) await addSamples(store.db, hour + seconds(i), [sample({ finished: of(value) })]);
  for (const at of [1, 6]) await rollUpLags(store.db, hour + minutes(at));
  const { series } = await lagSeries(store.db, "orders", hour - hours(23), hour + hours(1));
  expect(series.processing.find((point) => point.at === hour)?.p95).toBe(quantile(of(...values), 0.95));
});

test.each(presetRanges)("a chart of %s has at most about 300 points, on a level that holds it", async (range) => {
  const { spanMs: span } = rangeOf(range)!;
  const { level, stepMs } = resolutionFor(span);
  expect(stepMs % (level * 1_000)).toBe(0);
  expect(span / stepMs).toBeGreaterThanOrEqual(90);
  const { series } = await lagSeries(store.db, "orders", hour + 1_234 - span, hour + 1_234);
  expect(series.processing.length).toBeLessThanOrEqual(401);
  expect(series.publish.map((point) => point.at)).toEqual(series.processing.map((point) => point.at));
});

test("the trend has a point a minute, the newest last, and null where nothing was measured", async () => {
  const now = hour + minutes(30) + seconds(25);
  await addSamples(store.db, now, [sample({ finished: of(400) })]);
  await addSamples(store.db, now - minutes(10), [sample({ finished: of(9_000) })]);
  await rollUpLags(store.db, now - minutes(9));
  const { processing, publish } = (await lagTrends(store.db, ["orders", "none"], now)).get("orders")!;
  expect(Math.abs(processing.p95! - 400) / 400).toBeLessThan(0.05);
  expect(processing.trend).toHaveLength(30);
  expect(processing.trend.filter((p95) => p95 !== null)).toHaveLength(2);
  expect(processing.trend.at(-1)).toBe(processing.p95);
  expect(publish).toEqual({ p95: null, trend: Array(30).fill(null) });
});

test("stored text and arrays read back as the same histogram", () => {
  expect(fromSparse([1, 3], [2, 5])).toEqual(
    new Map([
      [1, 2],
      [3, 5],
    ]),
  );
});

test("X21: half an hour of last week, last month or last year is read from the level that still reaches back to it", () => {
  const levelOf = (beganMsAgo: number) => resolutionFor(minutes(30), beganMsAgo).level;
  expect([hours(2), days(3), days(20), days(100), days(399)].map(levelOf)).toEqual([10, 60, 300, 3_600, 3_600]);
});
