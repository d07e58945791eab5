import { expireApprovals } from "../approvals/service";
import { followCases } from "../cases/opening";
import { rollUpLags } from "../lag/service";
import { observeSource } from "../observation/service";
import { carryOut, watchOutcomes } from "../operations/carry";
import { dueRules, reconcileRule } from "../reconciliation/run";
import { carryHolds } from "../sagas/carry";
import { alone, keepSource, shareOfSources } from "../sources/leases";
import { minutes, seconds } from "../time";
import { rollUpZones } from "../zones/judge";
import type { Beat } from "./clock";
import { keepHouse } from "./housekeeping";
import { judging } from "./judging";
import type { Work } from "./work";

/** The table of tasks: what a worker does, and how often. Tasks of which one worker at a time is enough hold a lease. */
export function tasksOf(work: Work): Beat[] {
  const { db, workerId } = work;
  const one = (name: string, everyMs: number, run: () => Promise<unknown>): Beat => ({
    name,
    everyMs,
    run: () => alone(db, name, workerId, Math.max(seconds(6), everyMs * 2), run),
  });
  return [
    { name: "beat", everyMs: seconds(2), run: () => work.beat() },
    { name: "configure", everyMs: seconds(5), run: () => work.configure() },
    { name: "observe", everyMs: seconds(2), run: (signal) => observeShare(work, signal) },
    { name: "carry out", everyMs: 300, run: async (signal) => void (await carryOut(db, workerId, work.observed, signal)) },
    { name: "hold sagas", everyMs: 300, run: () => carryHolds(db, work.observed) },
    { name: "watch outcomes", everyMs: 700, run: () => watchOutcomes(db, work.observed) },
    { name: "reconcile", everyMs: seconds(1), run: (signal) => reconcileShare(work, signal) },
    judging(work),
    one("expire approvals", seconds(10), () => expireApprovals(db, Date.now())),
    one("open cases", seconds(5), () => followCases(db)),
    one("roll up", seconds(20), () => rollUpLags(db, Date.now()).then(() => rollUpZones(db, Date.now()))),
    one("keep house", minutes(1), () => keepHouse(db, Date.now())),
  ];
}

/** Looks at this worker's share of the sources. A look that hangs keeps its lease, and keeps nobody waiting. */
async function observeShare(work: Work, signal: AbortSignal): Promise<void> {
  const { db, workerId } = work;
  const byId = new Map(work.observed.map((observed) => [observed.sourceId, observed]));
  for (const sourceId of await shareOfSources(db, workerId, [...byId.keys()])) {
    if (signal.aborted) return;
    if (work.looking.has(sourceId)) await keepSource(db, sourceId, workerId);
    else
      work.look(
        sourceId,
        observeSource({ db, workerId }, byId.get(sourceId)!).then((result) =>
          result === "held elsewhere" ? keepSource(db, sourceId, workerId) : undefined,
        ),
      );
  }
}

// Rules of one worker that have their turn at once: each keeps one connection to two sources busy at most.
const TURNS_MAX = 3;

/** Gives the rules that wait longest their turn; what runs long gives way by itself, and goes on at a later beat. */
async function reconcileShare(work: Work, signal: AbortSignal): Promise<void> {
  const { db, workerId } = work;
  for (const due of await dueRules(db, Date.now())) {
    if (signal.aborted || work.reconciling.size >= TURNS_MAX) return;
    const rule = work.rules.find((one) => one.zoneId === due.zoneId && one.rule === due.rule);
    const name = `${due.zoneId}/${due.rule}`;
    if (!rule || work.reconciling.has(name)) continue;
    work.reconcile(
      name,
      reconcileRule({ db, workerId }, rule, signal).then(() => {}),
    );
  }
}
