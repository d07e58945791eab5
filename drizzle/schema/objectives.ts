import { sql } from "drizzle-orm";
import { bigint, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant } from "./columns";

const n = (name: string) => bigint(name, { mode: "number" }).notNull().default(0);

/**
 * How often a promise was kept: deliveries by when they were judged, in minutes (kept 14 d), hours and days (400 d), all three written at once.
 * `consumer` and `event_type` '' are the whole zone. `measure` comparison: rows that a run of reconciliation compared, with the rule as event
 * type. Written by observers under the zone's lock, in the transaction of what they saw. Growth is a row per consumer, event, minute.
 */
export const objectiveCount = pgTable(
  "objective_count",
  {
    levelS: integer("level_s").notNull(),
    zoneId: text("zone_id").notNull(),
    measure: text({ enum: ["delivery", "comparison"] }).notNull(),
    consumer: text().notNull(),
    eventType: text("event_type").notNull(),
    at: instant().notNull(),
    keptN: n("kept_n"),
    /** Of the kept ones: within a fifth of the window. */
    fifthN: n("fifth_n"),
    missedN: n("missed_n"),
    /** Of the missed ones: converged since; and of those within twice the window. */
    lateN: n("late_n"),
    doubleN: n("double_n"),
  },
  (t) => [
    primaryKey({ columns: [t.levelS, t.zoneId, t.measure, t.consumer, t.eventType, t.at] }),
    index("objective_count_minute").on(t.at).where(sql`level_s = 60`),
  ],
);

/** Why deliveries were missed, by the hour in which their windows ended: what stood in their way then. Written with the counts; kept 400 d. */
export const objectiveCause = pgTable(
  "objective_cause",
  {
    zoneId: text("zone_id").notNull(),
    at: instant().notNull(),
    /** `group:12` · unpublished · held · undelivered · late: known only when it had converged. */
    cause: text().notNull(),
    consumer: text().notNull(),
    eventType: text("event_type").notNull(),
    missedN: n("missed_n"),
  },
  (t) => [primaryKey({ columns: [t.zoneId, t.at, t.cause, t.consumer, t.eventType] })],
);
