import { sql } from "drizzle-orm";
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { SplitRule } from "../../lib/dead-letters/regrouping/rules";
import { eventColumns, instant } from "./columns";

/**
 * What people make of a group, apart from the group's row, which counts and must stay narrow. A group without a row here is new. Written by
 * people, by the worker that follows it, and by the observer, which only notes that a message came (`stirred`) or that nothing is parked any
 * more (`emptied_at`), so that whoever follows looks at what changed alone. At most a row per group.
 */
export const groupTriage = pgTable(
  "group_triage",
  {
    groupId: bigint("group_id", { mode: "number" }).primaryKey(),
    state: text({ enum: ["new", "investigating", "waiting", "muted", "resolved"] })
      .notNull()
      .default("new"),
    /** Counts changes of the state: who changes it says which one was seen, and who comes second is refused. */
    stateN: integer("state_n").notNull().default(0),
    stateAt: instant("state_at"),
    stateByName: text("state_by_name"),
    assignee: uuid(),
    assigneeName: text("assignee_name"),
    ticket: text(),
    ticketByName: text("ticket_by_name"),
    /** The consumer's version that should bring the fix. */
    waitsFor: text("waits_for"),
    /** Set while that version, or a later one, is live and nothing comes in. */
    readyAt: instant("ready_at"),
    readyVersion: text("ready_version"),
    mutedUntil: instant("muted_until"),
    mutedAbove: integer("muted_above"),
    /** How many messages the group had ever had when it was resolved: more is a regression. */
    resolvedTotalN: bigint("resolved_total_n", { mode: "number" }),
    /** Who had resolved it when it came back, until it is resolved again. */
    regressedAt: instant("regressed_at"),
    regressedFrom: text("regressed_from"),
    stirred: boolean().notNull().default(false),
    emptiedAt: instant("emptied_at"),
    eventsN: integer("events_n").notNull().default(0),
  },
  (t) => [
    index("group_triage_stirred").on(t.groupId).where(sql`stirred`),
    index("group_triage_emptied").on(t.emptiedAt).where(sql`emptied_at is not null and state <> 'resolved'`),
    index("group_triage_waiting").on(t.groupId).where(sql`state = 'waiting' and ready_at is null`),
    index("group_triage_muted").on(t.groupId).where(sql`state = 'muted'`),
    index("group_triage_assignee").on(t.assignee).where(sql`assignee is not null`),
  ],
);

/** What happened to a group, numbered per group: notes, and each change. Appended in the transaction of the change; a trigger refuses every change of it. */
export const groupEvent = pgTable(
  "group_event",
  {
    groupId: bigint("group_id", { mode: "number" }).notNull(),
    ...eventColumns,
  },
  (t) => [primaryKey({ columns: [t.groupId, t.n] })],
);

/** Each time that a failure ended, and with what: "seen before" of the group, and of others that fail at the same place. A row per resolution; kept. */
export const groupEnding = pgTable(
  "group_ending",
  {
    groupId: bigint("group_id", { mode: "number" }).notNull(),
    /** The number of the event that says so. */
    n: integer().notNull(),
    sourceId: text("source_id").notNull(),
    consumer: text().notNull(),
    /** The call at which it failed; null where no stack names one. */
    frame: text(),
    beganAt: instant("began_at").notNull(),
    endedAt: instant("ended_at").notNull(),
    byName: text("by_name").notNull(),
    reason: text(),
    /** The last operation on it before it ended. */
    operationId: bigint("operation_id", { mode: "number" }),
    /** The consumer's version that was live then. */
    version: text(),
    processedN: integer("processed_n").notNull(),
    discardedN: integer("discarded_n").notNull(),
    goneN: integer("gone_n").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.groupId, t.n] }),
    index("group_ending_place").on(t.sourceId, t.consumer, t.frame, t.endedAt.desc().nullsFirst()),
  ],
);

/**
 * What people say of where messages belong: those of one group to another (a merge, without a rule), or those of a group that a rule means to
 * one of their own (a split). Kept for what comes later, in the order in which it was said. Written by people; the observer follows it, and
 * the worker moves what was there before. A row per merge and split; kept after it is undone.
 */
export const groupRoute = pgTable(
  "group_route",
  {
    routeId: bigint("route_id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    sourceId: text("source_id").notNull(),
    fromId: bigint("from_id", { mode: "number" }).notNull(),
    toId: bigint("to_id", { mode: "number" }).notNull(),
    rule: jsonb().$type<SplitRule>(),
    madeAt: instant("made_at").notNull(),
    madeByName: text("made_by_name").notNull(),
    endedAt: instant("ended_at"),
    endedByName: text("ended_by_name"),
    /** How many it moved, there and back. */
    movedN: bigint("moved_n", { mode: "number" }).notNull().default(0),
    /** Null while something may stand where it does not belong by this. */
    settledAt: instant("settled_at"),
  },
  (t) => [
    uniqueIndex("group_route_merge").on(t.fromId).where(sql`rule is null and ended_at is null`),
    uniqueIndex("group_route_rule").on(t.fromId, t.rule).where(sql`rule is not null and ended_at is null`),
    index("group_route_from").on(t.fromId),
    index("group_route_to").on(t.toId),
    index("group_route_unsettled").on(t.routeId).where(sql`settled_at is null`),
  ],
);
