import { type CanaryThen, noPlan, type Plan, planLimits, suggestedPlan } from "@/lib/operations/plan.rules";
import { minutes, seconds } from "@/lib/time";

/** A plan as it stands in the dialog's boxes; null is what is suggested for so many messages. */
export type PlanText = {
  canary: "1" | "10" | "own" | "all" | null;
  own: string;
  watch: string;
  after: CanaryThen;
  stop: string;
  pace: string;
  cap: string;
  /** As the box gives it, in the viewer's zone: `2026-11-27T23:30`. */
  at: string;
};

export const planText: PlanText = { canary: null, own: "25", watch: "15", after: "go", stop: "20", pace: "", cap: "", at: "" };

/** Which canary is chosen: what somebody chose, or what is suggested. */
export const canaryOf = ({ canary }: PlanText, itemsN: number): NonNullable<PlanText["canary"]> =>
  canary ?? (suggestedPlan(itemsN).canaryN === null ? "all" : "10");

const numberIn = (text: string, least: number, most: number, whole = true): number | null | undefined => {
  if (text.trim() === "") return null;
  const n = Number(text);
  return Number.isFinite(n) && n >= least && n <= most && (!whole || Number.isInteger(n)) ? n : undefined;
};

/** What the boxes say, or which of them says nothing usable. */
export function planIn(text: PlanText, itemsN: number): { plan: Plan; problem: string | null } {
  const canary = canaryOf(text, itemsN);
  const own = numberIn(text.own, 1, 100_000);
  const watch = numberIn(text.watch, 0, planLimits.watchMsMax / seconds(1));
  const stop = numberIn(text.stop, 0, 99);
  const pace = numberIn(text.pace, 0.01, planLimits.perSecondMax, false);
  const cap = numberIn(text.cap, 1, 100_000);
  const at = text.at === "" ? null : Date.parse(text.at);
  const problem =
    canary === "own" && typeof own !== "number"
      ? "The canary is a whole number."
      : canary !== "all" && typeof watch !== "number"
        ? `Watch for 0 to ${planLimits.watchMsMax / minutes(1)} minutes, in seconds.`
        : stop === undefined
          ? "The stop limit is 0 to 99 per cent, or empty."
          : pace === undefined
            ? "The pace is a number of messages a second, or empty."
            : cap === undefined
              ? "The cap in flight is a whole number, or empty."
              : Number.isNaN(at)
                ? "The time of its start cannot be read."
                : null;
  const plan: Plan = {
    ...noPlan,
    canaryN: canary === "all" ? null : canary === "own" ? (own ?? null) : Number(canary),
    watchMs: canary === "all" ? 0 : (watch ?? 0) * seconds(1),
    canaryThen: text.after,
    stopPercent: stop ?? null,
    perSecond: pace ?? null,
    inFlightMax: cap ?? null,
    notBefore: at,
    undoMs: suggestedPlan(itemsN).undoMs,
  };
  return { plan, problem };
}

/** "Retry 10, then 438": what the button does first. */
export function confirmWords(verb: string, itemsN: number, { canaryN }: Plan): string {
  const number = (n: number) => n.toLocaleString("en-US");
  return canaryN === null || canaryN >= itemsN
    ? `${verb} ${number(itemsN)}`
    : `${verb} ${number(canaryN)}, then ${number(itemsN - canaryN)}`;
}
