import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { eventColumns, instant } from "./columns";

/**
 * What a zone's figures were at each tick of the evaluation, as conditions read them: what alerts were raised by, and what a condition that
 * somebody tries out is replayed over. Written by the evaluating worker, every ten seconds; kept for eight days.
 */
export const alertReading = pgTable(
  "alert_reading",
  {
    zoneId: text("zone_id").notNull(),
    at: instant().notNull(),
    reading: jsonb().notNull(),
    /** More followed from it than one transaction does: the evaluation finishes it before any later one. */
    unfinished: boolean().notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.zoneId, t.at] }),
    index("alert_reading_at").on(t.at),
    index("alert_reading_unfinished").on(t.at).where(sql`unfinished`),
  ],
);

/**
 * One condition of one zone from the moment it holds until it is over; where a condition names causes (a source, a group), one alert for each.
 * At most one that is not over, by a partial unique index. Changed by the evaluating worker and by whoever acknowledges it; kept for 400 days.
 */
export const alert = pgTable(
  "alert",
  {
    alertId: bigint("alert_id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    zoneId: text("zone_id").notNull(),
    /** The condition as the contract, or Accord's own list, says it. */
    condition: text().notNull(),
    /** What of several it is about: a source, a group. Empty where the condition is about the zone. */
    cause: text().notNull().default(""),
    severity: text({ enum: ["page", "ticket"] }).notNull(),
    state: text({ enum: ["pending", "raised", "acknowledged", "cleared"] }).notNull(),
    /** Counts changes: whoever changes it says which one was seen, and who comes second is refused. */
    stateN: integer("state_n").notNull().default(0),
    /** Since when the condition holds without a break. */
    since: instant().notNull(),
    raisedAt: instant("raised_at"),
    /** Since when the condition does not hold any more, while the alert waits to be cleared. */
    quietSince: instant("quiet_since"),
    clearedAt: instant("cleared_at"),
    acknowledgedAt: instant("acknowledged_at"),
    acknowledgedBy: uuid("acknowledged_by"),
    acknowledgedByName: text("acknowledged_by_name"),
    /** How often it was told to somebody else since nobody took it. */
    level: integer().notNull().default(0),
    escalateAt: instant("escalate_at"),
    /** The alert of which this one is a consequence: it is shown, and not told. */
    inhibitedBy: bigint("inhibited_by", { mode: "number" }),
    /** The same condition's alert before this one, when it came back. */
    previousId: bigint("previous_id", { mode: "number" }),
    /** The figure when it was raised: milliseconds, a count, a part of one or a multiple of the even rate. */
    value: doublePrecision(),
    /** The channels that the contract names for it; empty: whatever the routes say. */
    notify: text().array().notNull(),
    eventsN: integer("events_n").notNull().default(0),
  },
  (t) => [
    uniqueIndex("alert_open").on(t.zoneId, t.condition, t.cause).where(sql`state <> 'cleared'`),
    index("alert_cleared").on(t.zoneId, t.condition, t.cause, t.clearedAt.desc().nullsFirst()).where(sql`state = 'cleared'`),
    index("alert_over").on(t.clearedAt.desc().nullsFirst(), t.alertId.desc().nullsFirst()).where(sql`state = 'cleared'`),
  ],
);

/** Each step of an alert, numbered per alert, with who and why. What is sent is sent for one of these. A trigger refuses every change. */
export const alertEvent = pgTable(
  "alert_event",
  {
    alertId: bigint("alert_id", { mode: "number" }).notNull(),
    ...eventColumns,
  },
  (t) => [primaryKey({ columns: [t.alertId, t.n] }), index("alert_event_at").on(t.at)],
);

/**
 * When nobody is told: of a zone, a condition or a group, until a time, with a reason; a maintenance window is one that begins later. Never
 * changes a verdict. Written by people; kept for 400 days after its end.
 */
export const silence = pgTable(
  "silence",
  {
    silenceId: bigint("silence_id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    kind: text({ enum: ["silence", "maintenance"] }).notNull(),
    /** Null: every zone. */
    zoneId: text("zone_id"),
    /** Null: every condition. */
    condition: text(),
    /** Null: every cause. */
    cause: text(),
    startsAt: instant("starts_at").notNull(),
    endsAt: instant("ends_at").notNull(),
    reason: text().notNull(),
    byId: uuid("by_id"),
    byName: text("by_name").notNull(),
    createdAt: instant("created_at").notNull(),
    /** Ended before its time, and by whom. */
    endedAt: instant("ended_at"),
    endedByName: text("ended_by_name"),
  },
  (t) => [index("silence_ends").on(t.endsAt)],
);

/** Which conditions of a zone could not be evaluated at the last tick, and why: shown, since they promise nothing. Rewritten by the evaluating worker. */
export const alertUnknown = pgTable(
  "alert_unknown",
  {
    zoneId: text("zone_id").notNull(),
    condition: text().notNull(),
    since: instant().notNull(),
    why: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.zoneId, t.condition] })],
);
