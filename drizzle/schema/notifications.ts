import { sql } from "drizzle-orm";
import { bigint, boolean, check, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { Digest, PublicChannel, Route } from "../../lib/channels/rules";
import { instant } from "./columns";

/**
 * The channels in force, without a secret, and how they do. A few rows: settings written with the configuration, the rest by whichever worker
 * sends.
 */
export const channel = pgTable("channel", {
  name: text().primaryKey(),
  position: integer().notNull(),
  settings: jsonb().$type<PublicChannel>().notNull(),
  lastSentAt: instant("last_sent_at"),
  lastFailedAt: instant("last_failed_at"),
  /** Since when nothing has got through. */
  failingSince: instant("failing_since"),
  failuresN: integer("failures_n").notNull().default(0),
  /** What the last failure was, as the end of a sentence that begins with the channel's name. */
  lastWords: text("last_words"),
  /** The channel that was told of the failure. */
  toldTo: text("told_to"),
  heartbeatAt: instant("heartbeat_at"),
});

/** Routes and digests in force: one row, written with the configuration. */
export const telling = pgTable(
  "telling",
  {
    id: integer().primaryKey().default(1),
    routes: jsonb().$type<Route[]>().notNull(),
    digests: jsonb().$type<Digest[]>().notNull(),
  },
  (t) => [check("telling_one", sql`${t.id} = 1`)],
);

/**
 * Steps of alerts of which it is not decided yet whom they are told to. Filled by a trigger in the transaction of the step itself, drained by
 * the routing worker; what is silenced or the consequence of another alert stays until that is over. Growth means that nobody routes.
 */
export const notificationDue = pgTable(
  "notification_due",
  {
    alertId: bigint("alert_id", { mode: "number" }).notNull(),
    n: integer().notNull(),
    /** Why it waits. */
    held: text({ enum: ["silenced", "inhibited"] }),
  },
  (t) => [primaryKey({ columns: [t.alertId, t.n] })],
);

/** Who reads no digest of a channel of e-mail any more. Written by whoever holds the link in one; taken away by an administrator. A few rows. */
export const digestLeft = pgTable(
  "digest_left",
  {
    channel: text().notNull(),
    reader: text().notNull(),
    at: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.channel, t.reader] })],
);

/**
 * What is told to whom: the outbox of messages. Steps of one subject (an alert) leave in their order on each channel, each at least once
 * under an id that a repeat carries too. Written by the routing worker, drained by whichever worker sends; kept for 90 days. Growth of
 * what waits means that a channel does not take it.
 */
export const notification = pgTable(
  "notification",
  {
    notificationId: uuid("notification_id").primaryKey(),
    channel: text().notNull(),
    /** What it is about: what has an order of its own. */
    subject: text().notNull(),
    n: integer().notNull(),
    alertId: bigint("alert_id", { mode: "number" }),
    zoneId: text("zone_id"),
    kind: text({ enum: ["raised", "escalated", "acknowledged", "cleared", "more", "channel", "digest", "test"] }).notNull(),
    urgent: boolean().notNull(),
    /** What it says: the same each time. */
    content: jsonb().notNull(),
    /** grouped: told as a number by another message. dead: given up, until somebody asks for a retry. */
    state: text({ enum: ["waiting", "sent", "dead", "grouped"] }).notNull(),
    createdAt: instant("created_at").notNull(),
    attempts: integer().notNull().default(0),
    /** How often in a row it was answered with a no. */
    refusals: integer().notNull().default(0),
    attemptedAt: instant("attempted_at"),
    nextAt: instant("next_at").notNull(),
    /** Until when a worker has it, and a number that grows with each claim: whoever comes late with an old one changes nothing. */
    claimedUntil: instant("claimed_until"),
    claimN: integer("claim_n").notNull().default(0),
    answer: text(),
    words: text(),
    sentAt: instant("sent_at"),
    /** When the link in it acknowledged its alert: each does once. */
    linkUsedAt: instant("link_used_at"),
  },
  (t) => [
    uniqueIndex("notification_step").on(t.channel, t.subject, t.n),
    index("notification_waiting").on(t.channel, t.urgent.desc().nullsFirst(), t.createdAt).where(sql`state = 'waiting'`),
    index("notification_attempted").on(t.channel, t.attemptedAt.desc().nullsFirst()).where(sql`attempted_at is not null`),
    index("notification_listed").on(t.createdAt.desc().nullsFirst(), t.notificationId),
    index("notification_alert").on(t.alertId).where(sql`alert_id is not null`),
    index("notification_dead").on(t.channel).where(sql`state = 'dead'`),
  ],
);
