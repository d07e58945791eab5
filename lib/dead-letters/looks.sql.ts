import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, list, rows, touched } from "../db/rows";
import type { Instant } from "../time";

export type LookedAt = { sourceId: string; sourceDeadLetterId: string; consumer: string; messageId: string };
export type Look = LookedAt & { lookId: string };
/** What a source still has of a letter, or why there is nothing to show. */
export type Found = { payload: string | null; headers: string | null; payloadBytes: number | null; problem: string | null };

/** Asks for a letter's payload as its source has it. */
export async function insertLook(db: Db, at: LookedAt): Promise<string> {
  const look = await firstRow<{ lookId: string }>(
    db,
    sql`insert into payload_look (source_id, source_seq, consumer, message_id, asked_at) values (${at.sourceId}, ${at.sourceDeadLetterId}, ${at.consumer}, ${at.messageId}, clock_timestamp()) returning look_id as "lookId"`,
  );
  return look!.lookId;
}

// A worker that took one longer ago than a source's time limit is gone.
const TAKEN_S_MAX = 10;

/** Takes looks at these sources that wait, the longest waiting first. */
export const claimLooks = (db: Db, sourceIds: readonly string[], most: number): Promise<Look[]> =>
  rows<Look>(
    db,
    sql`update payload_look l set taken_at = clock_timestamp() from (
          select look_id from payload_look where answered_at is null and source_id = any(${list(sourceIds, "text")}) and (taken_at is null or taken_at < clock_timestamp() - ${TAKEN_S_MAX} * interval '1 s')
            order by asked_at limit ${most} for update skip locked) w
        where l.look_id = w.look_id returning l.look_id as "lookId", l.source_id as "sourceId", l.source_seq as "sourceDeadLetterId", l.consumer, l.message_id as "messageId"`,
  );

/** Answers a look; nothing happens when nobody waits for it any more. */
export async function answerLook(db: Db, lookId: string, found: Found): Promise<void> {
  await db.execute(
    sql`update payload_look set answered_at = clock_timestamp(), payload = ${found.payload}, headers = ${found.headers}, payload_bytes = ${found.payloadBytes}::bigint, problem = ${found.problem} where look_id = ${lookId}::uuid`,
  );
}

/** Takes an answer, which is kept no longer; null while there is none. */
export const takeLook = (db: Db, lookId: string): Promise<Found | null> =>
  firstRow<Found>(
    db,
    sql`delete from payload_look where look_id = ${lookId}::uuid and answered_at is not null returning payload, headers, payload_bytes as "payloadBytes", problem`,
  );

/** Takes a request back that was not answered in time. */
export async function dropLook(db: Db, lookId: string): Promise<void> {
  await db.execute(sql`delete from payload_look where look_id = ${lookId}::uuid`);
}

/** Deletes what somebody asked for and did not wait for. */
export const deleteOldLooks = (db: Db, before: Instant): Promise<number> =>
  touched(db, sql`delete from payload_look where asked_at < ${instant(before)}`);
