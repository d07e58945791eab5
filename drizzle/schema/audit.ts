import { sql } from "drizzle-orm";
import { bigint, boolean, check, index, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { instant } from "./columns";

/**
 * Who did what, to which target, why, when, with which result. Appended in the transaction of the change itself; nobody
 * drains it: a trigger and missing rights refuse every update and delete. Growth means that people act; what is denied
 * is written once a minute at most. Operators stand here by id and by the name they had, without a foreign key, so that
 * an entry is whole on its own.
 */
export const auditEntry = pgTable(
  "audit_entry",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    at: instant("at").notNull(),
    // When the database took it: no role may give another time, so that an entry that is dated back shows.
    recordedAt: instant("recorded_at").notNull().default(sql`clock_timestamp()`),
    actorKind: text("actor_kind").notNull(),
    // Null for a service, the holder of a link, the worker and a stranger.
    operatorId: uuid("operator_id"),
    actorName: text("actor_name").notNull(),
    sessionId: uuid("session_id"),
    action: text("action").notNull(),
    targetKind: text("target_kind").notNull(),
    targetId: text("target_id").notNull(),
    zones: text("zones").array().notNull(),
    result: text("result").notNull(),
    reason: text("reason"),
    detail: jsonb("detail").$type<Record<string, unknown>>().notNull().default({}),
    // Makes an entry that is written again the same entry: one result per operation, one denial a minute.
    entryKey: text("entry_key").unique("audit_entry_key_unique"),
  },
  (t) => [
    index("audit_entry_by_time").on(t.at.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index("audit_entry_by_operator").on(t.operatorId, t.at.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index("audit_entry_by_target").on(t.targetKind, t.targetId, t.at.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index("audit_entry_by_actor").on(t.actorName, t.at.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index("audit_entry_by_action").on(t.action, t.at.desc().nullsFirst(), t.id.desc().nullsFirst()),
    // Denials are few among what was done, and are looked for.
    index("audit_entry_not_done").on(t.result, t.at.desc().nullsFirst(), t.id.desc().nullsFirst()).where(sql`result <> 'done'`),
    index("audit_entry_by_zone").using("gin", t.zones),
    check("audit_entry_actor_kind", sql`${t.actorKind} in ('operator', 'service', 'link', 'worker', 'stranger')`),
    check("audit_entry_result", sql`${t.result} in ('done', 'denied', 'result')`),
  ],
);

/**
 * The chain over the entries: each link holds the hash of the link before and of its entry, so that an entry that is changed, taken away or
 * put in between breaks it. Forged by a worker some seconds after the entries were committed, in the order in which they were seen: writers
 * do not wait for each other. One row per entry, never changed either.
 */
export const auditLink = pgTable("audit_link", {
  seq: bigint("seq", { mode: "number" }).primaryKey(),
  entryId: bigint("entry_id", { mode: "number" }).notNull().unique("audit_link_entry"),
  hash: text("hash").notNull(),
});

/** What the last walk along the chain found; one row. Written by a worker every hour and by the command. */
export const auditVerification = pgTable("audit_verification", {
  one: boolean("one").primaryKey().default(true),
  at: instant("at").notNull(),
  /** How many links were walked, and the hash of the last: who keeps it elsewhere can prove that nothing before it was exchanged. */
  entriesN: bigint("entries_n", { mode: "number" }).notNull(),
  head: text("head"),
  /** The first entry that does not fit, and why; null when all do. */
  brokenEntry: bigint("broken_entry", { mode: "number" }),
  why: text("why"),
});

/**
 * Requests by the key that their sender gave them, with what was answered: sent again, a request gets the answer of the first time and
 * changes nothing. Written in the transaction of the change, so that a key of a change that failed is free. A row per write of a person
 * or a script, deleted after 400 days.
 */
export const idempotencyKey = pgTable(
  "idempotency_key",
  {
    actorId: text("actor_id").notNull(),
    action: text().notNull(),
    key: text().notNull(),
    /** Tells a repeat from another request under the same key. */
    requestHash: text("request_hash").notNull(),
    answer: jsonb(),
    at: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.actorId, t.action, t.key] }), index("idempotency_key_at").on(t.at)],
);
