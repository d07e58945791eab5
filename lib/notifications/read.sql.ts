import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, list, oneOf, rows, touched } from "../db/rows";
import type { Instant } from "../time";
import type { NotificationRow, NotificationState } from "./rules";

type Asked = {
  channel: string | undefined;
  state: NotificationState | undefined;
  zones: string[] | null;
  place: { at: Instant; id: string } | null;
};

const columns: SQL = sql`notification_id as "notificationId", channel, kind, coalesce(content->>'title', '') as title, zone_id as "zoneId", alert_id::text as "alertId", urgent, state, created_at as "createdAt", attempts,
  attempted_at as "attemptedAt", next_at as "nextAt", sent_at as "sentAt", words`;

/** Messages of these zones, the latest first; what is in no zone is seen by those who see all of them. */
export const selectNotifications = (db: Db, { channel, state, zones, place }: Asked, most: number): Promise<NotificationRow[]> =>
  rows<NotificationRow>(
    db,
    sql`select ${columns} from notification where ${oneOf(sql`zone_id`, zones)} and ${oneOf(sql`channel`, channel === undefined ? null : [channel])} and ${oneOf(sql`state`, state === undefined ? null : [state])}
          and ${place === null ? sql`true` : sql`(created_at < ${instant(place.at)} or (created_at = ${instant(place.at)} and notification_id > ${place.id}::uuid))`}
          order by created_at desc, notification_id limit ${most}`,
  );

export const selectNotification = (db: Db, notificationId: string): Promise<NotificationRow | null> =>
  firstRow<NotificationRow>(db, sql`select ${columns} from notification where notification_id = ${notificationId}::uuid`);

export type Counted = { channel: string; waitingN: number; deadN: number };

/** What waits and what was given up, by channel; tests are nobody's loss. */
export const countByChannel = (db: Db): Promise<Counted[]> =>
  rows<Counted>(
    db,
    sql`select channel, sum(waiting)::int as "waitingN", sum(dead)::int as "deadN" from (
          select channel, count(*) as waiting, 0 as dead from notification where state = 'waiting' and kind <> 'test' group by 1
          union all select channel, 0, count(*) from notification where state = 'dead' and kind <> 'test' group by 1) c group by 1`,
  );

/**
 * Lets what was given up be sent again from the beginning. Not where a later step of the same was sent, or is being sent: a channel would be
 * told the past after the present. The rows of the subject are locked first, so that none is claimed meanwhile.
 */
export async function reviveDead(tx: Db, notificationId: string): Promise<boolean> {
  await rows<{ n: number }>(
    tx,
    sql`select n.n from notification n join notification d on d.channel = n.channel and d.subject = n.subject where d.notification_id = ${notificationId}::uuid order by n.n for update of n`,
  );
  const revived = await touched(
    tx,
    sql`update notification d set state = 'waiting', attempts = 0, refusals = 0, next_at = clock_timestamp() where d.notification_id = ${notificationId}::uuid and d.state = 'dead'
          and not exists (select 1 from notification l where l.channel = d.channel and l.subject = d.subject and l.n > d.n and (l.state = 'sent' or l.claimed_until > clock_timestamp()))`,
  );
  return revived === 1;
}

/** When a zone was last judged; null before the first time. */
export async function selectJudgedAt(db: Db): Promise<Instant | null> {
  const found = await firstRow<{ at: Instant | null }>(db, sql`select max(judged_at) as at from zone_status`);
  return found?.at ?? null;
}

export type ToldOf = { alertId: number; at: Instant; channels: string[] };

/** When alerts were last told to somebody as raised, or further, and through what: what got through counts. */
export const selectToldOf = (db: Db, alertIds: readonly number[]): Promise<ToldOf[]> =>
  rows<ToldOf>(
    db,
    sql`select alert_id as "alertId", max(sent_at) as at, array_agg(distinct channel order by channel) as channels from notification
          where alert_id = any(${list(alertIds, "bigint")}) and kind in ('raised', 'escalated') and state = 'sent' group by 1`,
  );
