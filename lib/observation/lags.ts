import type { Db } from "../db/pool";
import { add, BUCKET_MAX, GAMMA, type Histogram } from "../histogram";
import type { LagSample, Measure } from "../lag/rules";
import type { Instant } from "../time";
import { selectWaiting } from "./sql";

/** The lags of one poll, by zone, measure and consumer, and merged for the zone, so that a screen reads one row. */
export class LagTally {
  private readonly samples = new Map<string, LagSample>();

  finished(zoneIds: readonly string[], measure: Measure, consumer: string, lagMs: number): void {
    for (const zoneId of zoneIds) for (const who of [consumer, ""]) add(this.sample(zoneId, measure, who).finished, lagMs);
  }

  /** Adds what still waits at the source, at its present age; answers all samples of the poll. */
  async withWaiting(tx: Db, sourceId: string, now: Instant): Promise<LagSample[]> {
    for (const row of await selectWaiting(tx, sourceId, now, Math.log(GAMMA), BUCKET_MAX)) {
      const measure: Measure = row.reason === "unpublished" ? "publish" : "processing";
      for (const who of [row.consumer || sourceId, ""]) put(this.sample(row.zoneId, measure, who).waiting, row.bucket, row.n);
    }
    return this.all();
  }

  all(): LagSample[] {
    return [...this.samples.values()];
  }

  private sample(zoneId: string, measure: Measure, consumer: string): LagSample {
    const key = `${zoneId}\n${measure}\n${consumer}`;
    const known = this.samples.get(key) ?? { zoneId, measure, consumer, finished: new Map(), waiting: new Map() };
    this.samples.set(key, known);
    return known;
  }
}

function put(histogram: Histogram, bucket: number, n: number): void {
  histogram.set(bucket, (histogram.get(bucket) ?? 0) + n);
}
