import type { Contract } from "../contracts/rules";
import { type WatchSource, watchedDeliveries } from "../contracts/watched.rules";
import { days, hours, type Instant, minutes, seconds } from "../time";
import { bucketAt, type Counts, type Level } from "./counting.rules";

/** What a figure is made of: deliveries that were followed one by one, or rows that reconciliation compared where nothing records deliveries. */
export type Basis = "delivery" | "comparison";

export const limits = {
  /** The period of a zone whose contract names none. */
  periodMs: days(30),
  /** Minutes are kept a little longer than they are asked for. */
  minutesAskedMs: days(13),
  minutesKeptMs: days(14),
  keptMs: days(400),
  stripDays: 365,
} as const;

/** The spans of burn rates that screens show. */
export const burnSpansShown = [minutes(5), hours(1), hours(6), days(3)] as const;

/** One zone's promise as it is measured. */
export type Objective = { zoneId: string; basis: Basis; windowMs: number; target: number | null; periodMs: number };

export function objectiveOf(contract: Contract, sources: readonly WatchSource[]): Objective {
  const { slo, windowMs } = contract.expectation;
  const followed = watchedDeliveries(contract, sources).some(({ by }) => by?.kind === "inbox");
  const compared = contract.recovery.reconciliation.length > 0;
  return {
    zoneId: contract.zoneId,
    basis: followed || !compared ? "delivery" : "comparison",
    windowMs,
    target: slo?.target ?? null,
    periodMs: slo?.overMs ?? limits.periodMs,
  };
}

/** Buckets of one level, from an instant on and before another. */
export type Segment = { level: Level; from: Instant; to: Instant };

/**
 * The fewest buckets that make up the time from an instant until now: minutes to the next full hour, hours to the next day, then days. Its
 * beginning is rounded down to the minute, and to the hour where no minutes are kept any more.
 */
export function segmentsOf(from: Instant, now: Instant): Segment[] {
  const end = now + 1;
  const next = (at: Instant, level: Level) => Math.min(end, bucketAt(at - 1, level) + seconds(level));
  const start = now - from <= limits.minutesAskedMs ? bucketAt(from, 60) : bucketAt(from, 3_600);
  const hour = Math.max(start, next(start, 3_600));
  const day = Math.max(hour, next(hour, 86_400));
  const all: Segment[] = [
    { level: 60, from: start, to: hour },
    { level: 3_600, from: hour, to: day },
    { level: 86_400, from: day, to: end },
  ];
  return all.filter((segment) => segment.from < segment.to);
}

type Kept = Pick<Counts, "keptN" | "missedN">;

export const total = ({ keptN, missedN }: Kept): number => keptN + missedN;

/** The part that was kept; null where nothing was judged: unknown, and never all of it. */
export const convergedOf = (counts: Kept): number | null => (total(counts) > 0 ? counts.keptN / total(counts) : null);

/** What of the error budget is left: 1 all of it, 0 none, below zero more was used than there was. A promise of all has no budget, so that one miss is one too many. */
export function budgetLeft(counts: Kept, target: number): number | null {
  const n = total(counts);
  if (n === 0) return null;
  const allowed = n * (1 - target);
  if (allowed < 1e-9) return counts.missedN === 0 ? 1 : -counts.missedN;
  return 1 - counts.missedN / allowed;
}

/** How fast the budget is used up, in multiples of the rate at which it would last its period; null where nothing was judged. */
export function burnOf(counts: Kept, target: number): number | null {
  const n = total(counts);
  if (n === 0) return null;
  // Of a promise of all any miss is past every bound that a condition can name.
  return counts.missedN === 0 ? 0 : Math.min(999_999, counts.missedN / n / (1 - target));
}

/** 0.999 is three nines; null where nothing was missed, since there is no end to them. */
export const ninesOf = (converged: number): number | null => (converged >= 1 ? null : -Math.log10(1 - converged));

/** When the budget is gone at this burn, from now on; null where it is not, or is gone. As many come as came in the period. */
export function goneInMs(left: number, burn: number, periodMs: number): number | null {
  return burn > 0 && left > 0 ? (left / burn) * periodMs : null;
}

/** How often something stood in the way: of a delivery, or a rule that found rows which differ (`rule`, with the rule as event type). */
export type CauseCount = {
  zoneId: string;
  cause: string;
  consumer: string;
  eventType: string;
  missedN: number;
  /** Of a group of dead letters: the number that leads to it now, and what it is called. */
  groupId: number | null;
  errorType: string | null;
};
