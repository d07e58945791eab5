import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, touched } from "../db/rows";
import type { Instant } from "../time";

/** Whose key it is, and for which verb: the same text of somebody else, or for another verb, is another key. */
export type KeyOf = { actorId: string; action: string; key: string };

/** Takes a key in the transaction of its change; false when a change under it has been committed. A change under way is waited for. */
export async function takeKey(tx: Db, { actorId, action, key }: KeyOf, requestHash: string, at: Instant): Promise<boolean> {
  return (
    (await touched(
      tx,
      sql`insert into idempotency_key (actor_id, action, key, request_hash, at) values (${actorId}, ${action}, ${key}, ${requestHash}, ${instant(at)}) on conflict do nothing`,
    )) === 1
  );
}

/** Keeps the answer of the change, for whoever sends the request again. */
export async function keepAnswer(tx: Db, { actorId, action, key }: KeyOf, answer: unknown): Promise<void> {
  await tx.execute(
    sql`update idempotency_key set answer = ${JSON.stringify(answer)}::jsonb where actor_id = ${actorId} and action = ${action} and key = ${key}`,
  );
}

/** What was asked and answered under a key; null when nothing was. */
export function selectAnswer(db: Db, { actorId, action, key }: KeyOf): Promise<{ requestHash: string; answer: unknown } | null> {
  return firstRow(
    db,
    sql`select request_hash as "requestHash", answer from idempotency_key where actor_id = ${actorId} and action = ${action} and key = ${key}`,
  );
}

/** Forgets keys from before an instant, the oldest first, so many at most. */
export async function deleteOldKeys(db: Db, before: Instant, most: number): Promise<void> {
  await db.execute(
    sql`delete from idempotency_key where (actor_id, action, key) in (select actor_id, action, key from idempotency_key where at < ${instant(before)} order by at limit ${most})`,
  );
}
