import fc from "fast-check";
import { expect, test } from "vitest";
import {
  add,
  BUCKET_MAX,
  bucketOf,
  bucketValueMs,
  fromSparse,
  type Histogram,
  HistogramSum,
  mergeInto,
  quantile,
  toSparse,
  total,
} from "./histogram";

const ms = fc.oneof(
  fc.integer({ min: 1, max: 100 }),
  fc.double({ min: 1, max: 1e9, noNaN: true }),
  fc.integer({ min: 1, max: 864e5 }),
);
const samples = fc.array(ms, { maxLength: 300 });
const of = (values: readonly number[]): Histogram => {
  const histogram: Histogram = new Map();
  for (const value of values) add(histogram, value);
  return histogram;
};
const merged = (...all: Histogram[]): Histogram => all.reduce((into, from) => mergeInto(into, from), new Map());
const plain = (histogram: Histogram) => toSparse(histogram);

test("a bucket's value is within 5 % of everything in it", () => {
  fc.assert(
    fc.property(ms, (value) => {
      expect(Math.abs(bucketValueMs(bucketOf(value)) - value) / value).toBeLessThanOrEqual(0.05 + 1e-9);
    }),
    { numRuns: 2_000 },
  );
});

test("added up from their texts, histograms have the quantiles that they have together", () => {
  const text = (histogram: Histogram) => {
    const { buckets, counts } = toSparse(histogram);
    return `${buckets.join()};${counts.join()}`;
  };
  const shares = [0, 0.5, 0.95, 0.99, 1];
  fc.assert(
    fc.property(fc.array(samples, { maxLength: 4 }), (all) => {
      const sum = new HistogramSum();
      for (const values of all) sum.add(text(of(values)));
      const together = merged(...all.map(of));
      expect(sum.quantiles(shares)).toEqual(shares.map((share) => quantile(together, share)));
    }),
  );
});

test("any quantile is within 5 % of the sample that stands there", () => {
  fc.assert(
    fc.property(fc.array(ms, { minLength: 1, maxLength: 300 }), fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
      const sorted = [...values].sort((a, b) => a - b);
      const exact = sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1]!;
      expect(Math.abs(quantile(of(values), q)! - exact) / exact).toBeLessThanOrEqual(0.05 + 1e-9);
    }),
    { numRuns: 500 },
  );
});

test("merging is the same in any order and grouping, and the same as counting everything at once", () => {
  fc.assert(
    fc.property(samples, samples, samples, (a, b, c) => {
      const whole = plain(of([...a, ...b, ...c]));
      expect(plain(merged(merged(of(a), of(b)), of(c)))).toEqual(whole);
      expect(plain(merged(of(a), merged(of(b), of(c))))).toEqual(whole);
      expect(plain(merged(of(c), of(a), of(b)))).toEqual(whole);
    }),
  );
});

test("stored and read back it is what it was, buckets ascending", () => {
  fc.assert(
    fc.property(samples, (values) => {
      const sparse = toSparse(of(values));
      expect(sparse.buckets).toEqual([...sparse.buckets].sort((a, b) => a - b));
      expect(plain(fromSparse(sparse.buckets, sparse.counts))).toEqual(sparse);
      expect(total(fromSparse(sparse.buckets, sparse.counts))).toBe(values.length);
    }),
  );
});

test("what waits counts in the quantile beside what is finished", () => {
  const finished = of(Array.from({ length: 99 }, () => 100));
  const stalled = of([600_000]);
  expect(quantile(finished, 0.995)!).toBeLessThan(110);
  expect(quantile(merged(finished, stalled), 0.995)!).toBeGreaterThan(570_000);
});

test("nothing counted is not zero", () => {
  expect(quantile(new Map(), 0.5)).toBeNull();
});

test("no time is the first bucket, and no clock makes the map grow without end", () => {
  for (const odd of [0, -5, 0.3, Number.NaN, Number.NEGATIVE_INFINITY]) expect(bucketOf(odd)).toBe(0);
  expect([bucketOf(1e300), bucketOf(Number.POSITIVE_INFINITY)]).toEqual([BUCKET_MAX, BUCKET_MAX]);
  expect(bucketValueMs(BUCKET_MAX)).toBeGreaterThan(27 * 365 * 864e5);
});
