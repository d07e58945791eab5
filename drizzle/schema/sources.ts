import { bigint, boolean, doublePrecision, integer, jsonb, pgTable, primaryKey, smallint, text, uuid } from "drizzle-orm/pg-core";
import { instant } from "./columns";

/** The sources of accord.yaml, without their addresses. Written when configuration is applied; a row per service database. */
export const source = pgTable("source", {
  sourceId: text("source_id").primaryKey(),
  service: text().notNull(),
  preset: text().notNull(),
  consumers: text().array().notNull(),
  act: boolean().notNull(),
  /** What its tables record, by its preset and its map; null until configuration is applied by a version that knows it. */
  abilities: jsonb(),
  observeEveryMs: integer("observe_every_ms").notNull(),
  position: smallint().notNull(),
  retiredAt: instant("retired_at"),
});

/**
 * How polling a source goes: lease, cursor, freshness. Written at every poll by the lease's holder, fenced by `lease_epoch`;
 * in no index but its key, so that every update stays on its page.
 */
export const sourceStatus = pgTable("source_status", {
  sourceId: text("source_id").primaryKey(),
  leaseOwner: text("lease_owner"),
  leaseEpoch: bigint("lease_epoch", { mode: "number" }).notNull().default(0),
  leaseUntil: instant("lease_until"),
  /** Which database this was: system identifier, database oid, timeline. Another one means: read anew. */
  identity: text(),
  cursor: jsonb(),
  observedAt: instant("observed_at"),
  pollMs: integer("poll_ms"),
  clockOffsetMs: doublePrecision("clock_offset_ms"),
  longTransactionMs: doublePrecision("long_transaction_ms"),
  backlog: boolean().notNull().default(false),
  figures: jsonb(),
  oddRowsN: bigint("odd_rows_n", { mode: "number" }).notNull().default(0),
  /** Consumers of other sources whose rows were found here, and not taken; found anew whenever the contracts change. */
  foreignConsumers: text("foreign_consumers").array().notNull().default([]),
  /** Polls that opened or closed something: the judging need not wait for its task when the sum has grown. */
  changesN: bigint("changes_n", { mode: "number" }).notNull().default(0),
  error: text(),
  failedSince: instant("failed_since"),
  failures: integer().notNull().default(0),
  nextPollAt: instant("next_poll_at"),
  rereadAt: instant("reread_at"),
  rereadWhy: text("reread_why"),
  /** Which shape of its framework's tables was found, and what of them is not read, in whole sentences. */
  variant: text(),
  notes: text().array().notNull().default([]),
  /** By how much the service's own times were off its database's clock when such a row was last seen: ahead above zero. */
  timesOffMs: doublePrecision("times_off_ms"),
  timesOffAt: instant("times_off_at"),
  rechecked: jsonb(),
});

/** What was found when a source was last asked whether it is set up as Accord needs it. Written by a worker every few minutes; a row per source. */
export const sourceCheck = pgTable("source_check", {
  sourceId: text("source_id").primaryKey(),
  checkedAt: instant("checked_at").notNull(),
  checks: jsonb().notNull(),
});

/**
 * The last look at databases that an administrator asked for: by the names of variables and of sources, never by an address. Written by who
 * asks, taken and ended by a worker; there is one at a time, so that this is one row.
 */
export const discovery = pgTable("discovery", {
  one: boolean().primaryKey().default(true),
  lookId: uuid("look_id").notNull(),
  variables: text().array().notNull(),
  sources: text().array().notNull(),
  askedBy: text("asked_by").notNull(),
  askedAt: instant("asked_at").notNull(),
  takenBy: text("taken_by"),
  takenAt: instant("taken_at"),
  endedAt: instant("ended_at"),
  /** Why it failed, in a sentence; null where it did not. */
  problem: text(),
  found: jsonb(),
});

/** Workers that are alive: each writes its own heartbeat, rows older than a minute are deleted by any. As many rows as workers. */
export const worker = pgTable("worker", {
  workerId: text("worker_id").primaryKey(),
  startedAt: instant("started_at").notNull(),
  heartbeatAt: instant("heartbeat_at").notNull(),
});

/** A task that one worker does at a time (judging, rolling up, applying configuration). A row per task. */
export const lease = pgTable("lease", {
  name: text().primaryKey(),
  owner: text().notNull(),
  epoch: bigint({ mode: "number" }).notNull(),
  until: instant().notNull(),
});

/** Every version of a consumer or producer that was ever seen in the data. Written by the observer; grows by one row a release. */
export const consumerVersion = pgTable(
  "consumer_version",
  {
    sourceId: text("source_id").notNull(),
    consumer: text().notNull(),
    version: text().notNull(),
    firstSeenAt: instant("first_seen_at").notNull(),
    lastSeenAt: instant("last_seen_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.sourceId, t.consumer, t.version] })],
);

/**
 * Deploy and rollback marks, drawn on every chart. Written by the observer from what it sees, and by whoever reports a deploy, which
 * overrides; a row per release. `first` is how a consumer was found.
 */
export const deploy = pgTable(
  "deploy",
  {
    sourceId: text("source_id").notNull(),
    consumer: text().notNull(),
    version: text().notNull(),
    at: instant().notNull(),
    kind: text({ enum: ["first", "deploy", "rollback"] }).notNull(),
    /** Who reported it; null for what the observer made out by itself. */
    reportedBy: uuid("reported_by"),
  },
  (t) => [primaryKey({ columns: [t.sourceId, t.consumer, t.at] })],
);

/** Counts that no open row holds: duplicates dropped, semantic duplicates, odd rows. An hour a row; deleted after 30 days. */
export const sourceCount = pgTable(
  "source_count",
  {
    sourceId: text("source_id").notNull(),
    consumer: text().notNull(),
    measure: text({ enum: ["duplicate_dropped", "semantic_duplicate", "processed"] }).notNull(),
    hour: instant().notNull(),
    n: bigint({ mode: "number" }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.sourceId, t.consumer, t.measure, t.hour] })],
);

/**
 * What was lately met by event type, five minutes a row: for what a zone says beside its open keys. Written by the observer in the
 * transaction of its poll; deleted after two hours, so that it stays as small as there are consumers and event types.
 */
export const recentCount = pgTable(
  "recent_count",
  {
    at: instant().notNull(),
    sourceId: text("source_id").notNull(),
    /** Who processed; '' for what is counted at the producer. */
    consumer: text().notNull(),
    eventType: text("event_type").notNull(),
    measure: text({
      enum: [
        "published",
        "processed",
        "duplicate_dropped",
        "semantic_duplicate",
        "stale",
        "stale_retried",
        "duplicate_retried",
        "unknown_schema",
        "misdated",
        "lost",
      ],
    }).notNull(),
    /** The schema version that no contract knows; else ''. */
    detail: text().notNull(),
    n: bigint({ mode: "number" }).notNull(),
    lastAt: instant("last_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.at, t.sourceId, t.consumer, t.eventType, t.measure, t.detail] })],
);
