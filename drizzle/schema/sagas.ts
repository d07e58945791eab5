import { index, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { instant } from "./columns";

/** Sagas that are open, or ended with a compensation within 7 days. Written by the observer of their source; calm ones leave when they complete. */
export const saga = pgTable(
  "saga",
  {
    sourceId: text("source_id").notNull(),
    sagaId: uuid("saga_id").notNull(),
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
  },
  (t) => [primaryKey({ columns: [t.sourceId, t.sagaId] }), index("saga_zone_started").on(t.zoneId, t.startedAt)],
);

/** Compensations of those sagas: when one ends it is counted once, by its change of state here. */
export const sagaCompensation = pgTable(
  "saga_compensation",
  {
    sourceId: text("source_id").notNull(),
    sagaId: uuid("saga_id").notNull(),
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
