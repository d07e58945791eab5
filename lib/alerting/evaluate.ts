import { evaluationsOf, whyUnknown } from "../alerts/condition.rules";
import { explainedBy } from "../alerts/inhibition.rules";
import { after, clearMs, type Rules, stepsOf } from "../alerts/life.rules";
import { alertLimits, type Evaluation, type Reading, type Step, type Watched } from "../alerts/rules";
import {
  type AlertChange,
  deletePending,
  insertAlerts,
  insertReadings,
  type NewAlert,
  type OpenAlert,
  replaceUnknown,
  selectFlaps,
  selectOpen,
  type Unknown,
  updateAlerts,
} from "../alerts/sql";
import { watchedConditions } from "../alerts/watched";
import { alertWords, unknownWords } from "../alerts/words";
import type { AlertMetric, Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import type { Db } from "../db/pool";
import type { Instant } from "../time";
import { readZones } from "./reading";

const grouped = (open: readonly OpenAlert[]): Map<string, OpenAlert[]> => {
  const byZone = new Map<string, OpenAlert[]>();
  for (const alert of open) {
    const own = byZone.get(alert.zoneId);
    if (own) own.push(alert);
    else byZone.set(alert.zoneId, [alert]);
  }
  return byZone;
};

/**
 * Takes the zones' readings of this tick and does to their alerts what follows. Each zone's tick is evaluated once, in one transaction with its
 * reading: whoever comes second, or again after a crash, finds it taken, or finds nothing done.
 */
export async function evaluateAlerts(db: Db, now: Instant = Date.now()): Promise<void> {
  const at = Math.floor(now / alertLimits.tickMs) * alertLimits.tickMs;
  const contracts = await readContracts(db);
  const readings = await readZones(db, contracts, at);
  await evaluateReadings(db, contracts, readings, at);
}

/** Keeps readings of one moment, and does to the zones' alerts what follows from them. */
export const evaluateReadings = (
  db: Db,
  contracts: readonly Contract[],
  readings: readonly ZoneReading[],
  at: Instant,
): Promise<void> => db.transaction((tx) => evaluate(tx, contracts, readings, at));

export type ZoneReading = { zoneId: string; reading: Reading };

async function evaluate(tx: Db, contracts: readonly Contract[], readings: readonly ZoneReading[], at: Instant): Promise<void> {
  const first = await insertReadings(tx, readings);
  const [open, lately] = await Promise.all([selectOpen(tx), selectFlaps(tx, at - alertLimits.flapsWithinMs)]);
  const flaps = new Map(lately.map(({ zoneId, condition, cause, n }) => [placeOf(zoneId, condition, cause), n]));
  const byZone = grouped(open);
  const todo: Todo = { begin: [], beginning: new Set(), change: [], drop: [], unknown: [] };
  for (const contract of contracts) {
    const { zoneId } = contract;
    const reading = readings.find((one) => one.zoneId === zoneId)?.reading;
    if (reading && first.has(zoneId)) evaluateZone({ contract, reading, open: byZone.get(zoneId) ?? [], flaps, at }, todo);
  }
  const known = new Set(contracts.map(({ zoneId }) => zoneId));
  for (const alert of open) if (!known.has(alert.zoneId)) end(alert, alertWords.notAsked, todo);
  await write(tx, todo, [...first], at);
}

type Todo = { begin: NewAlert[]; beginning: Set<string>; change: AlertChange[]; drop: number[]; unknown: Unknown[] };
type Zone = { contract: Contract; reading: Reading; open: readonly OpenAlert[]; flaps: ReadonlyMap<string, number>; at: Instant };

function evaluateZone(zone: Zone, todo: Todo): void {
  const { contract, reading, open } = zone;
  const watched = watchedConditions(contract);
  const asked = new Set(watched.map(({ condition }) => condition.text));
  for (const alert of open) if (!asked.has(alert.condition)) end(alert, alertWords.notAsked, todo);
  // What explains others comes before them.
  for (const one of watched.toSorted((a, b) => explainers(a) - explainers(b))) {
    const { condition } = one;
    const why = whyUnknown(condition, reading);
    if (why !== null) todo.unknown.push({ zoneId: contract.zoneId, condition: condition.text, why: unknownWords[why] });
    const own = open.filter((alert) => alert.condition === condition.text);
    const byCause = new Map(own.map((alert) => [alert.cause, alert]));
    for (const found of evaluationsOf(condition, reading, contract.expectation.windowMs, new Set(byCause.keys()))) {
      const alert = byCause.get(found.cause);
      if (alert === undefined) mayBegin(zone, one, found, todo);
      else goOn(zone, one, found, alert, todo);
    }
  }
}

const explainers = ({ condition }: Watched): number => explainedBy(condition.metric).length;

const placeOf = (...names: string[]): string => names.join("\n");

const rulesOf = ({ contract, flaps }: Zone, { condition }: Watched, cause: string): Rules => ({
  forMs: condition.forMs,
  clearMs: clearMs(condition.forMs, flaps.get(placeOf(contract.zoneId, condition.text, cause)) ?? 0),
  escalationMs: contract.accountability.onCall?.escalationMs ?? null,
});

const raisedText = ({ contract }: Zone, { condition }: Watched, { cause, value }: Evaluation) =>
  alertWords.raised(condition, cause || null, value, contract.expectation.windowMs);

function mayBegin(zone: Zone, watched: Watched, found: Evaluation, todo: Todo): void {
  const { contract, at, open } = zone;
  const { condition, severity, notify } = watched;
  const { zoneId } = contract;
  const rules = rulesOf(zone, watched, found.cause);
  const life = after(null, stepsOf(null, found.holds, at, rules), at, rules);
  const explaining = explainedBy(condition.metric);
  // What explains it begins at this very tick, and has no number yet: the next tick begins this one below it.
  if (life === null || explaining.some((other) => todo.beginning.has(placeOf(zoneId, other)))) return;
  const state = life.state === "raised" ? "raised" : "pending";
  const { cause, value } = found;
  const text =
    state === "raised"
      ? raisedText(zone, watched, found)
      : alertWords.pending(condition, cause || null, value, contract.expectation.windowMs);
  const inhibitedBy = inhibitorOf(condition.metric, open)?.alertId ?? null;
  const { escalateAt } = life;
  todo.beginning.add(placeOf(zoneId, condition.text));
  todo.begin.push({
    ...{ zoneId, condition: condition.text, cause, severity, state, escalateAt, inhibitedBy, value, notify },
    event: { kind: state, text },
  });
}

const inhibitorOf = (metric: AlertMetric, open: readonly OpenAlert[]): OpenAlert | null =>
  explainedBy(metric).flatMap((condition) => open.find((alert) => alert.condition === condition) ?? [])[0] ?? null;

function goOn(zone: Zone, watched: Watched, found: Evaluation, alert: OpenAlert, todo: Todo): void {
  const { at, open } = zone;
  const rules = rulesOf(zone, watched, found.cause);
  const inhibitedBy = inhibitorOf(watched.condition.metric, open)?.alertId ?? null;
  // A consequence is told to nobody, so to nobody further.
  const steps = stepsOf(alert, found.holds, at, rules).filter(({ step }) => step !== "escalated" || inhibitedBy === null);
  const next = after(alert, steps, at, rules);
  if (next === null && alert.state === "pending") todo.drop.push(alert.alertId);
  else if (next === null) end(alert, alertWords.noLonger(at - alert.quietSince!), todo);
  else {
    const event = eventOf(zone, watched, found, { alert, steps, inhibitedBy });
    if (steps.length === 0 && inhibitedBy === alert.inhibitedBy) return;
    const { alertId, stateN } = alert;
    todo.change.push({ ...next, alertId, stateN, inhibitedBy, value: event?.kind === "raised" ? found.value : null, event });
  }
}

type Turn = { alert: OpenAlert; steps: readonly Step[]; inhibitedBy: number | null };

function eventOf(zone: Zone, watched: Watched, found: Evaluation, { alert, steps, inhibitedBy }: Turn): AlertChange["event"] {
  for (const step of steps) {
    if (step.step === "raised") return { kind: "raised", text: raisedText(zone, watched, found) };
    if (step.step === "escalated") return { kind: "escalated", text: alertWords.escalated(step.level) };
  }
  const stands = alert.state !== "pending" && alert.inhibitedBy !== null && inhibitedBy === null && found.holds === true;
  return stands ? { kind: "raised", text: alertWords.stands(raisedText(zone, watched, found)) } : null;
}

function end({ alertId, stateN, ...life }: OpenAlert, why: string, todo: Todo): void {
  if (life.state === "pending") todo.drop.push(alertId);
  else {
    const event = { kind: "cleared" as const, text: alertWords.cleared(why) };
    todo.change.push({ ...life, alertId, stateN, state: "cleared", value: null, event });
  }
}

async function write(tx: Db, { begin, change, drop, unknown }: Todo, zoneIds: readonly string[], at: Instant): Promise<void> {
  if (begin.length > 0) await insertAlerts(tx, begin, at);
  if (change.length > 0) await updateAlerts(tx, change, at);
  if (drop.length > 0) await deletePending(tx, drop);
  await replaceUnknown(tx, zoneIds, unknown, at);
}
