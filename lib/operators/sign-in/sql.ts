import { sql } from "drizzle-orm";
import type { Db } from "../../db/pool";
import { firstRow, instant, touched } from "../../db/rows";
import type { Instant } from "../../time";
import { throttle } from "./rules";

/**
 * Counts an attempt as a failure before it is judged, so that a thousand at once are as many as a thousand in a row.
 * Null when it may go on; otherwise the time until which the key is blocked, and nothing is counted.
 */
export async function claimAttempt(tx: Db, key: string, free: number, now: Instant): Promise<Instant | null> {
  const failures = sql`case when t.last_failure_at < ${instant(now - throttle.forgetMs)} then 1 else t.failures + 1 end`;
  const blockMs = sql`least(${throttle.blockMsMax}::float8, ${throttle.blockMsMin}::float8 * 2 ^ least(30, (${failures}) - ${free}::int))`;
  const counted = await firstRow<{ counted: number }>(
    tx,
    sql`
    insert into sign_in_throttle as t (key, failures, last_failure_at) values (${key}, 1, ${instant(now)})
    on conflict (key) do update set
      failures = ${failures},
      last_failure_at = ${instant(now)},
      blocked_until = case when (${failures}) >= ${free}::int then ${instant(now)} + (${blockMs}) * interval '1 ms' end
    where t.blocked_until is null or t.blocked_until <= ${instant(now)}
    returning 1 as counted`,
  );
  if (counted) return null;
  const blocked = await firstRow<{ until: Instant }>(
    tx,
    sql`select blocked_until as until from sign_in_throttle where key = ${key}`,
  );
  return blocked?.until ?? now;
}

/** Forgets a key's failures. */
export async function deleteThrottle(db: Db, key: string): Promise<void> {
  await db.execute(sql`delete from sign_in_throttle where key = ${key}`);
}

/** Takes back one attempt that turned out well; a block that it caused goes with it. */
export async function releaseAttempt(db: Db, key: string, free: number): Promise<void> {
  await db.execute(sql`
    update sign_in_throttle
    set failures = greatest(0, failures - 1), blocked_until = case when failures > ${free}::int then blocked_until end
    where key = ${key}`);
}

/** Deletes counts that are older than a time, a bounded number at once; gives how many. */
export function deleteStaleThrottles(db: Db, before: Instant, most: number): Promise<number> {
  return touched(
    db,
    sql`delete from sign_in_throttle where key in (
      select key from sign_in_throttle where last_failure_at < ${instant(before)} order by last_failure_at limit ${most})`,
  );
}
