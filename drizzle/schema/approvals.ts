import { sql } from "drizzle-orm";
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { instant } from "./columns";

/**
 * A request that takes a second person: a discard, a large retry, an accepted difference. Written with what it is for, in one transaction;
 * ended by a vote, by who asked, or by the worker when its time is up. Kept for ever; one waits per subject.
 */
export const approval = pgTable(
  "approval",
  {
    approvalId: bigint("approval_id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    subjectKind: text("subject_kind", { enum: ["operation", "case"] }).notNull(),
    subjectId: bigint("subject_id", { mode: "number" }).notNull(),
    /** What is asked for: dead_letter.discard, dead_letter.retry, dead_letter.edit, case.accept. */
    action: text().notNull(),
    /** Who approves may act in all of them; empty is what no contract names. */
    zones: text().array().notNull(),
    neededN: integer("needed_n").notNull(),
    requestedBy: uuid("requested_by").notNull(),
    requestedByName: text("requested_by_name").notNull(),
    requestedAt: instant("requested_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    summary: text().notNull(),
    detail: jsonb().$type<Record<string, unknown>>().notNull(),
    state: text({ enum: ["waiting", "approved", "refused", "withdrawn", "expired"] }).notNull(),
    endedAt: instant("ended_at"),
    endedByName: text("ended_by_name"),
    endedWhy: text("ended_why"),
    /** Of the withdrawal: sent again, it is the same one. */
  },
  (t) => [
    uniqueIndex("approval_one").on(t.subjectKind, t.subjectId).where(sql`state = 'waiting'`),
    index("approval_waiting").on(t.expiresAt).where(sql`state = 'waiting'`),
    index("approval_subject").on(t.subjectKind, t.subjectId, t.approvalId.desc().nullsFirst()),
  ],
);

/** What each person said of a request, once. Written by approvers, never changed. */
export const approvalVote = pgTable(
  "approval_vote",
  {
    approvalId: bigint("approval_id", { mode: "number" }).notNull(),
    operatorId: uuid("operator_id").notNull(),
    operatorName: text("operator_name").notNull(),
    vote: text({ enum: ["approve", "refuse"] }).notNull(),
    at: instant().notNull(),
    reason: text(),
  },
  (t) => [primaryKey({ columns: [t.approvalId, t.operatorId] })],
);
