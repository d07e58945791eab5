import { evaluateAlerts } from "../alerting/evaluate";
import { linkAudit, verifyAudit } from "../audit/chain";
import { followCases } from "../cases/opening";
import { answerLooks } from "../dead-letters/looks";
import { settleRoutes } from "../dead-letters/regrouping/settle";
import { followGroups } from "../dead-letters/triage/follow";
import { expireApprovals } from "../decisions/service";
import { rollUpLags } from "../lag/service";
import { alone, keepSource, shareOfSources } from "../leases/service";
import { routeSteps } from "../notifications/route";
import { type NamedSoFar, renameGroups } from "../observation/rename";
import { observeSource } from "../observation/service";
import { callServices } from "../operations/calls";
import { dispatchChunks } from "../operations/dispatch";
import { foretell } from "../operations/forecasting";
import { watchOutcomes } from "../operations/watch";
import { dueRules, reconcileRule } from "../reconciliation/reconcile";
import { dispatchHolds } from "../sagas/dispatch";
import { hours, minutes, seconds } from "../time";
import { rollUpZones } from "../zones/judge";
import { MORE, type Task } from "./clock";
import { keepHouse } from "./housekeeping";
import { judging } from "./judging";
import type { Work } from "./work";

/** The table of tasks: what a worker does, and how often. Tasks of which one worker at a time is enough hold a lease. */
export function tasksOf(work: Work): Task[] {
  const { db, workerId } = work;
  const one = (name: string, everyMs: number, run: () => Promise<unknown>): Task => ({
    name,
    everyMs,
    run: () => alone(db, name, workerId, Math.max(seconds(6), everyMs * 2), run),
  });
  const named: NamedSoFar = { contentHash: null };
  return [
    { name: "heartbeat", everyMs: seconds(2), run: () => work.heartbeat() },
    { name: "configure", everyMs: seconds(5), run: () => work.configure() },
    { name: "observe", everyMs: seconds(2), run: (signal) => observeShare(work, signal) },
    { name: "dispatch", everyMs: 300, run: async (signal) => void (await dispatchChunks(db, workerId, work.observed, signal)) },
    { name: "call services", everyMs: 300, run: (signal) => callServices(db, work.observed, signal) },
    { name: "foretell", everyMs: 300, run: async (signal) => void (await foretell(work, signal)) },
    { name: "read payloads", everyMs: 300, run: () => answerLooks(db, work.observed) },
    { name: "hold sagas", everyMs: 300, run: () => dispatchHolds(db, work.observed) },
    { name: "watch outcomes", everyMs: 700, run: () => watchOutcomes(db, work.observed) },
    { name: "prove keys", everyMs: seconds(1), run: (signal) => work.prove(signal) },
    { name: "reconcile", everyMs: seconds(1), run: (signal) => reconcileShare(work, signal) },
    judging(work),
    one("evaluate alerts", seconds(2), async () => (await evaluateAlerts(db)) && MORE),
    one("route notifications", seconds(1), () => routeSteps(db, work.baseUrl)),
    one("ask for digests", seconds(30), () => work.askDigests()),
    { name: "send heartbeats", everyMs: seconds(10), run: () => work.beat() },
    { name: "send notifications", everyMs: 500, run: (signal) => work.send(signal) },
    one("expire approvals", seconds(10), () => expireApprovals(db, Date.now())),
    one("open cases", seconds(5), () => followCases(db)),
    one("follow groups", seconds(5), () => followGroups(db)),
    one("settle merges and splits", seconds(2), () => settleRoutes(db)),
    one("name groups", seconds(5), () => renameGroups(db, named)),
    one("roll up", seconds(20), () => rollUpLags(db, Date.now()).then(() => rollUpZones(db, Date.now()))),
    one("check sources", seconds(5), () => work.checkSources()),
    { name: "look at databases", everyMs: seconds(1), run: () => work.lookAsAsked() },
    one("link audit", seconds(5), () => linkAudit(db)),
    one("verify audit", hours(1), () => verifyAudit(db)),
    one("keep house", minutes(1), () => keepHouse(db, Date.now())),
  ];
}

/** Polls this worker's share of the sources. A poll that hangs keeps its lease, and keeps nobody waiting. */
async function observeShare(work: Work, signal: AbortSignal): Promise<void> {
  const { db, workerId } = work;
  const byId = new Map(work.observed.map((observed) => [observed.sourceId, observed]));
  for (const sourceId of await shareOfSources(db, workerId, [...byId.keys()])) {
    if (signal.aborted) return;
    if (work.polling.has(sourceId)) await keepSource(db, sourceId, workerId);
    else
      work.poll(
        sourceId,
        observeSource({ db, workerId }, byId.get(sourceId)!).then((result) =>
          result === "held elsewhere" ? keepSource(db, sourceId, workerId) : undefined,
        ),
      );
  }
}

// Rules of one worker that have their turn at once: each keeps one connection to two sources busy at most.
const TURNS_MAX = 3;

/** Gives the rules that wait longest their turn; what runs long gives way by itself, and goes on at a later task. */
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
