import { sql } from "drizzle-orm";
import { bigint, doublePrecision, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { FieldDifference, Moment, RunCursor, ShapeNote } from "../../lib/reconciliation/rules";
import { instant } from "./columns";

/**
 * Keys of which an authority and its projection do not say the same. Written by the worker that runs the rule; a candidate that converges
 * leaves without a trace, what was open stays as resolved for 90 days. Growth means that projections are wrong, or that nobody repairs them.
 */
export const divergence = pgTable(
  "divergence",
  {
    divergenceId: bigint("divergence_id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    zoneId: text("zone_id").notNull(),
    rule: text().notNull(),
    businessKey: text("business_key").notNull(),
    /** As the two relations write it. */
    key: text().notNull(),
    kind: text({ enum: ["missing", "unexpected", "mismatch", "duplicate"] }).notNull(),
    detail: text({ enum: ["older", "other_values", "newer"] }),
    state: text({ enum: ["candidate", "open", "accepted", "resolved"] }).notNull(),
    /** Where its age counts from, on the store's clock. */
    since: instant().notNull(),
    firstSeenAt: instant("first_seen_at").notNull(),
    lastSeenAt: instant("last_seen_at").notNull(),
    confirmedAt: instant("confirmed_at"),
    resolvedAt: instant("resolved_at"),
    resolution: text({ enum: ["converged", "superseded", "rule gone"] }),
    acceptedUntil: instant("accepted_until"),
    /** Masked before they are stored. */
    fields: jsonb().$type<FieldDifference[]>().notNull(),
    /** `lag`: the projection has not reached the authority's change; facts of the same key are looked up when it is read. */
    explainedBy: text("explained_by"),
    /** The authority's version, its changed_at and the fingerprints of both rows when this fact was first seen: what it is judged by. */
    version: text(),
    changedAt: text("changed_at"),
    authorityDigest: text("authority_digest"),
    projectionDigest: text("projection_digest"),
    seenN: integer("seen_n").notNull(),
    restarts: integer().notNull().default(0),
    dueAt: instant("due_at").notNull(),
    /** What looking at it found that was new, the newest last; 20 at most. */
    history: jsonb().$type<Moment[]>().notNull(),
  },
  (t) => [
    uniqueIndex("divergence_one").on(t.zoneId, t.rule, t.key).where(sql`state <> 'resolved'`),
    index("divergence_due").on(t.zoneId, t.rule, t.dueAt).where(sql`state <> 'resolved'`),
    index("divergence_open").on(t.since, t.divergenceId).where(sql`state in ('open', 'accepted')`),
    // What every judgement counts.
    index("divergence_open_kind").on(t.zoneId, t.rule, t.kind, t.since).where(sql`state = 'open'`),
    index("divergence_resolved")
      .on(t.resolvedAt.desc().nullsFirst(), t.divergenceId.desc().nullsFirst())
      .where(sql`state = 'resolved'`),
    index("divergence_business_key").on(t.businessKey.op("text_pattern_ops")),
  ],
);

/** How running each rule of the contracts in force goes: schedule, place in a run under way, and what the last whole run found. A row per rule, written by the worker that runs it. */
export const reconciliationRule = pgTable(
  "reconciliation_rule",
  {
    zoneId: text("zone_id").notNull(),
    rule: text().notNull(),
    /** What the rule compared when this was written; another definition begins anew. */
    contractHash: text("contract_hash").notNull().default(""),
    nextRunAt: instant("next_run_at").notNull(),
    /** Set while it cannot run: nobody asks its sources again before. */
    retryAt: instant("retry_at"),
    /** Null while no run is under way. */
    cursor: jsonb().$type<RunCursor>(),
    /** The last run that reached its end, or was stopped because nearly everything differs. */
    ranAt: instant("ran_at"),
    /** The last run that compared every key. */
    coveredAt: instant("covered_at"),
    runMs: integer("run_ms"),
    authorityN: bigint("authority_n", { mode: "number" }),
    projectionN: bigint("projection_n", { mode: "number" }),
    /** Rows of the projection that agreed with the authority. */
    matchedN: bigint("matched_n", { mode: "number" }),
    candidatesN: integer("candidates_n"),
    /** The share of keys that the last run compared. */
    coverage: doublePrecision(),
    sourceMs: integer("source_ms"),
    bytesN: bigint("bytes_n", { mode: "number" }),
    /** Why it cannot run, in words, and since when; a run that works again clears both. */
    error: text(),
    errorSince: instant("error_since"),
    notes: jsonb().$type<ShapeNote[]>().notNull().default([]),
    /** A run was stopped because more differs than anyone reads one by one. */
    bulkSince: instant("bulk_since"),
    bulkN: integer("bulk_n"),
  },
  (t) => [primaryKey({ columns: [t.zoneId, t.rule] })],
);
