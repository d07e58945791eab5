import { days, type Instant, minutes, seconds } from "../time";
import type { OperationState } from "./rules";

/** What follows a canary without failures: the rest by itself, or when somebody says so. */
export const canaryEnds = ["go", "ask"] as const;
export type CanaryThen = (typeof canaryEnds)[number];

/** How an operation is let out; null is no such limit. */
export type Plan = {
  canaryN: number | null;
  watchMs: number;
  canaryThen: CanaryThen;
  stopPercent: number | null;
  stopWindow: number;
  perSecond: number | null;
  inFlightMax: number | null;
  notBefore: Instant | null;
  undoMs: number;
};

/** What can be changed while it runs. */
export type Limits = Pick<Plan, "perSecond" | "inFlightMax" | "stopPercent">;

export const planLimits = {
  watchMsMax: minutes(60),
  windowMin: 5,
  windowMax: 500,
  perSecondMax: 10_000,
  /** Everything is on its way before the first answer otherwise, and a stop limit would stop nothing. */
  inFlightGuarded: 500,
  scheduledMsMax: days(7),
  undoMsMax: seconds(60),
  /** Fewer answers than this are no share; a canary that is smaller is judged whole. */
  answersMin: 10,
} as const;

/** All at once, as it was before there were plans: what a request without one means. */
export const noPlan: Plan = {
  canaryN: null,
  watchMs: 0,
  canaryThen: "go",
  stopPercent: null,
  stopWindow: 20,
  perSecond: null,
  inFlightMax: null,
  notBefore: null,
  undoMs: 0,
};

/** What the dialog offers before anybody chose: a canary of 10 above 50 messages, a stop at 20 %, five seconds to think better of it. */
export const suggestedPlan = (itemsN: number): Plan => ({
  ...noPlan,
  canaryN: itemsN > 50 ? 10 : null,
  watchMs: itemsN > 50 ? seconds(15) : 0,
  stopPercent: 20,
  inFlightMax: planLimits.inFlightGuarded,
  undoMs: seconds(5),
});

/** The cap that holds: a stop limit without one gets one. */
export const capOf = ({ stopPercent, inFlightMax }: Pick<Plan, "stopPercent" | "inFlightMax">): number | null =>
  inFlightMax ?? (stopPercent === null ? null : planLimits.inFlightGuarded);

/** From when anything is sent, null at once; and until when it can be undone as if nobody had asked. */
export type Opening = { opensAt: Instant | null; undoUntil: Instant | null };

/** After the schedule and after the time for second thoughts. What a second person approves later opens at once then. */
export function openingOf({ notBefore, undoMs }: Pick<Plan, "notBefore" | "undoMs">, now: Instant): Opening {
  const opens = Math.max(notBefore ?? 0, now + undoMs);
  return { opensAt: opens > now ? opens : null, undoUntil: undoMs > 0 ? now + undoMs : null };
}

/** What the consumer answered since the operation began, or was resumed after a stop. */
export type Answers = { judgedN: number; failedN: number; recent: string };
export const FAILED = "f";
export const ANSWERED = "s";

/** Why an operation must stop now: more than the limit failed, overall or among the last answers; null goes on. Too few answers are no share. */
export function stopReason(
  { judgedN, failedN, recent }: Answers,
  { stopPercent, stopWindow, canaryN, itemsN }: Pick<Plan, "stopPercent" | "stopWindow" | "canaryN"> & { itemsN: number },
): string | null {
  if (stopPercent === null) return null;
  const least = Math.min(planLimits.answersMin, canaryN ?? planLimits.answersMin, itemsN);
  if (judgedN >= least && failedN * 100 > stopPercent * judgedN)
    return `${failedN.toLocaleString("en-US")} of ${judgedN.toLocaleString("en-US")} failed, more than ${stopPercent} %`;
  const failedLately = [...recent].filter((letter) => letter === FAILED).length;
  if (recent.length >= stopWindow && failedLately * 100 > stopPercent * recent.length)
    return `${failedLately} of the last ${recent.length} failed, more than ${stopPercent} %`;
  return null;
}

/** Where an operation stands in its plan. */
export type Gate = "scheduled" | "undo" | "canary" | "watch" | "ask" | "rest";

export type Gated = {
  state: OperationState;
  opensAt: Instant | null;
  undoUntil: Instant | null;
  releasedN: number;
  canaryN: number | null;
  canaryEndedAt: Instant | null;
  canaryPassedAt: Instant | null;
  canaryThen: CanaryThen;
};

/** What holds the next message back, or lets it go; null for what is not under way. */
export function gateOf(o: Gated, now: Instant): Gate | null {
  if (o.state !== "running" && o.state !== "paused") return null;
  if (o.releasedN === 0 && o.opensAt !== null && o.opensAt > now)
    return o.undoUntil !== null && o.opensAt <= o.undoUntil ? "undo" : "scheduled";
  if (o.canaryN === null || o.canaryPassedAt !== null) return "rest";
  if (o.canaryEndedAt === null) return "canary";
  return o.canaryThen === "go" ? "watch" : "ask";
}

/** Whether it can still be undone as if nobody had asked: nothing left, and the time for it is not over. */
export const canUndo = (
  { state, undoUntil, releasedN }: Pick<Gated, "state" | "undoUntil" | "releasedN">,
  now: Instant,
): boolean => (state === "running" || state === "paused") && releasedN === 0 && undoUntil !== null && undoUntil > now;
