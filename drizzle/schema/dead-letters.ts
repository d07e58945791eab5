import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { instant } from "./columns";
import { operator } from "./operators";

/**
 * Dead letters that are parked or being redelivered: narrow, open rows only. Written by the observer of their source.
 * `state`, `attempts` and `changed_at` are in no index, and pages are half empty (fillfactor 50, in the migration), so that triage stays on the page.
 */
export const deadLetter = pgTable(
  "dead_letter",
  {
    id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    sourceId: text("source_id").notNull(),
    /** Its id in the service's database, where every database counts from 1, or names it otherwise. */
    sourceDeadLetterId: text("source_seq").notNull(),
    groupId: bigint("group_id", { mode: "number" }).notNull(),
    /** The group that its fingerprint names, where people put it into another one; null for all others, which cost nothing. */
    homeId: bigint("home_id", { mode: "number" }),
    messageId: text("message_id").notNull(),
    businessKey: text("business_key").notNull(),
    version: bigint({ mode: "number" }),
    consumerVersion: text("consumer_version").notNull(),
    occurredAt: instant("occurred_at"),
    parkedAt: instant("parked_at").notNull(),
    /** Where its age counts from, on the store's clock. */
    since: instant().notNull(),
    seenAt: instant("seen_at").notNull(),
    flagged: boolean().notNull().default(false),
    state: text({ enum: ["parked", "redelivering"] }).notNull(),
    attempts: integer().notNull(),
    changedAt: instant("changed_at").notNull(),
    /** The row as it was read, for a retry that changes that row and no later one; null where the request has an id of its own in the source. */
    sourceMark: text("source_mark"),
  },
  (t) => [
    uniqueIndex("dead_letter_identity").on(t.sourceId, t.sourceDeadLetterId),
    index("dead_letter_group_parked").on(t.groupId, t.parkedAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    // With the group last: the list of a zone or a consumer passes by what is of others without reading it.
    index("dead_letter_parked").on(t.parkedAt.desc().nullsFirst(), t.id.desc().nullsFirst(), t.groupId),
    index("dead_letter_business_key").on(t.businessKey.op("text_pattern_ops")),
    index("dead_letter_message").on(t.messageId),
    // By age: what is oldest is few, and far from where the list begins.
    index("dead_letter_since").on(t.since),
    index("dead_letter_home").on(t.homeId).where(sql`home_id is not null`),
  ],
);

/** The wide part, read one at a time. Payloads above what Accord keeps stay in the source: `payload` is null and `payload_bytes` tells. */
export const deadLetterBody = pgTable(
  "dead_letter_body",
  {
    id: bigint({ mode: "number" }).primaryKey(),
    schemaVersion: integer("schema_version"),
    aggregateType: text("aggregate_type"),
    correlationId: text("correlation_id"),
    causationId: text("causation_id"),
    traceparent: text(),
    errorMessage: text("error_message").notNull(),
    errorStack: text("error_stack").notNull(),
    attemptLog: jsonb("attempt_log").notNull(),
    payload: jsonb(),
    payloadBytes: bigint("payload_bytes", { mode: "number" }).notNull(),
    headers: jsonb(),
    /** When payload and headers were taken out because the contract keeps them no longer, and under which masking the texts were left. */
    payloadRemovedAt: instant("payload_removed_at"),
    payloadRemovedUnder: text("payload_removed_under"),
    firstFailedAt: instant("first_failed_at"),
    /** When its framework will delete it; null where it says nothing of it. */
    expiresAt: instant("expires_at"),
  },
  // People paste correlation ids of any length; a hash is all that an exact look-up needs.
  (t) => [
    index("dead_letter_body_correlation").using("hash", t.correlationId),
    // What a payload holds at any path; only whether it contains it, which is a third of an index of keys and values apart.
    index("dead_letter_body_payload").using("gin", t.payload.op("jsonb_path_ops")),
  ],
);

/** Closed dead letters, wide, partitioned by month of closing; retention is a dropped partition. Written when one closes. */
export const deadLetterHistory = pgTable(
  "dead_letter_history",
  {
    id: bigint({ mode: "number" }).notNull(),
    sourceId: text("source_id").notNull(),
    sourceDeadLetterId: text("source_seq").notNull(),
    groupId: bigint("group_id", { mode: "number" }).notNull(),
    messageId: text("message_id").notNull(),
    businessKey: text("business_key").notNull(),
    version: bigint({ mode: "number" }),
    consumerVersion: text("consumer_version").notNull(),
    occurredAt: instant("occurred_at"),
    parkedAt: instant("parked_at").notNull(),
    closedAt: instant("closed_at").notNull(),
    closedAs: text("closed_as").notNull(),
    /** The operation that closed it, and the code it gave; null where its source did. */
    closedBy: bigint("closed_by", { mode: "number" }),
    code: text(),
    attempts: integer().notNull(),
    body: jsonb().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.id, t.closedAt] }),
    // What lists ask of closed letters stands in the indexes that they are walked by: a row is as wide as its payload.
    index("dead_letter_history_group").on(t.groupId, t.parkedAt.desc().nullsFirst(), t.id.desc().nullsFirst(), t.closedAs),
    index("dead_letter_history_closed").on(t.closedAt.desc().nullsFirst(), t.id.desc().nullsFirst(), t.groupId, t.closedAs),
    index("dead_letter_history_key").on(t.businessKey.op("text_pattern_ops")),
    index("dead_letter_history_message").on(t.messageId),
    index("dead_letter_history_correlation").using("hash", sql`(body ->> 'correlation_id')`),
    // What operators closed is little beside what consumers did.
    index("dead_letter_history_code")
      .on(t.code, t.closedAt.desc().nullsFirst(), t.id.desc().nullsFirst())
      .where(sql`code is not null`),
  ],
);

/**
 * Letters that operators closed, as their rows in the source were read then: while a row stays so, reading it again opens nothing. Drained when the
 * source shows the letter closed, gone or changed, and when it is taken back. Growth: what was resolved by hand in sources whose rows nobody may change.
 */
export const deadLetterClosed = pgTable(
  "dead_letter_closed",
  {
    sourceId: text("source_id").notNull(),
    sourceDeadLetterId: text("source_seq").notNull(),
    deadLetter: bigint("dead_letter", { mode: "number" }).notNull(),
    messageId: text("message_id").notNull(),
    parkedAt: instant("parked_at").notNull(),
    attempts: integer().notNull(),
    sourceMark: text("source_mark"),
    /** Whether its row in the source was changed as well, or Accord alone keeps it. */
    written: boolean().notNull(),
  },
  (t) => [primaryKey({ columns: [t.sourceId, t.sourceDeadLetterId] }), uniqueIndex("dead_letter_closed_letter").on(t.deadLetter)],
);

/**
 * Payloads that somebody waits for and that only their source has: asked for by the web, read by a worker by primary key, and deleted by who
 * asked, or a minute later. At most a few rows.
 */
export const payloadLook = pgTable(
  "payload_look",
  {
    lookId: uuid("look_id").primaryKey().defaultRandom(),
    sourceId: text("source_id").notNull(),
    sourceDeadLetterId: text("source_seq").notNull(),
    consumer: text().notNull(),
    messageId: text("message_id").notNull(),
    askedAt: instant("asked_at").notNull(),
    takenAt: instant("taken_at"),
    answeredAt: instant("answered_at"),
    /** JSON as text; null where there is none to show, with why in `problem`. */
    payload: text(),
    headers: text(),
    payloadBytes: bigint("payload_bytes", { mode: "number" }),
    problem: text(),
  },
  (t) => [index("payload_look_waits").on(t.askedAt).where(sql`answered_at is null`)],
);

/**
 * Dead letters that failed in the same way. The counters are kept in the transaction that changes the rows they count, one writer per source;
 * of them `open_n` alone is in an index. Growth: a row per distinct failure.
 */
export const deadLetterGroup = pgTable(
  "dead_letter_group",
  {
    groupId: bigint("group_id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    fingerprint: text().notNull(),
    sourceId: text("source_id").notNull(),
    consumer: text().notNull(),
    eventType: text("event_type").notNull(),
    errorType: text("error_type").notNull(),
    template: text().notNull(),
    frame: text(),
    /** The innermost cause in words, its literals replaced; null where the stack names none. */
    cause: text(),
    /** Which version of the algorithm formed this group: an older one gets no new messages. */
    fingerprintVersion: smallint("fingerprint_version").notNull().default(1),
    zones: text().array().notNull().default(sql`'{}'`),
    /** The masking that its texts were made under, as a hash; null for those from before this was kept, which are named anew once. */
    namedUnder: text("named_under"),
    /** Payloads of messages that were parked before are taken out; null: none was yet. Goes back when an older message comes. */
    payloadsGoneBefore: instant("payloads_gone_before"),
    openN: integer("open_n").notNull().default(0),
    totalN: bigint("total_n", { mode: "number" }).notNull().default(0),
    firstAt: instant("first_at").notNull(),
    lastAt: instant("last_at").notNull(),
    attemptsMax: integer("attempts_max").notNull().default(0),
    /** Open messages by consumer version. */
    versions: jsonb().notNull().default({}),
  },
  (t) => [
    unique("dead_letter_group_fingerprint").on(t.fingerprint),
    // What no contract names: few, and counted by every overview.
    // A list begins with the largest, and says how many there are. Counters in an index cost a page of letters some forty entries.
    index("dead_letter_group_open").on(t.openN.desc().nullsFirst(), t.groupId.desc().nullsFirst()).where(sql`open_n > 0`),
    index("dead_letter_group_outside").on(t.groupId).where(sql`cardinality(zones) = 0`),
  ],
);

/** Parked per minute (level 60, kept 3 h) and per hour (3600, kept 90 d), for sparklines and counts over a range. Written with the rows it counts. */
export const groupArrival = pgTable(
  "group_arrival",
  {
    levelS: smallint("level_s").notNull(),
    groupId: bigint("group_id", { mode: "number" }).notNull(),
    bucket: instant().notNull(),
    n: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.levelS, t.groupId, t.bucket] }), index("group_arrival_bucket").on(t.levelS, t.bucket)],
);

/** Who holds a dead letter: at most one operation, from the freezing of its list until the outcome. As many rows as items without an outcome. */
export const deadLetterClaim = pgTable(
  "dead_letter_claim",
  {
    deadLetter: bigint("dead_letter", { mode: "number" }).primaryKey(),
    operationId: bigint("operation_id", { mode: "number" }).notNull(),
    groupId: bigint("group_id", { mode: "number" }).notNull(),
  },
  (t) => [index("dead_letter_claim_operation").on(t.operationId), index("dead_letter_claim_group").on(t.groupId)],
);

/** What somebody kept of a list under a name, for themselves or for all. Written by people, at most some dozen each. */
export const savedView = pgTable(
  "saved_view",
  {
    viewId: bigint("view_id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    operatorId: uuid("operator_id")
      .notNull()
      .references(() => operator.id),
    name: text().notNull(),
    /** The question as an address asks it; who follows it is answered by their own rights. */
    search: text().notNull(),
    shared: boolean().notNull(),
    pinned: boolean().notNull(),
    changedAt: instant("changed_at").notNull(),
  },
  (t) => [
    uniqueIndex("saved_view_own_name").on(t.operatorId, t.name).where(sql`not shared`),
    uniqueIndex("saved_view_shared_name").on(t.name).where(sql`shared`),
  ],
);
