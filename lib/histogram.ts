/**
 * A mergeable log-bucket histogram of milliseconds: bucket index to count. Relative error of any quantile is at most 5 %
 * (DDSketch: Masson, Rim, Lee, VLDB 2019; gamma = (1 + a) / (1 - a)). Percentiles of any span come from summed buckets.
 */
export type Histogram = Map<number, number>;

const RELATIVE_ERROR = 0.05;
export const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LN_GAMMA = Math.log(GAMMA);
// 1 ms to 27 years; beyond, the last bucket. Fits an int2 and keeps a hostile clock from growing the map.
export const BUCKET_MAX = 275;

/** The bucket of a value in milliseconds. At or under 1 ms, and anything that is no number, is bucket 0. */
export function bucketOf(ms: number): number {
  if (!(ms > 1)) return 0;
  return Math.min(BUCKET_MAX, Math.ceil(Math.log(ms) / LN_GAMMA));
}

/** The value in milliseconds that stands for a bucket: within 5 % of everything in it. */
export function bucketValueMs(bucket: number): number {
  return bucket <= 0 ? 1 : (2 * GAMMA ** bucket) / (GAMMA + 1);
}

export function add(histogram: Histogram, ms: number, count = 1): void {
  const bucket = bucketOf(ms);
  histogram.set(bucket, (histogram.get(bucket) ?? 0) + count);
}

/** Adds the second into the first. */
export function mergeInto(into: Histogram, from: Histogram): Histogram {
  for (const [bucket, count] of from) into.set(bucket, (into.get(bucket) ?? 0) + count);
  return into;
}

export function total(histogram: Histogram): number {
  let sum = 0;
  for (const count of histogram.values()) sum += count;
  return sum;
}

/** The quantile (0 to 1) in milliseconds; null when nothing was counted, since silence is not zero. */
export function quantile(histogram: Histogram, q: number): number | null {
  const all = total(histogram);
  if (all === 0) return null;
  const rank = Math.max(1, Math.ceil(q * all));
  let seen = 0;
  for (const bucket of [...histogram.keys()].sort((a, b) => a - b)) {
    seen += histogram.get(bucket)!;
    if (seen >= rank) return bucketValueMs(bucket);
  }
  return null;
}

/** Stored as two sparse arrays, buckets ascending (148 bytes a row where fixed arrays take 1,179). */
export function toSparse(histogram: Histogram): { buckets: number[]; counts: number[] } {
  const buckets = [...histogram.keys()].sort((a, b) => a - b);
  return { buckets, counts: buckets.map((bucket) => histogram.get(bucket)!) };
}

export function fromSparse(buckets: readonly number[], counts: readonly number[]): Histogram {
  const histogram: Histogram = new Map();
  buckets.forEach((bucket, i) => {
    histogram.set(bucket, (histogram.get(bucket) ?? 0) + (counts[i] ?? 0));
  });
  return histogram;
}

const COMMA = 44;
const SEMICOLON = 59;
const ZERO = 48;

/** Histograms added up from the text that the store writes of them (buckets, `;`, counts, commas between), for charts that read thousands. */
export class HistogramSum {
  private readonly counts = new Float64Array(BUCKET_MAX + 1);
  private all = 0;

  add(text: string): void {
    let count = text.indexOf(";") + 1;
    for (let bucket = 0; count < text.length && text.charCodeAt(bucket) !== SEMICOLON; bucket++, count++) {
      let [b, n] = [0, 0];
      for (let code = text.charCodeAt(bucket); code !== COMMA && code !== SEMICOLON; code = text.charCodeAt(++bucket))
        b = b * 10 + code - ZERO;
      for (let code = text.charCodeAt(count); count < text.length && code !== COMMA; code = text.charCodeAt(++count))
        n = n * 10 + code - ZERO;
      const at = Math.min(b, BUCKET_MAX);
      this.counts[at] = this.counts[at]! + n;
      this.all += n;
      if (text.charCodeAt(bucket) === SEMICOLON) break;
    }
  }

  clear(): void {
    this.counts.fill(0);
    this.all = 0;
  }

  /** As `quantile`, of shares in ascending order. */
  quantiles(shares: readonly number[]): (number | null)[] {
    if (this.all === 0) return shares.map(() => null);
    let [bucket, seen] = [-1, 0];
    return shares.map((share) => {
      const rank = Math.max(1, Math.ceil(share * this.all));
      while (seen < rank && bucket < BUCKET_MAX) seen += this.counts[++bucket]!;
      return bucketValueMs(bucket);
    });
  }
}
