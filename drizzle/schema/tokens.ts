import { sql } from "drizzle-orm";
import { check, index, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { instant } from "./columns";
import { operator } from "./operators";

/**
 * What scripts show in place of a session. Written when one is made, touched at most once a minute, drained by the sweep of
 * ended tokens. Growth means that somebody makes one per run instead of keeping one.
 */
export const token = pgTable(
  "token",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    kind: text("kind").notNull(),
    // Whose it is; for a service token, who made it.
    operatorId: uuid("operator_id")
      .notNull()
      .references(() => operator.id),
    name: text("name").notNull(),
    // SHA-256: the secret is 256 random bits, so there is no dictionary against which a slow hash would help.
    secretHash: text("secret_hash").notNull().unique("token_secret_hash_unique"),
    prefix: text("prefix").notNull(),
    role: text("role").notNull(),
    // null: every zone of its owner, or every zone there is for a service token.
    zones: text("zones").array(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    lastUsedAt: instant("last_used_at"),
    revokedAt: instant("revoked_at"),
  },
  (t) => [
    index("token_by_operator").on(t.operatorId),
    // Two live services of one name could not be told apart in the audit.
    uniqueIndex("token_service_name_unique").on(t.name).where(sql`kind = 'service' and revoked_at is null`),
    index("token_by_expiry").on(t.expiresAt),
    check("token_kind", sql`${t.kind} in ('personal', 'service')`),
    check("token_role", sql`${t.role} in ('viewer', 'operator', 'approver', 'administrator')`),
  ],
);
