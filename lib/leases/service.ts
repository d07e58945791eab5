import type { Db } from "../db/pool";
import { countChanges } from "../sources/sql";
import type { Instant } from "../time";
import { fairShare } from "./rules";
import {
  countWorkers,
  resign as letGo,
  keepPartitions as makePartitions,
  heartbeat as noteAlive,
  releaseSource,
  renewLease,
  selectDue,
  takeLease,
} from "./sql";

/** Says that a worker lives. */
export const heartbeat = (db: Db, workerId: string, startedAt: Instant): Promise<void> => noteAlive(db, workerId, startedAt);

/** Lets go of everything that a worker holds, so that others need not wait for its leases to run out. */
export const resign = (db: Db, workerId: string): Promise<void> => letGo(db, workerId);

/** Runs work that one worker at a time is enough for, and gives what it gave; does nothing while another holds it. */
export async function alone<T>(
  db: Db,
  name: string,
  workerId: string,
  forMs: number,
  work: () => Promise<T>,
): Promise<T | undefined> {
  return (await takeLease(db, name, workerId, forMs)) ? work() : undefined;
}

/** Which of the sources a worker polls now: its fair share, its own first, then what is free. What is beyond its share it gives up. */
export async function shareOfSources(db: Db, workerId: string, sourceIds: readonly string[]): Promise<string[]> {
  const due = await selectDue(db, workerId, sourceIds);
  // Counted now and not at the last heartbeat: what a dead worker held is taken over as soon as its lease runs out.
  const share = fairShare(sourceIds.length, await countWorkers(db));
  const mine = due.filter((source) => source.mine);
  for (const extra of mine.splice(share)) await releaseSource(db, extra.sourceId, workerId);
  return [...mine, ...due.filter((source) => !source.mine && source.free)].slice(0, share).map(({ sourceId }) => sourceId);
}

/** Keeps a source's lease while a poll hangs or backs off: the next worker would only begin anew. */
export const keepSource = (db: Db, sourceId: string, workerId: string): Promise<void> => renewLease(db, sourceId, workerId);

/** How many polls of all workers have opened or closed something: a number that has grown is news. */
export const changesSeen = (db: Db): Promise<number> => countChanges(db);

/** Makes the series' next partitions and drops the expired ones. */
export const keepPartitions = (db: Db): Promise<void> => makePartitions(db);
