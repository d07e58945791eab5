import { sql } from "drizzle-orm";
import type { PublicSource } from "../contracts/rules";
import type { Db } from "../db/pool";
import { firstRow, instant, list, oneOf, rows, unnestOf } from "../db/rows";
import type { Abilities } from "../presets/abilities.rules";
import type { Instant } from "../time";
import { limits } from "./rules";

/** Makes the store's list of sources what the configuration says; one that is gone is retired, its history stays. */
export async function replaceSources(tx: Db, sources: readonly PublicSource[], now: Instant): Promise<void> {
  for (const [position, source] of sources.entries()) {
    await tx.execute(
      sql`insert into source (source_id, service, preset, consumers, act, abilities, observe_every_ms, position, retired_at)
          values (${source.sourceId}, ${source.service}, ${source.preset}, ${list(source.consumers, "text")}, ${source.act}, ${JSON.stringify(source.abilities)}::jsonb, ${source.observeEveryMs}, ${position}, null)
          on conflict (source_id) do update set service = excluded.service, preset = excluded.preset, consumers = excluded.consumers, act = excluded.act, abilities = excluded.abilities,
            observe_every_ms = excluded.observe_every_ms, position = excluded.position, retired_at = null`,
    );
    await tx.execute(sql`insert into source_status (source_id) values (${source.sourceId}) on conflict do nothing`);
  }
  const ids = list(
    sources.map((s) => s.sourceId),
    "text",
  );
  await tx.execute(sql`update source set retired_at = ${instant(now)} where source_id <> all(${ids}) and retired_at is null`);
  await tx.execute(sql`delete from unresolved where source_id <> all(${ids})`);
}

/** Open rows are read anew by the next poll: what they mean has changed. */
export async function forgetCursors(tx: Db, why: string, now: Instant): Promise<void> {
  await tx.execute(
    sql`update source_status set cursor = null, foreign_consumers = '{}', reread_why = case when cursor is null then reread_why else ${why} end, reread_at = case when cursor is null then reread_at else ${instant(now)} end`,
  );
}

export type Held = {
  epoch: number;
  cursor: unknown;
  clockOffsetMs: number | null;
  failures: number;
  now: Instant;
  /** When that was, by this process's clock that never jumps. */
  heldAt: number;
  rechecked: RecheckPlace | null;
  identity: string | null;
};
export type RecheckPlace = { after: { reason: string; consumer: string; ref: string } | null; startedAt: Instant };

const heldColumns = sql`lease_epoch as epoch, cursor, clock_offset_ms as "clockOffsetMs", failures, clock_timestamp() as now, rechecked, identity`;
const leasedUntil = sql`clock_timestamp() + ${limits.leaseMs}::float8 * interval '1 ms'`;

/** Takes or renews the lease of a source, by the store's clock. Null: another worker holds it, or the source is backing off. */
export async function holdSource(db: Db, sourceId: string, workerId: string): Promise<Held | null> {
  const held = await firstRow<Omit<Held, "heldAt">>(
    db,
    sql`update source_status set lease_epoch = lease_epoch + (lease_owner is distinct from ${workerId})::int, lease_owner = ${workerId}, lease_until = ${leasedUntil}
          where source_id = ${sourceId} and (lease_owner = ${workerId} or lease_until is null or lease_until < clock_timestamp()) and (next_poll_at is null or next_poll_at <= clock_timestamp())
          returning ${heldColumns}`,
  );
  return held && { ...held, heldAt: performance.now() };
}

// Names enough to see what is wrong; the configuration is put right once for all of them.
const FOREIGN_MAX = 20;

export type PollRecord = {
  identity: string;
  cursor: unknown;
  pollMs: number;
  clockOffsetMs: number;
  /** Null: no time of this poll was off. */
  timesOffMs: number | null;
  longTransactionMs: number | null;
  more: boolean;
  /** Null: as they were. */
  figures: unknown;
  oddN: number;
  /** Consumers of other sources whose rows this page held. */
  foreign: string[];
  reread: string | null;
  variant?: string | null;
  notes?: string[];
  /** It opened or closed something. */
  changed: boolean;
};

/** Whether this worker still holds the source under this epoch, and goes on doing so until the transaction ends. */
export async function stillHeld(tx: Db, sourceId: string, workerId: string, epoch: number): Promise<boolean> {
  const row = await firstRow(
    tx,
    sql`select 1 from source_status where source_id = ${sourceId} and lease_owner = ${workerId} and lease_epoch = ${epoch} for update`,
  );
  return row !== null;
}

/** Moves the cursor with what was read, in its transaction, and goes on holding the source. Null: the lease went to another worker meanwhile, and nothing of this poll may stand. */
export async function recordPoll(
  tx: Db,
  sourceId: string,
  workerId: string,
  epoch: number,
  poll: PollRecord,
): Promise<Held | null> {
  const held = await firstRow<Omit<Held, "heldAt">>(
    tx,
    sql`update source_status set lease_until = ${leasedUntil}, identity = ${poll.identity}, cursor = ${JSON.stringify(poll.cursor)}::jsonb, observed_at = case when ${poll.more} and observed_at is null then null else clock_timestamp() end,
            poll_ms = ${Math.round(poll.pollMs)}, clock_offset_ms = ${poll.clockOffsetMs}, long_transaction_ms = ${poll.longTransactionMs},
            times_off_ms = coalesce(${poll.timesOffMs}::float8, times_off_ms), times_off_at = case when ${poll.timesOffMs}::float8 is null then times_off_at else clock_timestamp() end, backlog = ${poll.more},
            figures = coalesce(nullif(${JSON.stringify(poll.figures)}::jsonb, 'null'), figures), odd_rows_n = odd_rows_n + ${poll.oddN},
            foreign_consumers = array(select distinct consumer from unnest(foreign_consumers || ${list(poll.foreign, "text")}) consumer order by consumer limit ${FOREIGN_MAX}), changes_n = changes_n + ${poll.changed ? 1 : 0}::int, error = null, failed_since = null, failures = 0, next_poll_at = null,
            rechecked = case when ${poll.reread}::text is null then rechecked end, reread_at = case when ${poll.reread}::text is null then reread_at else clock_timestamp() end, reread_why = coalesce(${poll.reread}::text, reread_why),
            variant = ${poll.variant ?? null}, notes = ${list(poll.notes ?? [], "text")}
          where source_id = ${sourceId} and lease_owner = ${workerId} and lease_epoch = ${epoch}
          returning ${heldColumns}`,
  );
  return held && { ...held, heldAt: performance.now() };
}

/** What a source records, once its tables were seen: its preset alone may have several shapes. */
export async function recordAbilities(tx: Db, sourceId: string, abilities: Abilities): Promise<void> {
  const json = JSON.stringify(abilities);
  await tx.execute(
    sql`update source set abilities = ${json}::jsonb where source_id = ${sourceId} and abilities is distinct from ${json}::jsonb`,
  );
}

/** Something was opened or closed without a poll. */
export async function markChanged(tx: Db, sourceId: string): Promise<void> {
  await tx.execute(sql`update source_status set changes_n = changes_n + 1 where source_id = ${sourceId}`);
}

/** How many polls opened or closed something, over all sources; never goes back. */
export async function countChanges(db: Db): Promise<number> {
  const row = await firstRow<{ n: number }>(db, sql`select coalesce(sum(changes_n), 0)::float8 as n from source_status`);
  return row!.n;
}

/** Records a failed poll with its reason, and when to try again. */
export async function recordFailure(db: Db, sourceId: string, workerId: string, words: string, backoffMs: number): Promise<void> {
  await db.execute(
    sql`update source_status set error = ${words}, failed_since = coalesce(failed_since, clock_timestamp()), failures = failures + 1, next_poll_at = clock_timestamp() + ${backoffMs}::float8 * interval '1 ms'
          where source_id = ${sourceId} and lease_owner = ${workerId}`,
  );
}

export async function recordRecheck(db: Db, sourceId: string, workerId: string, place: RecheckPlace): Promise<void> {
  await db.execute(
    sql`update source_status set rechecked = ${JSON.stringify(place)}::jsonb where source_id = ${sourceId} and lease_owner = ${workerId}`,
  );
}

/** How a source's clock stands to the store's, and by how much the times of its service were off that clock when last seen. */
export type Clock = { offsetMs: number; timesOffMs: number | null; timesOffAt: Instant | null };

export async function selectClocks(db: Db): Promise<Map<string, Clock>> {
  const clocks = await rows<Clock & { sourceId: string }>(
    db,
    sql`select source_id as "sourceId", coalesce(clock_offset_ms, 0) as "offsetMs", times_off_ms as "timesOffMs", times_off_at as "timesOffAt" from source_status`,
  );
  return new Map(clocks.map(({ sourceId, ...clock }) => [sourceId, clock]));
}

/** What each source's clock was last measured to be ahead of the store's. */
export async function selectClockOffsets(db: Db): Promise<Map<string, number>> {
  return new Map([...(await selectClocks(db))].map(([sourceId, { offsetMs }]) => [sourceId, offsetMs]));
}

/** Whoever writes marks of these sources takes turns until the transaction ends: a mark that is told and one that is made out must see each other. */
export async function lockVersions(tx: Db, sourceIds: readonly string[]): Promise<void> {
  await tx.execute(
    sql`select pg_advisory_xact_lock(4127012, hashtext(s)) from (select s from unnest(${list(sourceIds, "text")}) s order by s) s`,
  );
}

/**
 * Notes which versions were seen, and marks a deploy when one is seen for the first time. How a consumer was found is no deploy.
 * A version that is known and has been alone for a minute came again: an older one than that which was live is a rollback, a newer one
 * its deploy once more. Its mark stands where the other was seen last.
 */
export async function recordVersions(
  tx: Db,
  sourceId: string,
  seen: readonly { consumer: string; version: string }[],
  now: Instant,
): Promise<void> {
  if (seen.length > 0) {
    await lockVersions(tx, [sourceId]);
    await tx.execute(
      sql`with s as (select distinct c, v from ${unnestOf("s", seen, { c: ["text", (s) => s.consumer], v: ["text", (s) => s.version] })}),
          fresh as (select s.* from s where not exists (select 1 from consumer_version o where o.source_id = ${sourceId} and o.consumer = s.c and o.version = s.v)),
          found as (select c, (exists (select 1 from consumer_version o where o.source_id = ${sourceId} and o.consumer = fresh.c)) as known, min(v) as v from fresh group by c),
          marked as (insert into deploy (source_id, consumer, version, at, kind) select ${sourceId}, c, v, ${instant(now)}, case when known then 'deploy' else 'first' end from found
            where not exists (select 1 from deploy t where t.source_id = ${sourceId} and t.consumer = c and t.version = v and t.reported_by is not null and t.at > ${instant(now - limits.toldForMs)}) on conflict do nothing)
          insert into consumer_version (source_id, consumer, version, first_seen_at, last_seen_at) select ${sourceId}, c, v, ${instant(now)}, ${instant(now)} from s order by c, v
          on conflict (source_id, consumer, version) do update set last_seen_at = excluded.last_seen_at`,
    );
  }
  await tx.execute(
    sql`with current as (select distinct on (consumer) consumer, version from deploy where source_id = ${sourceId} order by consumer, at desc),
        again as (select c.consumer, cur.last_seen_at as at, o.version, case when o.first_seen_at < cur.first_seen_at then 'rollback' else 'deploy' end as kind
          from current c join consumer_version cur on cur.source_id = ${sourceId} and cur.consumer = c.consumer and cur.version = c.version
            cross join lateral (select * from consumer_version o where o.source_id = ${sourceId} and o.consumer = c.consumer and o.version <> c.version
              and o.last_seen_at > ${instant(now)} - interval '15 seconds' order by o.last_seen_at desc limit 1) o
          where cur.last_seen_at < ${instant(now - limits.rollbackAfterMs)})
        insert into deploy (source_id, consumer, version, at, kind) select ${sourceId}, consumer, version, at + interval '1 ms', kind from again on conflict do nothing`,
  );
}

export type DeployMark = { sourceId: string; consumer: string; version: string; at: Instant; kind: "deploy" | "rollback" };

export async function selectDeploys(
  db: Db,
  from: Instant,
  to: Instant,
  sourceIds: readonly string[] | null = null,
): Promise<DeployMark[]> {
  return rows<DeployMark>(
    db,
    sql`select source_id as "sourceId", consumer, version, at, kind from deploy where kind <> 'first' and at >= ${instant(from)} and at <= ${instant(to)}
          and ${oneOf(sql`source_id`, sourceIds)} order by at desc limit 100`,
  );
}

/** Deploys and rollbacks of some consumers before an instant, the newest first. */
export async function selectDeploysBefore(
  db: Db,
  consumers: readonly string[],
  before: Instant,
  most: number,
): Promise<DeployMark[]> {
  return rows<DeployMark>(
    db,
    sql`select source_id as "sourceId", consumer, version, at, kind from deploy where kind <> 'first' and consumer = any(${list(consumers, "text")}) and at < ${instant(before)} order by at desc limit ${most}`,
  );
}
