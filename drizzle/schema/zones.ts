import { bigint, index, integer, jsonb, pgTable, primaryKey, smallint, text } from "drizzle-orm/pg-core";
import { instant } from "./columns";

/** The latest judgement of each zone: a cache of exact facts, rewritten in every round by the judging worker. One small row per zone, all a screen reads. */
export const zoneStatus = pgTable("zone_status", {
  zoneId: text("zone_id").primaryKey(),
  verdict: text({ enum: ["breached", "at_risk", "unknown", "converging", "healthy"] }).notNull(),
  verdictSince: instant("verdict_since").notNull(),
  /** The last verdict that was not unknown. */
  wasVerdict: text("was_verdict"),
  facts: jsonb().notNull(),
  figures: jsonb().notNull(),
  keysByAge: jsonb("keys_by_age"),
  causes: jsonb().notNull(),
  /** Digest of the causes; they are written when it changes. Null: what is stored is to be written anew. */
  causesDigest: text("causes_digest"),
  judgedAt: instant("judged_at").notNull(),
  /** Digest of what open screens must hear of at once; they are told when it changes. */
  news: text().notNull().default(""),
});

/** What a zone's charts and its 60-minute strip are drawn from. Levels and partitions as in lag_sample; written by the judging worker. */
export const zoneSample = pgTable(
  "zone_sample",
  {
    levelS: smallint("level_s").notNull(),
    zoneId: text("zone_id").notNull(),
    at: instant().notNull(),
    /** The worst verdict of the span, as one of `verdictCodes`. */
    verdict: smallint().notNull(),
    oldestMs: bigint("oldest_ms", { mode: "number" }),
    keysN: integer("keys_n"),
    parkedN: integer("parked_n"),
    /** Open divergences by kind. */
    missingN: integer("missing_n"),
    unexpectedN: integer("unexpected_n"),
    mismatchN: integer("mismatch_n"),
    duplicateN: integer("duplicate_n"),
  },
  (t) => [primaryKey({ columns: [t.levelS, t.zoneId, t.at] })],
);

/** When a zone changed its verdict. Written by the judging worker; a handful of rows on a bad day, deleted after 400 days. */
export const verdictChange = pgTable(
  "verdict_change",
  {
    zoneId: text("zone_id").notNull(),
    at: instant().notNull(),
    verdict: text().notNull(),
    reasons: jsonb().notNull(),
    oldestKey: text("oldest_key"),
  },
  (t) => [primaryKey({ columns: [t.zoneId, t.at] }), index("verdict_change_at").on(t.at)],
);
