import { sql } from "drizzle-orm";
import { bigint, index, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { instant } from "./columns";

// Nearest to their end first; who has no deadline comes last.
const endsAt = sql`coalesce(deadline_at, 'infinity'::timestamptz)`;

/**
 * Sagas that are open, or ended within 7 days after they were held up or compensated. Written by the observer of their source; calm ones
 * leave when they complete. Growth beyond what runs means that compensations are the rule.
 */
export const saga = pgTable(
  "saga",
  {
    sourceId: text("source_id").notNull(),
    sagaId: text("saga_id").notNull(),
    sagaType: text("saga_type").notNull(),
    zoneId: text("zone_id").notNull(),
    businessKey: text("business_key").notNull(),
    correlationId: text("correlation_id"),
    state: text().notNull(),
    step: text(),
    startedAt: instant("started_at").notNull(),
    updatedAt: instant("updated_at"),
    deadlineAt: instant("deadline_at"),
    endedAt: instant("ended_at"),
    holdUntil: instant("hold_until"),
    /** When its steps were read; null: never, or it has changed since. */
    stepsAt: instant("steps_at"),
  },
  (t) => [
    primaryKey({ columns: [t.sourceId, t.sagaId] }),
    index("saga_running").on(t.zoneId, endsAt, t.sourceId, t.sagaId).where(sql`state = 'running'`),
    index("saga_undoing").on(t.zoneId, endsAt, t.sourceId, t.sagaId).where(sql`state in ('compensating', 'failed')`),
    index("saga_held").on(t.zoneId, endsAt, t.sourceId, t.sagaId).where(sql`hold_until is not null`),
    index("saga_ended").on(t.zoneId, t.endedAt, t.sourceId, t.sagaId).where(sql`ended_at is not null and steps_at is not null`),
    index("saga_business_key").on(t.businessKey.op("text_pattern_ops")),
    index("saga_correlation").using("hash", t.correlationId),
  ],
);

/**
 * Steps of sagas that are not calm. Read by primary key after a look, and written whole: following every step of every saga would be a
 * multiple of the sagas themselves, and nobody looks at the steps of one that goes well. Deleted with its saga.
 */
export const sagaStep = pgTable(
  "saga_step",
  {
    sourceId: text("source_id").notNull(),
    sagaId: text("saga_id").notNull(),
    position: integer().notNull(),
    name: text().notNull(),
    kind: text({ enum: ["forward", "compensation"] }).notNull(),
    compensates: integer(),
    state: text().notNull(),
    attempts: integer().notNull(),
    deadlineAt: instant("deadline_at"),
    startedAt: instant("started_at"),
    endedAt: instant("ended_at"),
    errorType: text("error_type"),
    errorMessage: text("error_message"),
  },
  (t) => [primaryKey({ columns: [t.sourceId, t.sagaId, t.position] })],
);

/** Compensations of those sagas: when one ends it is counted once, by its change of state here. */
export const sagaCompensation = pgTable(
  "saga_compensation",
  {
    sourceId: text("source_id").notNull(),
    sagaId: text("saga_id").notNull(),
    position: integer().notNull(),
    zoneId: text("zone_id").notNull(),
    sagaType: text("saga_type").notNull(),
    name: text().notNull(),
    state: text().notNull(),
    attempts: integer().notNull(),
    deadlineAt: instant("deadline_at"),
    startedAt: instant("started_at"),
    endedAt: instant("ended_at"),
    errorType: text("error_type"),
    errorMessage: text("error_message"),
  },
  (t) => [primaryKey({ columns: [t.sourceId, t.sagaId, t.position] }), index("saga_compensation_zone").on(t.zoneId, t.state)],
);

/** Compensations that ended, per minute. Written with the change of state it counts; deleted after 60 days. */
export const compensationCount = pgTable(
  "compensation_count",
  {
    zoneId: text("zone_id").notNull(),
    minute: instant().notNull(),
    sagaType: text("saga_type").notNull(),
    name: text().notNull(),
    succeeded: integer().notNull().default(0),
    failed: integer().notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.zoneId, t.minute, t.sagaType, t.name] })],
);

/** The same by the hour, for what is asked over weeks. Written together with the minutes; deleted after 60 days. */
export const compensationHour = pgTable(
  "compensation_hour",
  {
    zoneId: text("zone_id").notNull(),
    hour: instant().notNull(),
    sagaType: text("saga_type").notNull(),
    name: text().notNull(),
    succeeded: integer().notNull().default(0),
    failed: integer().notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.zoneId, t.hour, t.sagaType, t.name] })],
);

/** An operator's request over the compensations of some sagas. Written once by the web, with its frozen list and audit entry. Kept for ever. */
export const sagaHold = pgTable(
  "saga_hold",
  {
    holdId: bigint("hold_id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    kind: text({ enum: ["hold", "release"] }).notNull(),
    requestedBy: uuid("requested_by").notNull(),
    requestedByName: text("requested_by_name").notNull(),
    requestedAt: instant("requested_at").notNull(),
    reason: text(),
    /** When a hold ends by itself. */
    until: instant(),
    /** The hold that this release takes back. */
    undoes: bigint({ mode: "number" }),
    zones: text().array().notNull(),
    sagasN: integer("sagas_n").notNull(),
    settledAt: instant("settled_at"),
  },
  (t) => [index("saga_hold_requested_at").on(t.requestedAt)],
);

/** What a request is to do to one saga, and what came of it as its source says. Written by the web; settled once by the worker. */
export const sagaHoldItem = pgTable(
  "saga_hold_item",
  {
    holdId: bigint("hold_id", { mode: "number" }).notNull(),
    sourceId: text("source_id").notNull(),
    sagaId: text("saga_id").notNull(),
    businessKey: text("business_key").notNull(),
    /** What to write, on the source's own clock as it was known when asked, so that a repeat writes the same; null: no hold. */
    until: instant(),
    /** What stood before a hold; and for a release that takes one back, what must still stand. On the source's clock. */
    standing: instant(),
    outcome: text({ enum: ["held", "begun", "released", "kept", "ended", "gone", "late"] }),
    /** What stood afterwards, on the store's clock. */
    heldUntil: instant("held_until"),
    settledAt: instant("settled_at"),
    /** Why its source could not be asked. */
    error: text(),
    /** Not tried before: what is claimed is due again when its claim has run out. */
    dueAt: instant("due_at").notNull(),
    /** Who was the last to take it. */
    claimId: uuid("claim_id"),
  },
  (t) => [
    primaryKey({ columns: [t.holdId, t.sourceId, t.sagaId] }),
    index("saga_hold_item_saga").on(t.sourceId, t.sagaId, t.holdId),
    index("saga_hold_item_open").on(t.sourceId, t.dueAt).where(sql`outcome is null`),
  ],
);
