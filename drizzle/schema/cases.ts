import { sql } from "drizzle-orm";
import { bigint, check, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { CaseFacts, CaseRunbook } from "../../lib/cases/rules";
import { eventColumns, instant } from "./columns";

/**
 * Something that a person has to look at: one open row per zone and cause. Opened by the worker when a cause outlives its window, or by
 * hand; changed by people, and by the worker when the cause goes or returns. Kept for ever. Growth means that causes are not repaired.
 */
export const caseFile = pgTable(
  "case_file",
  {
    caseId: bigint("case_id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity({ startWith: 101 }),
    zoneId: text("zone_id").notNull(),
    causeKind: text("cause_kind", { enum: ["group", "saga", "divergence", "lag", "mass", "missed", "manual"] }).notNull(),
    /** The group, rule, type of saga or producer; what was typed where a case was opened by hand. */
    causeRef: text("cause_ref").notNull(),
    /** The kind of difference, step or reason within it; empty where there is none. */
    causePart: text("cause_part").notNull().default(""),
    businessKey: text("business_key"),
    title: text().notNull(),
    /** What was known of the cause when it opened the case. */
    facts: jsonb().$type<CaseFacts>().notNull(),
    openedAt: instant("opened_at").notNull(),
    /** Null: a rule opened it. */
    openedBy: uuid("opened_by"),
    openedByName: text("opened_by_name").notNull(),
    dueAt: instant("due_at").notNull(),
    assignee: uuid("assignee"),
    assigneeName: text("assignee_name"),
    acknowledgedAt: instant("acknowledged_at"),
    acknowledgedByName: text("acknowledged_by_name"),
    /** Somebody took notice: it does not end by itself any more. */
    touchedAt: instant("touched_at"),
    snoozedUntil: instant("snoozed_until"),
    /** The end of the snooze, or when it gets worse before: its due time. */
    wakesAt: instant("wakes_at"),
    /** Null while the cause stands, also after a resolution: what never went away has not returned. */
    causeGoneAt: instant("cause_gone_at"),
    resolvedAt: instant("resolved_at"),
    resolvedByName: text("resolved_by_name"),
    resolution: text({ enum: ["converged", "authority", "projection", "compensated", "accepted", "no_divergence"] }),
    resolutionReason: text("resolution_reason"),
    acceptedUntil: instant("accepted_until"),
    reopenedN: integer("reopened_n").notNull().default(0),
    /** The contract's, as it was when the case was opened, so that ticks keep their meaning. */
    runbook: jsonb().$type<CaseRunbook>(),
    tickedN: integer("ticked_n").notNull().default(0),
    eventsN: integer("events_n").notNull().default(0),
  },
  (t) => [
    uniqueIndex("case_one").on(t.zoneId, t.causeKind, t.causeRef, t.causePart).where(sql`resolved_at is null`),
    index("case_cause").on(t.zoneId, t.causeKind, t.causeRef, t.causePart, t.caseId.desc().nullsFirst()),
    index("case_due").on(t.dueAt, t.caseId).where(sql`resolved_at is null`),
    index("case_assignee").on(t.assignee, t.dueAt).where(sql`resolved_at is null`),
    index("case_resolved").on(t.resolvedAt.desc().nullsFirst(), t.caseId.desc().nullsFirst()).where(sql`resolved_at is not null`),
    index("case_business_key").on(t.businessKey.op("text_pattern_ops")),
    index("case_followed").on(t.caseId).where(sql`cause_gone_at is null and cause_kind <> 'manual'`),
    check("case_resolved_whole", sql`(${t.resolvedAt} is null) = (${t.resolution} is null)`),
  ],
);

/** What happened to a case, numbered per case. Appended in the transaction of the change; a trigger refuses every change of it. */
export const caseEvent = pgTable(
  "case_event",
  {
    caseId: bigint("case_id", { mode: "number" }).notNull(),
    ...eventColumns,
  },
  (t) => [primaryKey({ columns: [t.caseId, t.n] })],
);

/** Steps of a runbook that are done. A row per tick, gone when it is taken back; the case's history has both. */
export const caseTick = pgTable(
  "case_tick",
  {
    caseId: bigint("case_id", { mode: "number" }).notNull(),
    step: integer().notNull(),
    at: instant().notNull(),
    byName: text("by_name").notNull(),
  },
  (t) => [primaryKey({ columns: [t.caseId, t.step] })],
);
