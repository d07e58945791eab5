import { sql } from "drizzle-orm";
import type { Role } from "../context";
import type { Db } from "../db/pool";
import { firstRow, instant, list, rows } from "../db/rows";
import type { Instant } from "../time";
import type { Operator, Standing } from "./rules";

// Any number will do, as long as no other part of the store locks the same one.
const OPERATORS_LOCK = 4_127_010;
const LIST_MAX = 500;

/** An operator with what a sign-in needs to know. */
export type Credentials = Standing & {
  id: string;
  name: string;
  email: string;
  passwordHash: string | null;
  passwordOnce: boolean;
  oidcIssuer: string | null;
  oidcSubject: string | null;
};

/** Changes of operators take turns until the transaction ends: "is this the last administrator" has no row to lock. */
export async function lockOperators(tx: Db): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${OPERATORS_LOCK})`);
}

const credentials = sql`id, name, email, role, zones, active, password_hash as "passwordHash", password_once as "passwordOnce", oidc_issuer as "oidcIssuer",
  oidc_subject as "oidcSubject"`;

/** By id; null when there is none. */
export function selectOperator(db: Db, id: string): Promise<Credentials | null> {
  return firstRow(db, sql`select ${credentials} from operator where id = ${id}::uuid`);
}

/** By e-mail, in its normal form. */
export function selectOperatorByEmail(db: Db, email: string): Promise<Credentials | null> {
  return firstRow(db, sql`select ${credentials} from operator where email = ${email}`);
}

/** By the identity that a provider vouches for. */
export function selectOperatorBySubject(db: Db, issuer: string, subject: string): Promise<Credentials | null> {
  return firstRow(db, sql`select ${credentials} from operator where oidc_issuer = ${issuer} and oidc_subject = ${subject}`);
}

/** What a new operator consists of. */
export type NewOperator = {
  name: string;
  email: string;
  role: Role;
  zones: string[] | null;
  passwordHash: string | null;
  /** The password is known to who made it as well. */
  passwordOnce: boolean;
  oidc: { issuer: string; subject: string } | null;
};

/** Adds a person and gives the id; null when the e-mail is taken. */
export async function insertOperator(db: Db, operator: NewOperator, now: Instant): Promise<string | null> {
  const row = await firstRow<{ id: string }>(
    db,
    sql`
    insert into operator (name, email, role, zones, password_hash, password_once, oidc_issuer, oidc_subject, created_at, changed_at)
    values (${operator.name}, ${operator.email}, ${operator.role}, ${zoneList(operator.zones)}, ${operator.passwordHash},
      ${operator.passwordOnce}, ${operator.oidc?.issuer ?? null}, ${operator.oidc?.subject ?? null}, ${instant(now)}, ${instant(now)})
    on conflict (email) do nothing
    returning id`,
  );
  return row?.id ?? null;
}

/** Sets what decides over permissions, and the name. */
export async function markStanding(db: Db, id: string, next: Standing & { name: string }, now: Instant): Promise<void> {
  await db.execute(sql`
    update operator
    set name = ${next.name}, role = ${next.role}, zones = ${zoneList(next.zones)}, active = ${next.active}, changed_at = ${instant(now)}
    where id = ${id}::uuid`);
}

/** Ties a person to the identity at a provider. */
export async function markSubject(db: Db, id: string, oidc: { issuer: string; subject: string }, now: Instant): Promise<void> {
  await db.execute(sql`
    update operator set oidc_issuer = ${oidc.issuer}, oidc_subject = ${oidc.subject}, changed_at = ${instant(now)}
    where id = ${id}::uuid`);
}

/** Sets a password, as a hash; `once`: somebody else has seen it. */
export async function markPassword(db: Db, id: string, passwordHash: string, once: boolean, now: Instant): Promise<void> {
  await db.execute(
    sql`update operator set password_hash = ${passwordHash}, password_once = ${once}, changed_at = ${instant(now)} where id = ${id}::uuid`,
  );
}

/** Active administrators for all zones, apart from one person. Means something only under `lockOperators`. */
export async function countKeyHolders(db: Db, exceptId: string | null): Promise<number> {
  const row = await firstRow<{ n: number }>(
    db,
    sql`select count(*) as n from operator
    where active and role = 'administrator' and zones is null and id is distinct from ${exceptId}::uuid`,
  );
  return row!.n;
}

const listed = sql`o.id, o.name, o.email, o.role, o.zones, o.active, o.password_once as "passwordOnce", o.created_at as "createdAt",
      (select f.confirmed_at from second_factor f where f.operator_id = o.id) as "secondFactorSince",
      (select count(*) from recovery_code c where c.operator_id = o.id and c.used_at is null) as "recoveryCodesLeft",
      (select max(s.last_seen_at) from session s where s.operator_id = o.id) as "lastSeenAt",
      case when password_hash is not null and oidc_subject is not null then 'both'
        when password_hash is not null then 'password'
        when oidc_subject is not null then 'openid_connect'
        else 'nothing' end as "signsInWith"`;

/** Everybody by name, up to a ceiling; `more` says that it was reached. */
export async function selectOperators(db: Db): Promise<{ operators: Operator[]; more: boolean }> {
  const found = await rows<Operator>(
    db,
    sql`select ${listed} from operator o order by lower(o.name), o.id limit ${LIST_MAX + 1}`,
  );
  return { operators: found.slice(0, LIST_MAX), more: found.length > LIST_MAX };
}

/** One person as administrators see them; null when there is no such person. */
export const selectListed = (db: Db, id: string): Promise<Operator | null> =>
  firstRow<Operator>(db, sql`select ${listed} from operator o where o.id = ${id}::uuid`);

const zoneList = (zones: string[] | null) => (zones === null ? sql`null::text[]` : list(zones, "text"));

/** Active people who may work in a zone, by name. */
export function selectAbleIn(
  db: Db,
  zones: readonly string[],
  able: readonly Role[],
  most: number,
): Promise<{ id: string; name: string }[]> {
  return rows(
    db,
    sql`select id::text as id, name from operator where active and role = any(${list(able, "text")}) and (zones is null or (zones @> ${list(zones, "text")} and ${zones.length > 0})) order by name limit ${most}`,
  );
}
