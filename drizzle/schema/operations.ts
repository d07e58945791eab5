import { sql } from "drizzle-orm";
import { bigint, boolean, doublePrecision, index, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { outcomes } from "../../lib/operations/rules";
import { instant } from "./columns";

/** One act of an operator over one or many messages. Written by the web with its frozen list and audit entry; counters by the worker. Kept for ever. */
export const operation = pgTable(
  "operation",
  {
    operationId: bigint("operation_id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity({ startWith: 1001 }),
    kind: text({ enum: ["retry", "discard", "resolve", "take_back"] }).notNull(),
    state: text({ enum: ["awaiting", "running", "paused", "cancelled", "done"] }).notNull(),
    requestedBy: uuid("requested_by").notNull(),
    requestedByName: text("requested_by_name").notNull(),
    requestedAt: instant("requested_at").notNull(),
    /** Chosen by the client: the same request sent twice is one operation. */
    reason: text().notNull(),
    ticket: text(),
    /** Why letters are closed without their consumer, and what shows that it is so; null for what closes none. */
    code: text(),
    evidence: text(),
    title: text().notNull(),
    scope: text().notNull(),
    zones: text().array().notNull(),
    consumers: text().array().notNull(),
    itemsN: integer("items_n").notNull(),
    keysN: integer("keys_n").notNull(),
    /** Items per outcome. */
    ended: jsonb().notNull().default({}),
    endedN: integer("ended_n").notNull().default(0),
    endedAt: instant("ended_at"),
    /** The canary: this many first, then watched, then on by itself ("go") or at somebody's word ("ask"). Null: none. */
    canaryN: integer("canary_n"),
    watchMs: integer("watch_ms").notNull().default(0),
    canaryThen: text("canary_then", { enum: ["go", "ask"] })
      .notNull()
      .default("go"),
    canaryEndedAt: instant("canary_ended_at"),
    canaryPassedAt: instant("canary_passed_at"),
    /** It pauses by itself when more than this share of the answers failed, over all or over the last `stop_window`. */
    stopPercent: integer("stop_percent"),
    stopWindow: integer("stop_window").notNull().default(20),
    stopReason: text("stop_reason"),
    /** Answers since it began or was resumed after a stop: all, those that failed, and the last as letters. */
    judgedN: integer("judged_n").notNull().default(0),
    failedN: integer("failed_n").notNull().default(0),
    recent: text().notNull().default(""),
    /** Items handed to workers so far; without those that ended, what is in flight. Every claim adds to it under this row's lock. */
    releasedN: integer("released_n").notNull().default(0),
    inFlightMax: integer("in_flight_max"),
    /** The pace, and what may be sent at once as of `tokens_at`: kept here, so that all workers together keep it. */
    perSecond: doublePrecision("per_second"),
    tokens: doublePrecision().notNull().default(1),
    tokensAt: instant("tokens_at"),
    /** Nothing is sent before; null is at once. */
    opensAt: instant("opens_at"),
    undoUntil: instant("undo_until"),
    /** The operation whose failures it tries again. */
    retryOf: bigint("retry_of", { mode: "number" }),
  },
  (t) => [
    index("operation_state").on(t.state),
    index("operation_requested_at").on(t.requestedAt),
    index("operation_open").on(t.operationId).where(sql`ended_at is null`),
  ],
);

/** The frozen list: exactly what was selected. Written once, never updated. */
export const operationItem = pgTable(
  "operation_item",
  {
    operationId: bigint("operation_id", { mode: "number" }).notNull(),
    item: integer().notNull(),
    deadLetter: bigint("dead_letter", { mode: "number" }).notNull(),
    sourceId: text("source_id").notNull(),
    sourceDeadLetterId: text("source_seq").notNull(),
    groupId: bigint("group_id", { mode: "number" }).notNull(),
    consumer: text().notNull(),
    messageId: text("message_id").notNull(),
    /** The letter's row as it was when the list was frozen. */
    sourceMark: text("source_mark"),
    businessKey: text("business_key").notNull(),
    /** The item of the same consumer and key that must have ended before this one is sent; null: none. */
    afterItem: integer("after_item"),
  },
  (t) => [primaryKey({ columns: [t.operationId, t.item] }), index("operation_item_dead_letter").on(t.deadLetter)],
);

/** What an operation changes in each message before it is sent again: a row for each that edits. Written with the operation, never updated. */
export const operationEdit = pgTable("operation_edit", {
  operationId: bigint("operation_id", { mode: "number" }).primaryKey(),
  /** A JSON Patch as text, so that its numbers keep their digits. What a contract masks is never in it. */
  patch: text().notNull(),
});

/** Items of one source that are carried out in one statement, numbered by the first of them; a claim that may take only some leaves the rest as a chunk of its own. waiting → claimed → sent → settled, or cancelled. A claim that outlives its lease is claimed again. */
export const operationChunk = pgTable(
  "operation_chunk",
  {
    operationId: bigint("operation_id", { mode: "number" }).notNull(),
    chunk: integer().notNull(),
    sourceId: text("source_id").notNull(),
    itemFrom: integer("item_from").notNull(),
    itemTo: integer("item_to").notNull(),
    /** Its items follow others of their keys. */
    ordered: boolean().notNull().default(false),
    state: text({ enum: ["waiting", "claimed", "sent", "settled", "cancelled"] }).notNull(),
    claimedBy: text("claimed_by"),
    claimedAt: instant("claimed_at"),
    claim: integer().notNull().default(0),
    sentAt: instant("sent_at"),
    endedN: integer("ended_n").notNull().default(0),
    /** When something of it was last taken or ended: a framework that works is told from one that stands. */
    movedAt: instant("moved_at"),
    /** Items that were taken by the consumer and are silent, or that their framework should have taken by now. */
    uncertain: integer().array().notNull().default([]),
    error: text(),
  },
  (t) => [primaryKey({ columns: [t.operationId, t.chunk] }), index("operation_chunk_open").on(t.sourceId, t.state)],
);

/** How an item ended; the first outcome stands. Written once by the worker, with the release of the claim. */
export const operationOutcome = pgTable(
  "operation_outcome",
  {
    operationId: bigint("operation_id", { mode: "number" }).notNull(),
    item: integer().notNull(),
    outcome: text({ enum: outcomes }).notNull(),
    detail: text(),
    finishedAt: instant("finished_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.operationId, t.item] }), index("operation_outcome_kind").on(t.operationId, t.outcome, t.item)],
);

/** Calls to services that retry their own messages: a row per item, written before the call and again with its answer. Kept for ever. */
export const operationCall = pgTable(
  "operation_call",
  {
    operationId: bigint("operation_id", { mode: "number" }).notNull(),
    item: integer().notNull(),
    calls: integer().notNull(),
    calledAt: instant("called_at").notNull(),
    /** `unanswered` from before the call on: a worker that dies leaves what is true. */
    answer: text({ enum: ["requested", "refused", "unreached", "unanswered"] }).notNull(),
    words: text().notNull(),
    answeredAt: instant("answered_at"),
    /** When the service's tables first showed that it was taken up. */
    seenAt: instant("seen_at"),
    /** When it may be asked again, under the same key; null: it is not. */
    nextAt: instant("next_at"),
  },
  (t) => [primaryKey({ columns: [t.operationId, t.item] })],
);

/** Pauses, resumptions, cancellations, changes, stops and what the worker met on the way; shown on the operation's page. */
export const operationEvent = pgTable(
  "operation_event",
  {
    id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    operationId: bigint("operation_id", { mode: "number" }).notNull(),
    at: instant().notNull(),
    text: text().notNull(),
  },
  (t) => [index("operation_event_operation").on(t.operationId, t.id)],
);
