import { integer, pgTable, primaryKey, smallint, text } from "drizzle-orm/pg-core";
import { instant } from "./columns";

/**
 * Lags as sparse log-bucket histograms. `consumer` '' is the zone, merged when written. Levels 10 s (kept 24 h), 1 min (14 d), 5 min (60 d)
 * and 1 h (400 d), each range-partitioned by time so that retention is a dropped partition. Written by observers under the zone's lock, rolled up by one worker.
 */
export const lagSample = pgTable(
  "lag_sample",
  {
    levelS: smallint("level_s").notNull(),
    zoneId: text("zone_id").notNull(),
    measure: text({ enum: ["publish", "processing"] }).notNull(),
    consumer: text().notNull(),
    at: instant().notNull(),
    finishedBuckets: smallint("finished_buckets").array().notNull(),
    finishedCounts: integer("finished_counts").array().notNull(),
    waitingBuckets: smallint("waiting_buckets").array().notNull(),
    waitingCounts: integer("waiting_counts").array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.levelS, t.zoneId, t.measure, t.consumer, t.at] })],
);
