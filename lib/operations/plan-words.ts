import { durationWords } from "../time";
import { counted, listed } from "../words";
import type { Limits, Plan } from "./plan.rules";

const number = (n: number) => n.toLocaleString("en-US");
export const paceWords = (perSecond: number | null): string =>
  perSecond === null ? "as fast as it is taken" : `${number(perSecond)} a second`;
export const capWords = (inFlightMax: number | null): string =>
  inFlightMax === null ? "no cap in flight" : `${number(inFlightMax)} in flight at most`;
export const stopWords = (stopPercent: number | null): string =>
  stopPercent === null ? "no stop limit" : `stops above ${stopPercent} %`;

/** "canary 10, then 15s watch; 5 a second; 500 in flight at most; stops above 20 %": what an operation keeps to. */
export function planWords(plan: Omit<Plan, "notBefore" | "undoMs">): string {
  const canary =
    plan.canaryN === null
      ? "no canary"
      : `canary of ${counted(plan.canaryN, "message")}, then ${plan.canaryThen === "ask" ? "waits for a word" : `on by itself after ${durationWords(plan.watchMs)}`}`;
  const stop =
    plan.stopPercent === null
      ? stopWords(null)
      : `${stopWords(plan.stopPercent)} failed, over all or the last ${number(plan.stopWindow)}`;
  return [canary, paceWords(plan.perSecond), capWords(plan.inFlightMax), stop].join("; ");
}

/** "Pace 5 a second": which limits were changed, and to what. */
export function changeWords(before: Limits, now: Limits): string {
  const changed = [
    before.perSecond !== now.perSecond && `pace ${paceWords(now.perSecond)}`,
    before.inFlightMax !== now.inFlightMax && capWords(now.inFlightMax),
    before.stopPercent !== now.stopPercent && stopWords(now.stopPercent),
  ].filter((words) => words !== false);
  return `Limits changed (${changed.length > 0 ? listed(changed) : "none is another"})`;
}
