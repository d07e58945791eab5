import { sql } from "drizzle-orm";
import { bigint, boolean, check, index, integer, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core";
import { instant } from "./columns";

/**
 * A person who may sign in. Written by administrators and by a sign-in through OpenID Connect; never deleted, since the
 * audit names them. Grows with the company's on-call rota: thousands here would mean that a claim maps everybody.
 */
export const operator = pgTable(
  "operator",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    name: text("name").notNull(),
    email: text("email").notNull().unique("operator_email_unique"),
    // scrypt, with its parameters and salt; null for who signs in elsewhere.
    passwordHash: text("password_hash"),
    // Somebody else has seen it: it is good for choosing another one, and for nothing else.
    passwordOnce: boolean("password_once").notNull().default(false),
    oidcIssuer: text("oidc_issuer"),
    oidcSubject: text("oidc_subject"),
    role: text("role").notNull(),
    // null: every zone, now and later.
    zones: text("zones").array(),
    active: boolean("active").notNull().default(true),
    createdAt: instant("created_at").notNull().default(sql`now()`),
    changedAt: instant("changed_at").notNull().default(sql`now()`),
  },
  (t) => [
    unique("operator_oidc_unique").on(t.oidcIssuer, t.oidcSubject),
    check("operator_email_lower", sql`${t.email} = lower(${t.email})`),
    check("operator_role", sql`${t.role} in ('viewer', 'operator', 'approver', 'administrator')`),
    check("operator_oidc_whole", sql`(${t.oidcIssuer} is null) = (${t.oidcSubject} is null)`),
  ],
);

/**
 * One browser of one operator. Written at sign-in, touched at most once a minute, drained by the sweep of ended sessions.
 * Growth means that the sweep does not run.
 */
export const session = pgTable(
  "session",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    operatorId: uuid("operator_id")
      .notNull()
      .references(() => operator.id),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    lastSeenAt: instant("last_seen_at").notNull(),
    revokedAt: instant("revoked_at"),
    userAgent: text("user_agent").notNull().default(""),
    // By which proof it was opened; null for those from before this was kept.
    how: text("how"),
    // When the person themselves gave the proof, as the provider says; null: when the session began.
    provedAt: instant("proved_at"),
  },
  (t) => [
    check("session_how", sql`${t.how} in ('password', 'openid_connect')`),
    index("session_by_operator").on(t.operatorId, t.createdAt),
    index("session_by_expiry").on(t.expiresAt),
  ],
);

/**
 * Failed sign-ins of one e-mail or one address, as hashes: somebody will type a password into the e-mail field. Written by
 * every failure, drained by success and by the sweep. Growth means that somebody is guessing.
 */
export const signInThrottle = pgTable(
  "sign_in_throttle",
  {
    key: text("key").primaryKey(),
    failures: integer("failures").notNull(),
    lastFailureAt: instant("last_failure_at").notNull(),
    blockedUntil: instant("blocked_until"),
  },
  (t) => [index("sign_in_throttle_by_age").on(t.lastFailureAt)],
);

/**
 * The second factor of one operator. Written by them when they set one up, and by each code that lets them in; deleted by them or by an
 * administrator. One row a person at most.
 */
export const secondFactor = pgTable("second_factor", {
  operatorId: uuid("operator_id")
    .primaryKey()
    .references(() => operator.id),
  // Sealed with a key that is made of the application's secret: the store alone lets nobody in.
  secret: text("secret").notNull(),
  madeAt: instant("made_at").notNull(),
  // null: shown, and no code of it has come yet.
  confirmedAt: instant("confirmed_at"),
  // The step of time of the last code that was used; what is not later is refused.
  lastStep: bigint("last_step", { mode: "number" }).notNull().default(0),
});

/** Codes for the day on which the telephone is gone, as hashes, each of one use. Ten rows a person at most. */
export const recoveryCode = pgTable(
  "recovery_code",
  {
    operatorId: uuid("operator_id")
      .notNull()
      .references(() => operator.id),
    codeHash: text("code_hash").notNull(),
    usedAt: instant("used_at"),
  },
  (t) => [primaryKey({ columns: [t.operatorId, t.codeHash] })],
);
