import { sql } from "drizzle-orm";
import type { Role } from "../../context";
import type { Db } from "../../db/pool";
import { firstRow, instant, rows, touched } from "../../db/rows";
import type { Instant } from "../../time";
import { type Session, sessionLimits } from "./rules";

const columns = sql`s.id, s.operator_id as "operatorId", s.created_at as "createdAt", s.expires_at as "expiresAt",
  s.last_seen_at as "lastSeenAt", s.revoked_at as "revokedAt", s.user_agent as "userAgent", s.how`;
const LIST_MAX = 100;

/** By which proof a session is opened; `passwordHash` is what the password was held against. */
export type Proof =
  | { how: "password"; passwordHash: string; second?: "totp" | "recovery" | null }
  | { how: "openid_connect"; provedAt?: Instant | null };

/**
 * Opens a session and gives its id; null when the password was changed since it was held against what was stored, or the operator may not
 * sign in any more. Both lock the operator's row, so that a reset ends this session or comes before it.
 */
export async function insertSession(
  db: Db,
  operatorId: string,
  userAgent: string,
  proof: Proof,
  now: Instant,
): Promise<string | null> {
  const provedAt = (proof.how === "openid_connect" && proof.provedAt) || null;
  const same = proof.how === "password" ? sql`password_hash = ${proof.passwordHash}` : sql`true`;
  const row = await firstRow<{ id: string }>(
    db,
    sql`
    insert into session (operator_id, created_at, expires_at, last_seen_at, user_agent, how, proved_at)
    select id, ${instant(now)}, ${instant(now + sessionLimits.lifeMs)}, ${instant(now)}, ${userAgent.slice(0, 200)}, ${proof.how}, ${provedAt === null ? sql`null::timestamptz` : instant(provedAt)}
      from operator where id = ${operatorId}::uuid and active and ${same} for share
    returning id`,
  );
  return row?.id ?? null;
}

/** A session with its operator as they stand now; null when there is no such session. */
export function selectSession(
  db: Db,
  id: string,
): Promise<
  | (Session & {
      name: string;
      email: string;
      role: Role;
      zones: string[] | null;
      active: boolean;
      mustChangePassword: boolean;
      lacksSecondFactor: boolean;
    })
  | null
> {
  return firstRow(
    db,
    sql`select ${columns}, o.name, o.email, o.role, o.zones, o.active,
      o.password_once and s.how is not distinct from 'password' as "mustChangePassword",
      s.how is not distinct from 'password' and not exists (select from second_factor f where f.operator_id = o.id and f.confirmed_at is not null) as "lacksSecondFactor"
    from session s join operator o on o.id = s.operator_id where s.id = ${id}::uuid`,
  );
}

/** What a session and its operator's account prove; null when there is no such session. */
export function selectProof(
  db: Db,
  sessionId: string,
): Promise<{ how: Session["how"]; provedAt: Instant; email: string; passwordHash: string | null } | null> {
  return firstRow(
    db,
    sql`select s.how, coalesce(s.proved_at, s.created_at) as "provedAt", o.email, o.password_hash as "passwordHash"
    from session s join operator o on o.id = s.operator_id where s.id = ${sessionId}::uuid`,
  );
}

/** Sessions of one person that were not revoked and have not expired, newest first. */
export function selectSessionsOf(db: Db, operatorId: string, now: Instant): Promise<Session[]> {
  return rows(
    db,
    sql`select ${columns} from session s
    where s.operator_id = ${operatorId}::uuid and s.revoked_at is null and s.expires_at > ${instant(now)}
    order by s.created_at desc limit ${LIST_MAX}`,
  );
}

/** Moves "last seen" forward, never back. */
export async function markSessionSeen(db: Db, id: string, now: Instant): Promise<void> {
  await db.execute(
    sql`update session set last_seen_at = ${instant(now)} where id = ${id}::uuid and last_seen_at < ${instant(now)}`,
  );
}

/** Revokes a session; false when it was revoked before or never was. */
export async function markSessionRevoked(db: Db, id: string, now: Instant): Promise<boolean> {
  return (
    (await touched(db, sql`update session set revoked_at = ${instant(now)} where id = ${id}::uuid and revoked_at is null`)) === 1
  );
}

/** Revokes all of a person's sessions but one, or all; gives how many. */
export function markSessionsRevoked(db: Db, operatorId: string, now: Instant, exceptId: string | null): Promise<number> {
  return touched(
    db,
    sql`update session set revoked_at = ${instant(now)}
    where operator_id = ${operatorId}::uuid and revoked_at is null and id is distinct from ${exceptId}::uuid`,
  );
}

/** Deletes sessions that ended before a time, a bounded number at once; gives how many. */
export function deleteEndedSessions(db: Db, before: Instant, most: number): Promise<number> {
  return touched(
    db,
    sql`delete from session where id in (
      select id from session where expires_at < ${instant(before)} order by expires_at limit ${most} for update skip locked)`,
  );
}
