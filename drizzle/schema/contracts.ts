import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
} from "drizzle-orm/pg-core";
import type { LinkTemplates } from "../../lib/contracts/links.rules";
import type { Contract, Problem } from "../../lib/contracts/rules";
import { instant } from "./columns";

/**
 * Every content that a zone's contract ever had, numbered per zone. Written by the worker that applies configuration;
 * nobody drains it, since screens compare versions. Grows with reviewed changes: a row a minute means that files are
 * generated, not written.
 */
export const contractRevision = pgTable(
  "contract_revision",
  {
    zoneId: text("zone_id").notNull(),
    revision: integer("revision").notNull(),
    contentHash: text("content_hash").notNull(),
    yaml: text("yaml").notNull(),
    body: jsonb("body").$type<Contract>().notNull(),
    // The first time; contract_application has every time.
    appliedAt: instant("applied_at").notNull(),
    appliedBy: text("applied_by").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.zoneId, t.revision] }),
    unique("contract_revision_content_unique").on(t.zoneId, t.contentHash),
  ],
);

/**
 * When which revision became current, and when a zone was retired (revision null). Appended by the worker that applies
 * configuration; nobody drains it. Going back to an older content is a new row here and no new revision. Many rows for
 * one zone in an hour mean that two deployments disagree.
 */
export const contractApplication = pgTable(
  "contract_application",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    zoneId: text("zone_id").notNull(),
    revision: integer("revision"),
    at: instant("at").notNull(),
    workerId: text("worker_id").notNull(),
  },
  (t) => [index("contract_application_by_zone").on(t.zoneId, t.id.desc().nullsFirst())],
);

/**
 * The zones, retired ones too, so that their history keeps a title. Written by the worker that applies configuration,
 * never deleted. Grows with contracts: hundreds are many.
 */
export const zone = pgTable(
  "zone",
  {
    zoneId: text("zone_id").primaryKey(),
    title: text("title").notNull(),
    revision: integer("revision").notNull(),
    // What the linter says of the current revision.
    warnings: jsonb("warnings").$type<Problem[]>().notNull().default([]),
    // The order of the files, so that screens keep it between equals.
    position: integer("position").notNull(),
    // No file names the zone any more; a file that names it again brings it back.
    retiredAt: instant("retired_at"),
  },
  (t) => [
    foreignKey({
      columns: [t.zoneId, t.revision],
      foreignColumns: [contractRevision.zoneId, contractRevision.revision],
      name: "zone_revision",
    }),
  ],
);

/**
 * The events of the current contracts, for joins: one row with consumer '' for the event itself, one for each consumer
 * that it obliges. source_id is the producer. Replaced whole by the worker that applies configuration; a few dozen rows
 * per zone.
 */
export const zoneEvent = pgTable(
  "zone_event",
  {
    zoneId: text("zone_id")
      .notNull()
      .references(() => zone.zoneId),
    sourceId: text("source_id").notNull(),
    eventType: text("event_type").notNull(),
    consumer: text("consumer").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.zoneId, t.sourceId, t.eventType, t.consumer] }),
    index("zone_event_by_event").on(t.eventType, t.sourceId, t.consumer),
  ],
);

/**
 * What is in force: one row. Written by the worker that applies configuration, read by every screen for the environment's
 * name. Never grows.
 */
export const configurationApplied = pgTable(
  "configuration_applied",
  {
    id: integer("id").primaryKey().default(1),
    environment: text("environment").notNull(),
    /** Addresses of other tools, with places for values. */
    links: jsonb("links").$type<LinkTemplates>().notNull().default({}),
    contentHash: text("content_hash").notNull(),
    at: instant("at").notNull(),
    workerId: text("worker_id").notNull(),
  },
  (t) => [check("configuration_applied_one", sql`${t.id} = 1`)],
);

/**
 * What each worker last read from its files, and when. Each worker writes its own row at every look; applying
 * configuration drops rows that are a day old. As many rows as workers: more means that worker ids do not survive a restart.
 */
export const configurationReport = pgTable("configuration_report", {
  workerId: text("worker_id").primaryKey(),
  // The last valid content: a broken file leaves it as it was. Null when there has been none.
  contentHash: text("content_hash"),
  ok: boolean("ok").notNull(),
  problems: jsonb("problems").$type<Problem[]>().notNull().default([]),
  at: instant("at").notNull(),
});
