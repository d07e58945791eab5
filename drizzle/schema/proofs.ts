import { sql } from "drizzle-orm";
import { bigint, index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant } from "./columns";

/**
 * Business keys whose messages an operation delivered, one row per zone, and whether both sides agree on them since. Handed over in the
 * transaction that writes the outcome; judged by the worker. Kept with the operation.
 */
export const operationKey = pgTable(
  "operation_key",
  {
    operationId: bigint("operation_id", { mode: "number" }).notNull(),
    /** Empty where no contract names the message. */
    zoneId: text("zone_id").notNull(),
    businessKey: text("business_key").notNull(),
    state: text({ enum: ["checking", "proven", "waits", "diverging", "uncovered"] }).notNull(),
    /** The last of its messages that was delivered: what is known from before proves nothing. */
    deliveredAt: instant("delivered_at").notNull(),
    checkedAt: instant("checked_at"),
    /** When it is looked at next; null: it is settled. Put off while a worker looks. */
    dueAt: instant("due_at"),
    /** What is in the way. */
    why: jsonb(),
    checkedN: integer("checked_n").notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.operationId, t.zoneId, t.businessKey] }),
    index("operation_key_due").on(t.dueAt).where(sql`due_at is not null`),
  ],
);
