import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, rows, touched } from "../db/rows";
import type { Instant } from "../time";
import { channelLimits, type Digest, type PublicChannel, type Route, type Telling } from "./rules";

/** Puts channels, routes and digests in force. What a channel has been through stays, as long as it has its name and its kind. */
export async function replaceTelling(tx: Db, { channels, routes, digests }: Telling): Promise<void> {
  await tx.execute(
    sql`delete from channel c where not exists (select 1 from jsonb_to_recordset(${JSON.stringify(channels)}::jsonb) n(name text, kind text) where n.name = c.name and n.kind = c.settings->>'kind')`,
  );
  await tx.execute(
    sql`insert into channel (name, position, settings) select s->>'name', position, s from jsonb_array_elements(${JSON.stringify(channels)}::jsonb) with ordinality n(s, position)
        on conflict (name) do update set position = excluded.position, settings = excluded.settings`,
  );
  await tx.execute(
    sql`insert into telling (id, routes, digests) values (1, ${JSON.stringify(routes)}::jsonb, ${JSON.stringify(digests)}::jsonb)
        on conflict (id) do update set routes = excluded.routes, digests = excluded.digests`,
  );
}

/** How a channel does. */
export type ChannelState = {
  name: string;
  settings: PublicChannel;
  lastSentAt: Instant | null;
  lastFailedAt: Instant | null;
  failingSince: Instant | null;
  failuresN: number;
  lastWords: string | null;
  heartbeatAt: Instant | null;
};

/** The channels in force, in the order of their file. */
export const selectChannels = (db: Db): Promise<ChannelState[]> =>
  rows<ChannelState>(
    db,
    sql`select name, settings, last_sent_at as "lastSentAt", last_failed_at as "lastFailedAt", failing_since as "failingSince", failures_n as "failuresN", last_words as "lastWords", heartbeat_at as "heartbeatAt"
          from channel order by position`,
  );

/** The names of the channels that are told of alerts. */
export async function selectToldChannels(db: Db): Promise<string[]> {
  const found = await rows<{ name: string }>(
    db,
    sql`select name from channel where not coalesce((settings->>'heartbeat')::boolean, false) order by position`,
  );
  return found.map(({ name }) => name);
}

/** The routes and digests in force. */
export async function selectRoutes(db: Db): Promise<{ routes: Route[]; digests: Digest[] }> {
  const found = await firstRow<{ routes: Route[]; digests: Digest[] }>(db, sql`select routes, digests from telling`);
  return found ?? { routes: [], digests: [] };
}

/** Notes that something got through; gives the channel that had been told of the failure, where one was. */
export async function noteSent(
  tx: Db,
  name: string,
  at: Instant,
): Promise<{ failingSince: Instant | null; toldTo: string | null } | null> {
  return firstRow<{ failingSince: Instant | null; toldTo: string | null }>(
    tx,
    sql`with before as (select name, failing_since, told_to from channel where name = ${name} for update)
        update channel c set last_sent_at = ${instant(at)}, failing_since = null, failures_n = 0, told_to = null from before b where c.name = b.name
          returning b.failing_since as "failingSince", b.told_to as "toldTo"`,
  );
}

/** Notes that something did not get through, and how often in a row by now. */
export const noteFailed = (
  tx: Db,
  name: string,
  words: string,
  at: Instant,
): Promise<{ failuresN: number; failingSince: Instant } | null> =>
  firstRow<{ failuresN: number; failingSince: Instant }>(
    tx,
    sql`update channel set last_failed_at = ${instant(at)}, failing_since = coalesce(failing_since, ${instant(at)}), failures_n = failures_n + 1, last_words = ${words} where name = ${name}
          returning failures_n as "failuresN", failing_since as "failingSince"`,
  );

/** The channel that another one's failure is told through: the first that is told of alerts and gets through. Noted, so that its end is told there too. */
export async function takeTeller(tx: Db, failing: string): Promise<string | null> {
  const found = await firstRow<{ toldTo: string }>(
    tx,
    sql`update channel c set told_to = o.name from (select name from channel where name <> ${failing} and failures_n < ${channelLimits.failuresMax} and not coalesce((settings->>'heartbeat')::boolean, false) order by position limit 1) o
          where c.name = ${failing} and c.told_to is null returning o.name as "toldTo"`,
  );
  return found?.toldTo ?? null;
}

/** Takes a heartbeat's turn: true for one worker a minute. */
export async function takeHeartbeat(db: Db, name: string, now: Instant): Promise<boolean> {
  const due = now - channelLimits.heartbeatMs + 5_000;
  const taken = await touched(
    db,
    sql`update channel set heartbeat_at = ${instant(now)} where name = ${name} and (heartbeat_at is null or heartbeat_at <= ${instant(due)})`,
  );
  return taken === 1;
}
