import { sql } from "drizzle-orm";
import { bigint, index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { forecastOutcomes } from "../../lib/operations/forecast.rules";
import { instant } from "./columns";

/**
 * What somebody asked a worker to foretell before they retry: a row per preview, asked for by the web, ended by a worker, deleted after a quarter
 * of an hour.
 */
export const forecast = pgTable(
  "forecast",
  {
    forecastId: bigint("forecast_id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    /** What was selected, as of when, within the zones of who asked. */
    selection: jsonb().notNull(),
    askedBy: text("asked_by").notNull(),
    askedAt: instant("asked_at").notNull(),
    /** The newest letter when it was asked: what is newer has arrived since. */
    lastLetter: bigint("last_letter", { mode: "number" }).notNull(),
    takenBy: text("taken_by"),
    takenAt: instant("taken_at"),
    endedAt: instant("ended_at"),
    /** Letters that were looked at so far. */
    lookedN: integer("looked_n").notNull().default(0),
    /** Per outcome: how many, and a few keys; and the sources that could not be asked. Null until it has ended. */
    found: jsonb(),
  },
  (t) => [index("forecast_open").on(t.askedAt).where(sql`ended_at is null`), index("forecast_asked_at").on(t.askedAt)],
);

/** What would come of each letter of a forecast, for the lists behind its figures; as many rows as letters were looked at, gone with their forecast. */
export const forecastLetter = pgTable(
  "forecast_letter",
  {
    forecastId: bigint("forecast_id", { mode: "number" }).notNull(),
    outcome: text({ enum: forecastOutcomes }).notNull(),
    deadLetter: bigint("dead_letter", { mode: "number" }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.forecastId, t.outcome, t.deadLetter] })],
);
