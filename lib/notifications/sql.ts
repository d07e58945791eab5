import { sql } from "drizzle-orm";
import type { Message } from "../channels/message.rules";
import type { Db } from "../db/pool";
import { firstRow, list, rows, touched } from "../db/rows";
import type { Instant } from "../time";

// Two numbers: the purpose, and which channel.
const SENDING_LOCK = 7_311;

/** Takes a channel's outbox until the end of the transaction; false while another worker takes from it. */
export async function lockChannel(tx: Db, channel: string): Promise<boolean> {
  const got = await firstRow<{ got: boolean }>(
    tx,
    sql`select pg_try_advisory_xact_lock(${SENDING_LOCK}, hashtext(${channel})) as got`,
  );
  return got!.got;
}

/** The channels for which something is due. */
export async function selectDueChannels(db: Db): Promise<string[]> {
  const found = await rows<{ channel: string }>(
    db,
    sql`select distinct channel from notification where state = 'waiting' and next_at <= clock_timestamp() and coalesce(claimed_until <= clock_timestamp(), true) order by 1`,
  );
  return found.map(({ channel }) => channel);
}

/**
 * How many alerts wait for a channel, of what was not tried yet and may be told as a number; and how many messages were sent in this minute of
 * the clock, which is asked for once: no index helps to find a time that may be another for each row.
 */
export async function selectPressure(tx: Db, channel: string): Promise<{ groupable: number; sentN: number }> {
  const found = await firstRow<{ groupable: number; sentN: number }>(
    tx,
    sql`select (select count(distinct subject)::int from notification where channel = ${channel} and state = 'waiting' and attempts = 0 and kind in ('raised', 'escalated', 'acknowledged')) as groupable,
          (select count(*)::int from notification where channel = ${channel} and attempted_at >= (select date_trunc('minute', clock_timestamp()))) as "sentN"`,
  );
  return found!;
}

/**
 * Leaves so many alerts of what waits, the urgent and the first, and takes the others to be told as a number; but that something is over which
 * was told by itself is told by itself.
 */
export const groupRest = (tx: Db, channel: string, left: number): Promise<{ kind: string; zone: string; n: number }[]> =>
  rows<{ kind: string; zone: string; n: number }>(
    tx,
    sql`with waits as (select subject, bool_or(urgent) as urgent, min(created_at) as since, min(alert_id) as first from notification where channel = ${channel} and state = 'waiting'
            group by subject having bool_or(kind in ('raised', 'escalated', 'acknowledged')) and bool_and(attempts = 0)),
        rest as materialized (select subject from waits order by urgent desc, since, first offset ${left}),
        grouped as (update notification n set state = 'grouped' from rest r where n.channel = ${channel} and n.subject = r.subject and n.state = 'waiting'
            and (n.kind <> 'cleared' or not exists (select 1 from notification p where p.channel = n.channel and p.subject = n.subject and p.kind in ('raised', 'escalated') and p.state in ('sent', 'dead')))
          returning n.kind, coalesce(n.content->'alert'->>'zone', n.zone_id, '') as zone)
        select kind, zone, count(*)::int as n from grouped group by 1, 2 order by 3 desc, 1, 2`,
  );

export type Claimed = {
  notificationId: string;
  claimN: number;
  attempts: number;
  refusals: number;
  content: Message;
  createdAt: Instant;
  nowMs: Instant;
};

/** Takes messages of a channel that are due, for a while: of each subject the first that is not through, so that none overtakes another. */
export const claimDue = (tx: Db, channel: string, most: number, leaseMs: number): Promise<Claimed[]> =>
  rows<Claimed>(
    tx,
    sql`with due as (select notification_id from notification n where n.channel = ${channel} and n.state = 'waiting' and n.next_at <= clock_timestamp() and coalesce(n.claimed_until <= clock_timestamp(), true)
            and not exists (select 1 from notification e where e.channel = n.channel and e.subject = n.subject and e.n < n.n and e.state = 'waiting')
          order by n.urgent desc, n.created_at, n.alert_id, n.n limit ${most} for update skip locked)
        update notification n set claim_n = n.claim_n + 1, claimed_until = clock_timestamp() + ${leaseMs}::float8 * interval '1 ms', attempts = n.attempts + 1, attempted_at = clock_timestamp()
          from due d where n.notification_id = d.notification_id returning n.notification_id as "notificationId", n.claim_n as "claimN", n.attempts, n.refusals, n.content, n.created_at as "createdAt", clock_timestamp() as "nowMs"`,
  );

type Noted = { notificationId: string; claimN: number };

/** Notes that a message got through. False for whoever had it before somebody else. */
export const markSent = async (tx: Db, { notificationId, claimN }: Noted, words: string): Promise<boolean> =>
  (await touched(
    tx,
    sql`update notification set state = 'sent', sent_at = clock_timestamp(), claimed_until = null, answer = 'requested', words = ${words}
          where notification_id = ${notificationId} and claim_n = ${claimN} and state = 'waiting'`,
  )) === 1;

/** Notes that a message did not get through, and when it is sent again; never again where that is null. */
export const markFailed = async (
  tx: Db,
  { notificationId, claimN }: Noted,
  said: { answer: string; words: string },
  againAfterMs: number | null,
): Promise<boolean> =>
  (await touched(
    tx,
    sql`update notification set state = case when ${againAfterMs}::float8 is null then 'dead' else 'waiting' end, claimed_until = null, answer = ${said.answer}, words = ${said.words}, refusals = case when ${said.answer} = 'refused' then refusals + 1 else 0 end,
          next_at = clock_timestamp() + coalesce(${againAfterMs}::float8, 0) * interval '1 ms'
          where notification_id = ${notificationId} and claim_n = ${claimN} and state = 'waiting'`,
  )) === 1;

/** How much waits for a channel. */
export async function countWaiting(db: Db, channel: string): Promise<number> {
  const found = await firstRow<{ n: number }>(
    db,
    sql`select count(*)::int as n from notification where channel = ${channel} and state = 'waiting'`,
  );
  return found!.n;
}

/** Gives up what waits for channels that are no more. */
export const giveUpOthers = (tx: Db, channels: readonly string[]): Promise<number> =>
  touched(
    tx,
    sql`update notification set state = 'dead', answer = 'refused', words = 'is no channel of accord.yaml any more' where state = 'waiting' and not (channel = any(${list(channels, "text")}))`,
  );

/** Forgets what is past its use, and steps of alerts that are forgotten. */
export async function deleteOld(db: Db, before: Instant): Promise<void> {
  await db.execute(
    sql`delete from notification where notification_id in (select notification_id from notification where created_at < to_timestamp(${before}::float8 / 1000) and state <> 'waiting' order by created_at limit 5000)`,
  );
  await db.execute(sql`delete from notification_due d where not exists (select 1 from alert a where a.alert_id = d.alert_id)`);
}
