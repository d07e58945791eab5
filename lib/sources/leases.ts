import type { Db } from "../db/pool";
import type { Instant } from "../time";
import { fairShare } from "./rules";
import * as store from "./sql";

/** Says that a worker lives. */
export const beat = (db: Db, workerId: string, startedAt: Instant): Promise<void> => store.beat(db, workerId, startedAt);

/** Lets go of everything that a worker holds, so that others need not wait for its leases to run out. */
export const resign = (db: Db, workerId: string): Promise<void> => store.resign(db, workerId);

/** Runs work that one worker at a time is enough for; does nothing while another holds it. */
export async function alone(db: Db, name: string, workerId: string, forMs: number, work: () => Promise<unknown>): Promise<void> {
  if (await store.takeLease(db, name, workerId, forMs)) await work();
}

/** Which of the sources a worker looks at now: its fair share, its own first, then what is free. What is beyond its share it gives up. */
export async function shareOfSources(db: Db, workerId: string, sourceIds: readonly string[]): Promise<string[]> {
  const due = await store.selectDue(db, workerId, sourceIds);
  // Counted now and not at the last beat: what a dead worker held is taken over as soon as its lease runs out.
  const share = fairShare(sourceIds.length, await store.countWorkers(db));
  const mine = due.filter((source) => source.mine);
  for (const extra of mine.splice(share)) await store.releaseSource(db, extra.sourceId, workerId);
  return [...mine, ...due.filter((source) => !source.mine && source.free)].slice(0, share).map(({ sourceId }) => sourceId);
}

/** Keeps a source's lease while a look hangs or backs off: the next worker would only begin anew. */
export const keepSource = (db: Db, sourceId: string, workerId: string): Promise<void> => store.renewLease(db, sourceId, workerId);

/** How many looks of all workers have opened or closed something: a number that has grown is news. */
export const changesSeen = (db: Db): Promise<number> => store.countChanges(db);

/** Makes the series' next partitions and drops the expired ones. */
export const keepPartitions = (db: Db): Promise<void> => store.keepPartitions(db);
