import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, list, rows } from "../db/rows";
import { limits } from "../sources/rules";
import type { Instant } from "../time";

/** This worker is alive. Rows of the dead go. */
export async function heartbeat(db: Db, workerId: string, startedAt: Instant): Promise<void> {
  await db.execute(
    sql`insert into worker (worker_id, started_at, heartbeat_at) values (${workerId}, ${instant(startedAt)}, clock_timestamp()) on conflict (worker_id) do update set heartbeat_at = clock_timestamp()`,
  );
  await db.execute(sql`delete from worker where heartbeat_at < now() - interval '1 minute'`);
}

/** How many workers live now; one at least, who asks. */
export async function countWorkers(db: Db): Promise<number> {
  const row = await firstRow<{ n: number }>(
    db,
    sql`select count(*)::int as n from worker where heartbeat_at > now() - ${limits.workerAgeMsMax}::float8 * interval '1 ms'`,
  );
  return Math.max(1, row!.n);
}

/** This worker stops: its leases are free at once. */
export async function resign(db: Db, workerId: string): Promise<void> {
  await db.execute(sql`update source_status set lease_until = null, lease_owner = null where lease_owner = ${workerId}`);
  await db.execute(sql`delete from lease where owner = ${workerId}`);
  await db.execute(sql`delete from worker where worker_id = ${workerId}`);
}

/**
 * Takes or keeps a task for one worker at a time, until the lease runs out; settled by the database's clock. Null when another holds it.
 * The epoch grows with every change of owner.
 */
export async function takeLease(
  db: Db,
  name: string,
  workerId: string,
  forMs: number,
): Promise<{ epoch: number; now: Instant } | null> {
  return firstRow(
    db,
    sql`insert into lease (name, owner, epoch, until) values (${name}, ${workerId}, 1, clock_timestamp() + ${forMs}::float8 * interval '1 ms')
        on conflict (name) do update set owner = excluded.owner, until = excluded.until, epoch = lease.epoch + (lease.owner <> excluded.owner)::int
          where lease.owner = excluded.owner or lease.until < clock_timestamp() returning epoch, clock_timestamp() as now`,
  );
}

/** Lets go of a task before its lease runs out: whoever wants it need not wait. */
export async function releaseLease(db: Db, name: string, workerId: string): Promise<void> {
  await db.execute(sql`update lease set until = clock_timestamp() where name = ${name} and owner = ${workerId}`);
}

/** Sources whose lease this worker holds, or could take: those of its own first. */
export async function selectDue(
  db: Db,
  workerId: string,
  sourceIds: readonly string[],
): Promise<{ sourceId: string; mine: boolean; free: boolean }[]> {
  return rows(
    db,
    sql`select source_id as "sourceId", coalesce(lease_owner = ${workerId}, false) as mine, (lease_until is null or lease_until < now()) as free
          from source_status where source_id = any(${list(sourceIds, "text")}) order by 2 desc, 1`,
  );
}

/** Keeps the lease of a source that is backing off, so that its backoff is not another worker's first poll. */
export async function renewLease(db: Db, sourceId: string, workerId: string): Promise<void> {
  await db.execute(
    sql`update source_status set lease_until = clock_timestamp() + ${limits.leaseMs}::float8 * interval '1 ms' where source_id = ${sourceId} and lease_owner = ${workerId}`,
  );
}

export async function releaseSource(db: Db, sourceId: string, workerId: string): Promise<void> {
  await db.execute(
    sql`update source_status set lease_owner = null, lease_until = null where source_id = ${sourceId} and lease_owner = ${workerId}`,
  );
}

/** Makes the series' next partitions and drops the expired ones, through the one function that may. */
export async function keepPartitions(db: Db): Promise<void> {
  await db.execute(sql`select keep_partitions()`);
}

export async function selectWorkers(db: Db): Promise<{ workerId: string; heartbeatAt: Instant }[]> {
  return rows(db, sql`select worker_id as "workerId", heartbeat_at as "heartbeatAt" from worker order by worker_id`);
}
