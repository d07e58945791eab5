import { type SQL, sql } from "drizzle-orm";
import type { Role } from "../context";
import type { Db } from "../db/pool";
import { firstRow, instant, list, rows, touched } from "../db/rows";
import type { Instant } from "../time";
import { ENDED_KEPT_MS, type Token, type TokenKind, tokenLimits } from "./rules";

const columns = sql`t.id, t.kind, t.name, t.prefix, t.operator_id as "operatorId", o.name as "operatorName", t.role, t.zones,
  t.created_at as "createdAt", t.expires_at as "expiresAt", t.last_used_at as "lastUsedAt", t.revoked_at as "revokedAt"`;
const LIST_MAX = 200;

/** What a new token consists of. */
export type NewToken = {
  kind: TokenKind;
  operatorId: string;
  name: string;
  secretHash: string;
  prefix: string;
  role: Role;
  zones: string[] | null;
  expiresAt: Instant;
};

/** Adds a token and gives its id; null when a service's name is taken, or its maker has too many live ones. */
export async function insertToken(tx: Db, token: NewToken, now: Instant): Promise<string | null> {
  const zones = token.zones === null ? sql`null::text[]` : list(token.zones, "text");
  const row = await firstRow<{ id: string }>(
    tx,
    sql`
    insert into token (kind, operator_id, name, secret_hash, prefix, role, zones, created_at, expires_at)
    select ${token.kind}, ${token.operatorId}::uuid, ${token.name}, ${token.secretHash}, ${token.prefix}, ${token.role}, ${zones},
      ${instant(now)}, ${instant(token.expiresAt)}
    where (select count(*) from token where operator_id = ${token.operatorId}::uuid and revoked_at is null and expires_at > ${instant(now)}) < ${tokenLimits.liveMax}
    on conflict do nothing
    returning id`,
  );
  return row?.id ?? null;
}

const selectOne = (db: Db, where: SQL): Promise<Token | null> =>
  firstRow(db, sql`select ${columns} from token t join operator o on o.id = t.operator_id where ${where}`);

/** By id; null when there is none. */
export const selectToken = (db: Db, id: string): Promise<Token | null> => selectOne(db, sql`t.id = ${id}::uuid`);

/** The live service of a name. */
export const selectServiceByName = (db: Db, name: string): Promise<Token | null> =>
  selectOne(db, sql`t.kind = 'service' and t.name = ${name} and t.revoked_at is null`);

/** A token by the hash of its secret, with its owner as they stand now. */
export function selectByHash(
  db: Db,
  hash: string,
): Promise<(Token & { owner: { email: string; role: Role; zones: string[] | null; active: boolean } }) | null> {
  return firstRow(
    db,
    sql`select ${columns}, jsonb_build_object('email', o.email, 'role', o.role, 'zones', to_jsonb(o.zones), 'active', o.active) as owner
    from token t join operator o on o.id = t.operator_id where t.secret_hash = ${hash}`,
  );
}

/** One person's own tokens, or the services', the newest first; what ended long ago is left out. */
export function selectTokens(db: Db, whose: { operatorId: string } | "services", now: Instant): Promise<Token[]> {
  const of =
    whose === "services" ? sql`t.kind = 'service'` : sql`t.kind = 'personal' and t.operator_id = ${whose.operatorId}::uuid`;
  return rows(
    db,
    sql`select ${columns} from token t join operator o on o.id = t.operator_id
    where ${of} and coalesce(t.revoked_at, t.expires_at) > ${instant(now - ENDED_KEPT_MS)}
    order by t.created_at desc, t.id limit ${LIST_MAX}`,
  );
}

/** Moves "last used" forward, never back. */
export async function markTokenUsed(db: Db, id: string, now: Instant): Promise<void> {
  await db.execute(
    sql`update token set last_used_at = ${instant(now)} where id = ${id}::uuid and coalesce(last_used_at, '-infinity') < ${instant(now)}`,
  );
}

/** Revokes a token; false when it was revoked before or never was. */
export async function markTokenRevoked(tx: Db, id: string, now: Instant): Promise<boolean> {
  return (
    (await touched(tx, sql`update token set revoked_at = ${instant(now)} where id = ${id}::uuid and revoked_at is null`)) === 1
  );
}

/** Revokes all personal tokens of somebody. Those of services stay: they are the company's. */
export function markTokensRevoked(tx: Db, operatorId: string, now: Instant): Promise<number> {
  return touched(
    tx,
    sql`update token set revoked_at = ${instant(now)} where operator_id = ${operatorId}::uuid and kind = 'personal' and revoked_at is null`,
  );
}

/** Deletes tokens that expired before a time, a bounded number at once. */
export function deleteEndedTokens(db: Db, before: Instant, most: number): Promise<number> {
  return touched(
    db,
    sql`delete from token where id in (
      select id from token where expires_at < ${instant(before)} order by expires_at limit ${most} for update skip locked)`,
  );
}
