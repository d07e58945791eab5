import { sql } from "drizzle-orm";
import { bigint, boolean, index, integer, pgTable, primaryKey, smallint, text } from "drizzle-orm/pg-core";
import { instant } from "./columns";

/**
 * What is known not to have converged: one row per fact and zone. Written by the observers of the two sources that a fact lies
 * between, under the zone's advisory lock; a row goes when its fact is gone. Growth means that the company disagrees with itself.
 */
export const unresolved = pgTable(
  "unresolved",
  {
    sourceId: text("source_id").notNull(),
    reason: text({ enum: ["unpublished", "undelivered", "held", "parked", "saga", "divergence"] }).notNull(),
    consumer: text().notNull().default(""),
    /** message id, dead letter, saga or `zone/rule/key`, by reason. */
    ref: text().notNull(),
    zoneId: text("zone_id").notNull(),
    businessKey: text("business_key").notNull(),
    eventType: text("event_type").notNull().default(""),
    since: instant().notNull(),
    /** False until the consumer's inbox was asked by key: found in a first read, where older inbox rows were not read. */
    confirmed: boolean().notNull().default(true),
    /** The version that a held message waits for. */
    waitsFor: bigint("waits_for", { mode: "number" }),
    /** Its time was null, absurd or ahead; its age counts from when it was first seen. */
    flagged: boolean().notNull().default(false),
    /** Of a delivery whose window has ended: counted as missed, and what stood in its way then. */
    missed: text(),
    /** Of a delivery: its event was perhaps met and counted before. */
    retold: boolean().notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.sourceId, t.reason, t.consumer, t.ref, t.zoneId] }),
    // Whose window may have ended without being counted.
    index("unresolved_not_missed")
      .on(t.sourceId, t.zoneId, t.since)
      .where(sql`reason = 'undelivered' and confirmed and missed is null`),
    index("unresolved_zone_key").on(t.zoneId, t.businessKey),
    index("unresolved_zone_source_since").on(t.zoneId, t.sourceId, t.since),
    // By bytes, so that it also finds what only begins so.
    index("unresolved_business_key").on(t.businessKey.op("text_pattern_ops")),
    // What waits, the oldest first, without reading past all that is parked.
    index("unresolved_waiting").on(t.zoneId, t.since).where(sql`reason in ('undelivered', 'unpublished', 'held')`),
  ],
);

/** One row per zone and business key with anything unresolved: the oldest fact counts. Recomputed with the facts it sums up, in their transaction. */
export const openKey = pgTable(
  "open_key",
  {
    zoneId: text("zone_id").notNull(),
    businessKey: text("business_key").notNull(),
    since: instant().notNull(),
    /** A bit per reason: `reasonBits`. */
    reasons: smallint().notNull(),
    facts: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.zoneId, t.businessKey] }),
    index("open_key_zone_since").on(t.zoneId, t.since),
    // What is owed and may be explained by something else of its key: few, where as many as wait would be looked up for nothing.
    index("open_key_explained").on(t.zoneId, t.businessKey).where(sql`reasons & 2 <> 0 and reasons & 13 <> 0`),
  ],
);

/**
 * How many keys are open in each zone, kept by triggers on `open_key` in the statement that changes it; and how often the zone's facts were
 * changed, so that who judges asks only of what did. Written under the zone's advisory lock; half empty pages (in the migration), a row a zone.
 */
export const openKeyCount = pgTable("open_key_count", {
  zoneId: text("zone_id").primaryKey(),
  keysN: bigint("keys_n", { mode: "number" }).notNull().default(0),
  changesN: bigint("changes_n", { mode: "number" }).notNull().default(0),
});

/** An inbox row seen before its outbox row: waits for it, then goes. Deleted after 15 minutes; growth means that a producer is not looked at. */
export const deliverySeen = pgTable(
  "delivery_seen",
  {
    consumer: text().notNull(),
    messageId: text("message_id").notNull(),
    seenAt: instant("seen_at").notNull(),
    /** When it was processed, on the store's clock. */
    processedAt: instant("processed_at"),
    /** Its delivery was counted already, or may have been. */
    counted: boolean().notNull().default(false),
  },
  (t) => [primaryKey({ columns: [t.consumer, t.messageId] }), index("delivery_seen_at").on(t.seenAt)],
);
