import { sql } from "drizzle-orm";
import type { Db } from "../../db/pool";
import { instant, rows, touched } from "../../db/rows";
import type { Instant } from "../../time";
import type { LiveMark } from "./rules";

/**
 * Groups whose triage may change by itself: a message came, a mute is over, nothing is parked for long, or it waits for a version and one
 * came. Each is found by a partial index of its own, so that it costs what changed and not what there is.
 */
export async function selectToFollow(
  db: Db,
  now: Instant,
  { endsAfterMs, quietMs }: { endsAfterMs: number; quietMs: number },
  most: number,
): Promise<number[]> {
  const found = await rows<{ groupId: number }>(
    db,
    sql`select group_id as "groupId" from (
          (select group_id from group_triage where stirred order by group_id limit ${most})
          union (select group_id from group_triage where state = 'muted' and muted_until <= ${instant(now)} limit ${most})
          union (select group_id from group_triage where emptied_at <= ${instant(now - endsAfterMs)} and state <> 'resolved' order by emptied_at limit ${most})
          union (select t.group_id from group_triage t join dead_letter_group g using (group_id) where t.state = 'waiting' and t.ready_at is null and g.last_at < ${instant(now - quietMs)}
            and exists (select 1 from deploy d where d.source_id = g.source_id and d.consumer = g.consumer and (d.version = t.waits_for or d.at >= t.state_at)) limit ${most})
          union (select t.group_id from group_triage t join dead_letter_group g using (group_id) where t.state = 'waiting' and t.ready_at is not null
            and exists (select 1 from deploy d where d.source_id = g.source_id and d.consumer = g.consumer and d.at > t.ready_at) limit ${most})) f order by 1 limit ${most}`,
  );
  return found.map(({ groupId }) => groupId);
}

/** Notes that what came has been looked at. */
export async function markLookedAt(tx: Db, groupId: number): Promise<void> {
  await tx.execute(sql`update group_triage set stirred = false where group_id = ${groupId} and stirred`);
}

/** Which versions of a consumer came when, the newest first. */
export const selectLiveMarks = (db: Db, sourceId: string, consumer: string, most: number): Promise<LiveMark[]> =>
  rows<LiveMark>(
    db,
    sql`select version, at, kind from deploy where source_id = ${sourceId} and consumer = ${consumer} order by at desc limit ${most}`,
  );

/** Sets that a fix is live, or with null that it is not any more. */
export async function markReady(tx: Db, groupId: number, at: Instant | null, version: string | null): Promise<void> {
  await touched(
    tx,
    sql`update group_triage set ready_at = ${instant(at)}, ready_version = ${version} where group_id = ${groupId} and state = 'waiting'`,
  );
}

/** Puts a group back among what somebody has to look at; whose it was it stays. */
export async function markBack(tx: Db, groupId: number, now: Instant, regressedFrom: string | null): Promise<void> {
  await tx.execute(
    sql`update group_triage set state = case when assignee is null then 'new' else 'investigating' end, state_n = state_n + 1, state_at = ${instant(now)}, state_by_name = 'Accord', muted_until = null, muted_above = null,
          resolved_total_n = null, regressed_at = case when ${regressedFrom}::text is null then regressed_at else ${instant(now)} end, regressed_from = coalesce(${regressedFrom}::text, regressed_from)
        where group_id = ${groupId}`,
  );
}
