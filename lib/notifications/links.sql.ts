import { sql } from "drizzle-orm";
import type { AcknowledgeWay } from "../channels/rules";
import type { Db } from "../db/pool";
import { firstRow, instant, rows, touched } from "../db/rows";
import type { Instant } from "../time";
import type { LinkUse, Reader } from "./links.rules";

export type ToldAlert = { channel: string; alertId: number; zoneId: string; way: AcknowledgeWay } & LinkUse;

/** The message that a link came with, and how its alert stands; what the channel lets its links do is as of now. */
export const selectTold = (db: Db, notificationId: string): Promise<ToldAlert | null> =>
  firstRow<ToldAlert>(
    db,
    sql`select n.channel, n.alert_id as "alertId", a.zone_id as "zoneId", coalesce(c.settings->>'acknowledge', 'sign_in') as way, n.link_used_at as "usedAt", clock_timestamp() as "nowMs",
            a.state, a.acknowledged_at as "acknowledgedAt", a.acknowledged_by_name as "acknowledgedByName"
          from notification n join alert a using (alert_id) left join channel c on c.name = n.channel where n.notification_id = ${notificationId}::uuid`,
  );

/** Uses a link up, by the store's clock. False for one that was used before, by whoever else holds it, and for one that is over. */
export const markLinkUsed = async (tx: Db, notificationId: string, until: Instant): Promise<boolean> =>
  (await touched(
    tx,
    sql`update notification set link_used_at = clock_timestamp() where notification_id = ${notificationId}::uuid and link_used_at is null and clock_timestamp() < to_timestamp(${until}::float8 / 1000)`,
  )) === 1;

export type Left = Reader & { at: Instant };

/** Who reads no digests any more, of all channels. */
export const selectLeft = (db: Db): Promise<Left[]> =>
  rows<Left>(db, sql`select channel, reader, at from digest_left order by channel, reader`);

/** Notes that somebody reads no digests of a channel any more, while the link counts by the store's clock. False where it is noted already, and for a link that is over. */
export const insertLeft = async (tx: Db, { channel, reader }: Reader, until: Instant, at: Instant): Promise<boolean> =>
  (await touched(
    tx,
    sql`insert into digest_left (channel, reader, at) select ${channel}, ${reader}, ${instant(at)} where clock_timestamp() < to_timestamp(${until}::float8 / 1000) on conflict do nothing`,
  )) === 1;

/** Sends somebody digests again. False where they were sent them anyway. */
export const deleteLeft = async (tx: Db, { channel, reader }: Reader): Promise<boolean> =>
  (await touched(tx, sql`delete from digest_left where channel = ${channel} and reader = ${reader}`)) === 1;

/** Takes a digest that is not on its way yet back. */
export async function deleteWaitingDigests(tx: Db, { channel, reader }: Reader): Promise<void> {
  await tx.execute(
    sql`delete from notification where channel = ${channel} and state = 'waiting' and kind = 'digest' and content->>'reader' = ${reader} and coalesce(claimed_until <= clock_timestamp(), true)`,
  );
}
