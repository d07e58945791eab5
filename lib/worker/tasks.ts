import { deleteOldArrivals } from "../dead-letters/sql";
import { rollUpLags } from "../lag/service";
import { limits as observation } from "../observation/rules";
import { type Observed, observeSource } from "../observation/service";
import { deleteSeenBefore } from "../observation/sql";
import { carryOut, watchOutcomes } from "../operations/carry";
import { sweepSessions } from "../operators/sessions/service";
import { deleteOldSagas } from "../sagas/sql";
import { fairShare } from "../sources/rules";
import { countWorkers, keepPartitions, releaseSource, renewLease, selectDue, takeLease } from "../sources/sql";
import { days, hours, minutes, seconds } from "../time";
import { judgeZones, rollUpZones } from "../zones/judge";
import type { Beat } from "./clock";
import type { Work } from "./work";

/** The table of tasks: what a worker does, and how often. Tasks of which one worker at a time is enough hold a lease. */
export function tasksOf(work: Work): Beat[] {
  const { db, workerId } = work;
  const alone = (name: string, everyMs: number, run: () => Promise<unknown>): Beat => ({
    name,
    everyMs,
    run: async () => {
      if (await takeLease(db, name, workerId, Math.max(seconds(6), everyMs * 2))) await run();
    },
  });
  return [
    { name: "beat", everyMs: seconds(2), run: () => work.beat() },
    { name: "configure", everyMs: seconds(5), run: () => work.configure() },
    { name: "observe", everyMs: seconds(2), run: (signal) => observeShare(work, signal) },
    { name: "carry out", everyMs: 300, run: async (signal) => void (await carryOut(db, workerId, work.observed, signal)) },
    { name: "watch outcomes", everyMs: 700, run: () => watchOutcomes(db, work.observed) },
    alone("judge", seconds(2), () => judgeZones(db)),
    alone("roll up", seconds(20), async () => {
      await rollUpLags(db, Date.now());
      await rollUpZones(db, Date.now());
    }),
    alone("keep house", minutes(1), async () => {
      await keepPartitions(db);
      await deleteSeenBefore(db, Date.now() - observation.tombstoneMs);
      await deleteOldSagas(db, Date.now() - days(7), Date.now() - days(60));
      await sweepSessions(db, Date.now());
      await deleteOldArrivals(db, Date.now() - hours(3), Date.now() - days(90));
    }),
  ];
}

/** Looks at this worker's fair share of the sources. A look that hangs keeps its lease, and keeps nobody waiting. */
async function observeShare(work: Work, signal: AbortSignal): Promise<void> {
  const byId = new Map(work.observed.map((observed) => [observed.sourceId, observed]));
  const due = await selectDue(work.db, work.workerId, [...byId.keys()]);
  // Counted now and not at the last beat: what a dead worker held is taken over as soon as its lease runs out.
  const share = fairShare(byId.size, await countWorkers(work.db));
  const mine = due.filter((source) => source.mine);
  for (const extra of mine.splice(share)) await releaseSource(work.db, extra.sourceId, work.workerId);
  const taken = [...mine, ...due.filter((source) => !source.mine && source.free)].slice(0, share);
  for (const { sourceId } of taken) {
    if (signal.aborted) return;
    if (work.looking.has(sourceId)) await renewLease(work.db, sourceId, work.workerId);
    else work.look(sourceId, observeOne(work, byId.get(sourceId)!));
  }
}

async function observeOne(work: Work, observed: Observed): Promise<void> {
  const result = await observeSource({ db: work.db, workerId: work.workerId }, observed);
  // Backing off is no reason to let go: the next worker would begin anew.
  if (result === "held elsewhere") await renewLease(work.db, observed.sourceId, work.workerId);
}
