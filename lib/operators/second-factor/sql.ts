import { sql } from "drizzle-orm";
import type { Db } from "../../db/pool";
import { firstRow, instant, list, touched } from "../../db/rows";
import type { Instant } from "../../time";

/** A second factor as it is stored: the secret sealed, and confirmed once a first code of it came. */
export type Factor = { secret: string; madeAt: Instant; confirmedAt: Instant | null };

/** Somebody's; null when they have none and began none. */
export function selectFactor(db: Db, operatorId: string): Promise<Factor | null> {
  return firstRow(
    db,
    sql`select secret, made_at as "madeAt", confirmed_at as "confirmedAt" from second_factor where operator_id = ${operatorId}::uuid`,
  );
}

/** Begins one, in place of one that was begun before; false when one is confirmed. */
export async function insertFactor(tx: Db, operatorId: string, secret: string, now: Instant): Promise<boolean> {
  return (
    (await touched(
      tx,
      sql`insert into second_factor as f (operator_id, secret, made_at) values (${operatorId}::uuid, ${secret}, ${instant(now)})
      on conflict (operator_id) do update set secret = excluded.secret, made_at = excluded.made_at where f.confirmed_at is null`,
    )) === 1
  );
}

/** Confirms the secret that was begun, by the step of its first code; false when another was begun or confirmed meanwhile. */
export async function markConfirmed(tx: Db, operatorId: string, secret: string, step: number, now: Instant): Promise<boolean> {
  return (
    (await touched(
      tx,
      sql`update second_factor set confirmed_at = ${instant(now)}, last_step = ${step}
      where operator_id = ${operatorId}::uuid and secret = ${secret} and confirmed_at is null`,
    )) === 1
  );
}

/** Uses a code up by its step; false when this one, or a later one, was used before: of two that come at once, one is let in. */
export async function markStep(db: Db, operatorId: string, secret: string, step: number): Promise<boolean> {
  return (
    (await touched(
      db,
      sql`update second_factor set last_step = ${step}
      where operator_id = ${operatorId}::uuid and secret = ${secret} and confirmed_at is not null and last_step < ${step}`,
    )) === 1
  );
}

/** Uses a recovery code up; false when there is no such code, or it was used before. */
export async function markRecoveryUsed(db: Db, operatorId: string, codeHash: string, now: Instant): Promise<boolean> {
  return (
    (await touched(
      db,
      sql`update recovery_code set used_at = ${instant(now)}
      where operator_id = ${operatorId}::uuid and code_hash = ${codeHash} and used_at is null`,
    )) === 1
  );
}

/** Adds recovery codes, as hashes. */
export async function insertRecoveryCodes(tx: Db, operatorId: string, hashes: readonly string[]): Promise<void> {
  await tx.execute(
    sql`insert into recovery_code (operator_id, code_hash) select ${operatorId}::uuid, unnest(${list(hashes, "text")})`,
  );
}

/** Takes somebody's second factor away, with the codes; false when there was none that was confirmed. */
export async function deleteFactor(tx: Db, operatorId: string): Promise<boolean> {
  await tx.execute(sql`delete from recovery_code where operator_id = ${operatorId}::uuid`);
  const gone = await firstRow<{ confirmed: boolean }>(
    tx,
    sql`delete from second_factor where operator_id = ${operatorId}::uuid returning confirmed_at is not null as confirmed`,
  );
  return gone?.confirmed ?? false;
}
