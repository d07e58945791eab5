import { evaluationsOf, whyUnknown } from "../alerts/condition.rules";
import { explainedBy, explains } from "../alerts/inhibition.rules";
import { after, clearMs, type Rules, stepsOf } from "../alerts/life.rules";
import type { Evaluation, Reading, Step, Watched } from "../alerts/rules";
import { type AlertChange, alertPlace, type NewAlert, type OpenAlert, type Unknown } from "../alerts/sql";
import { watchedConditions } from "../alerts/watched";
import { alertWords, unknownWords } from "../alerts/words";
import type { AlertMetric, Contract } from "../contracts/rules";
import type { Instant } from "../time";

/** Below which alert one stands that begins at the same tick, and so has no number yet: its place. */
type Below = { below: string | null };

/** What a tick does to alerts, `most` of them at most. */
export type Todo = {
  most: number;
  begin: (NewAlert & Below)[];
  change: (AlertChange & Below)[];
  drop: number[];
  unknown: Unknown[];
};

export function groupedBy<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const own = groups.get(keyOf(one));
    if (own) own.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}

export const emptyTodo = (most: number): Todo => ({ most, begin: [], change: [], drop: [], unknown: [] });

export const isFull = ({ most, begin, change, drop }: Todo): boolean => begin.length + change.length + drop.length >= most;

export type Zone = {
  contract: Contract;
  reading: Reading;
  open: readonly OpenAlert[];
  flaps: ReadonlyMap<string, number>;
  at: Instant;
};

/** An alert that explains others, as long as it is open; one that begins at this tick has its place alone. */
type Explaining = { condition: string; cause: string; alertId: number | null };
type Turn = Zone & { explaining: Explaining[]; todo: Todo };

/**
 * What follows for a zone's alerts from a reading. False where that is more than may be done at once: what is done is then as far as it goes,
 * and the same reading says the rest once that is kept, since no step is taken twice by one reading.
 */
export function evaluateZone(zone: Zone, todo: Todo): boolean {
  const { contract, reading, open } = zone;
  const watched = watchedConditions(contract);
  const asked = new Set(watched.map(({ condition }) => condition.text));
  const turn: Turn = { ...zone, todo, explaining: open.filter(({ condition }) => explains(condition)) };
  for (const alert of open) if (!asked.has(alert.condition) && !end(turn, alert, alertWords.notAsked)) return false;
  const own = groupedBy(open, ({ condition }) => condition);
  // What explains others comes before them.
  for (const one of watched.toSorted((a, b) => explainers(a) - explainers(b))) {
    const { condition } = one;
    const byCause = new Map((own.get(condition.text) ?? []).map((alert) => [alert.cause, alert]));
    for (const found of evaluationsOf(condition, reading, contract.expectation.windowMs, new Set(byCause.keys()))) {
      if (isFull(todo)) return false;
      const alert = byCause.get(found.cause);
      if (alert === undefined) mayBegin(turn, one, found);
      else goOn(turn, one, found, alert);
    }
  }
  for (const { condition } of watched) {
    const why = whyUnknown(condition, reading);
    if (why !== null) todo.unknown.push({ zoneId: contract.zoneId, condition: condition.text, why: unknownWords[why] });
  }
  return true;
}

const explainers = ({ condition }: Watched): number => explainedBy(condition.metric).length;

const rulesOf = ({ contract, flaps }: Turn, { condition }: Watched, cause: string): Rules => ({
  forMs: condition.forMs,
  clearMs: clearMs(condition.forMs, flaps.get(alertPlace({ zoneId: contract.zoneId, condition: condition.text, cause })) ?? 0),
  escalationMs: contract.accountability.onCall?.escalationMs ?? null,
});

const raisedText = ({ contract }: Turn, { condition }: Watched, { cause, value }: Evaluation) =>
  alertWords.raised(condition, cause || null, value, contract.expectation.windowMs);

function mayBegin(turn: Turn, watched: Watched, found: Evaluation): void {
  const { contract, at, explaining, todo } = turn;
  const { condition, severity, notify } = watched;
  const { zoneId } = contract;
  const rules = rulesOf(turn, watched, found.cause);
  const life = after(null, stepsOf(null, found.holds, at, rules), at, rules);
  if (life === null) return;
  const state = life.state === "raised" ? "raised" : "pending";
  const { cause, value } = found;
  const text =
    state === "raised"
      ? raisedText(turn, watched, found)
      : alertWords.pending(condition, cause || null, value, contract.expectation.windowMs);
  const { escalateAt } = life;
  todo.begin.push({
    ...{ zoneId, condition: condition.text, cause, severity, state, escalateAt, value, notify },
    ...inhibitedBy(turn, condition.metric),
    event: { kind: state, text },
  });
  if (explains(condition.text)) explaining.push({ condition: condition.text, cause, alertId: null });
}

/** Which alert explains a figure now: its number, or where it begins. */
function inhibitedBy({ contract, explaining }: Turn, metric: AlertMetric): { inhibitedBy: number | null } & Below {
  const [one] = explainedBy(metric).flatMap((condition) => explaining.find((other) => other.condition === condition) ?? []);
  const below = one === undefined || one.alertId !== null ? null : alertPlace({ zoneId: contract.zoneId, ...one });
  return { inhibitedBy: one?.alertId ?? null, below };
}

function goOn(turn: Turn, watched: Watched, found: Evaluation, alert: OpenAlert): void {
  const { at, todo } = turn;
  const rules = rulesOf(turn, watched, found.cause);
  const inhibitor = inhibitedBy(turn, watched.condition.metric);
  const isFree = inhibitor.inhibitedBy === null && inhibitor.below === null;
  // A consequence is told to nobody, so to nobody further.
  const steps = stepsOf(alert, found.holds, at, rules).filter(({ step }) => step !== "escalated" || isFree);
  const next = after(alert, steps, at, rules);
  if (next === null) return void end(turn, alert, alertWords.noLonger(at - (alert.quietSince ?? at)));
  if (steps.length === 0 && inhibitor.below === null && inhibitor.inhibitedBy === alert.inhibitedBy) return;
  const event = eventOf(turn, watched, found, { alert, steps, isFree });
  const { alertId, stateN } = alert;
  todo.change.push({ ...next, alertId, stateN, ...inhibitor, value: event?.kind === "raised" ? found.value : null, event });
}

type Next = { alert: OpenAlert; steps: readonly Step[]; isFree: boolean };

function eventOf(turn: Turn, watched: Watched, found: Evaluation, { alert, steps, isFree }: Next): AlertChange["event"] {
  for (const step of steps) {
    if (step.step === "raised") return { kind: "raised", text: raisedText(turn, watched, found) };
    if (step.step === "escalated") return { kind: "escalated", text: alertWords.escalated(step.level) };
  }
  const stands = alert.state !== "pending" && alert.inhibitedBy !== null && isFree && found.holds === true;
  return stands ? { kind: "raised", text: alertWords.stands(raisedText(turn, watched, found)) } : null;
}

/** Ends an alert, and what it explained stands for itself; false where no more may be done. */
function end(turn: Turn, alert: OpenAlert, why: string): boolean {
  const { explaining, todo } = turn;
  if (isFull(todo)) return false;
  endAlert(alert, why, todo);
  const at = explaining.findIndex(({ alertId }) => alertId === alert.alertId);
  if (at >= 0) explaining.splice(at, 1);
  return true;
}

/** Ends an alert; one that was never raised leaves nothing. */
export function endAlert({ alertId, stateN, ...life }: OpenAlert, why: string, todo: Todo): void {
  if (life.state === "pending") todo.drop.push(alertId);
  else {
    const event = { kind: "cleared" as const, text: alertWords.cleared(why) };
    todo.change.push({ ...life, alertId, stateN, below: null, state: "cleared", value: null, event });
  }
}
