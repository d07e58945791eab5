import type { Kind, UnresolvedReason } from "../facts/rules";
import { type Instant, minutes, seconds } from "../time";

/** Worst first: the order of verdicts everywhere. Unknown stands before converging, since nobody vouches for it. */
export const verdicts = ["breached", "at_risk", "unknown", "converging", "healthy"] as const;
export type Verdict = (typeof verdicts)[number];
/** The number by which samples keep each verdict, the worst lowest. Rows have it: a number never changes its meaning. */
export const verdictCodes: Readonly<Record<Verdict, number>> = { breached: 0, at_risk: 1, unknown: 2, converging: 3, healthy: 4 };
const byCode = new Map(verdicts.map((verdict) => [verdictCodes[verdict], verdict]));

/** The verdict that a sample keeps; unknown where no verdict has the number. */
export const verdictOfCode = (code: number): Verdict => byCode.get(code) ?? "unknown";

export const limits = {
  /** A look older than this proves nothing any more; evaluated when read, so dead workers never leave a green screen. */
  observationAgeMsMax: seconds(15),
  /** The trend counts as danger when it passes the window within this. */
  forecastMs: minutes(1),
  convergingRatio: 0.2,
  /** "More waiting than usual": above twice the last hour's median, and by more than this many keys. */
  waitingAboveUsual: 20,
} as const;

/** No divergence of any kind. */
export const noDivergences: Record<Kind, number> = { missing: 0, unexpected: 0, mismatch: 0, duplicate: 0 };

/** What one source knows of a zone; `observedAt` is the end of its last good look, null before the first. */
export type SourceFacts = {
  sourceId: string;
  service: string;
  observedAt: Instant | null;
  error: string | null;
  oldestSince: Instant | null;
};

/** Everything a verdict is made from. Ages are not in here: they follow from `since` and the time of asking. */
export type ZoneFacts = {
  windowMs: number;
  atRiskRatio: number;
  judgedAt: Instant | null;
  sources: SourceFacts[];
  oldest: { since: Instant; key: string; reason: UnresolvedReason } | null;
  /** How old the oldest was a minute ago, for the trend; null when nothing was open then. */
  oldestAgeMsMinuteAgo: number | null;
  keysN: number;
  usualKeysN: number | null;
  parkedN: number;
  /** Open divergences, and how many of them wait for a person, since their rule repairs nothing by itself. */
  divergences: Record<Kind, number>;
  awaitsPersonN: number;
  compensationsFailedN: number;
  compensationsLateN: number;
  /** Deliveries that nothing would show missing; left out by judgements of before there were any. */
  unwatched?: { eventType: string; consumer: string }[];
  /** Rules that have compared nothing for a while, with the reason; left out by judgements of before they counted. */
  uncompared?: Uncompared[];
};

/** A rule of the contract that does not compare, why, and since when. */
export type Uncompared = { rule: string; why: string; since: Instant };

export type Reason =
  | { code: "no_fresh_observation" }
  | { code: "unwatched"; n: number; first: { eventType: string; consumer: string } }
  | { code: "uncompared"; n: number; first: Uncompared }
  | { code: "source_silent"; sources: string[] }
  | { code: "past_window"; ageMs: number }
  | { code: "compensation_failed"; n: number }
  | { code: "compensation_late"; n: number }
  | { code: "age_at_risk"; ageMs: number }
  | { code: "parked"; n: number }
  | { code: "awaits_person"; n: number }
  | { code: "trend"; inMs: number }
  | { code: "age_converging"; ageMs: number }
  | { code: "more_waiting"; n: number; usualN: number };

export type Judgement = { verdict: Verdict; reasons: Reason[]; silent: SourceFacts[] };

/** Whether a look is young enough to prove anything. */
export const isFresh = (at: Instant | null, now: Instant): boolean => at !== null && now - at <= limits.observationAgeMsMax;

/** Whether a zone is unknown since it is not seen: then it has no figures. What nothing records, and what no rule compares, takes only the vouching. */
export const isSilent = ({ verdict, reasons }: Judgement): boolean =>
  verdict === "unknown" && reasons.every(({ code }) => code !== "unwatched" && code !== "uncompared");

/** Age of something, never below zero: a clock that runs ahead makes nothing young. */
export const ageMs = (since: Instant, now: Instant): number => Math.max(0, now - since);

/** How a zone is doing: the first that holds, worst first. Silence is unknown, never ok; only a fresh proof of a breach outranks it. */
export function zoneVerdict(facts: ZoneFacts, now: Instant): Judgement {
  const silent = facts.sources.filter((source) => !isFresh(source.observedAt, now));
  const fresh = facts.sources.filter((source) => isFresh(source.observedAt, now));
  if (!isFresh(facts.judgedAt, now) || fresh.length === 0)
    return { verdict: "unknown", reasons: [{ code: "no_fresh_observation" }], silent };

  const breach = breachReasons(facts, fresh, now);
  const unseen: Reason[] = silent.length > 0 ? [{ code: "source_silent", sources: silent.map((source) => source.sourceId) }] : [];
  if (breach.length > 0) return { verdict: "breached", reasons: [...breach, ...unseen], silent };
  if (silent.length > 0) return { verdict: "unknown", reasons: unseen, silent };

  const risk = riskReasons(facts, now);
  if (risk.length > 0) return { verdict: "at_risk", reasons: risk, silent };
  const converging = convergingReasons(facts, now);
  if (converging.length > 0) return { verdict: "converging", reasons: converging, silent };
  // What is watched agrees; of what nobody watches nobody can say so.
  const unvouched = unvouchedReasons(facts);
  if (unvouched.length > 0) return { verdict: "unknown", reasons: unvouched, silent };
  return { verdict: "healthy", reasons: [], silent };
}

function breachReasons(facts: ZoneFacts, fresh: SourceFacts[], now: Instant): Reason[] {
  const reasons: Reason[] = [];
  // A fact that lies with none of the zone's sources (a saga's) is proven only while nothing is silent.
  const whole = fresh.length === facts.sources.length && facts.oldest !== null ? [facts.oldest.since] : [];
  const proven = [...fresh.flatMap((source) => source.oldestSince ?? []), ...whole];
  const oldestMs = Math.max(0, ...proven.map((since) => ageMs(since, now)));
  if (oldestMs > facts.windowMs) reasons.push({ code: "past_window", ageMs: oldestMs });
  if (facts.compensationsFailedN > 0) reasons.push({ code: "compensation_failed", n: facts.compensationsFailedN });
  if (facts.compensationsLateN > 0) reasons.push({ code: "compensation_late", n: facts.compensationsLateN });
  return reasons;
}

function riskReasons(facts: ZoneFacts, now: Instant): Reason[] {
  const reasons: Reason[] = [];
  const age = facts.oldest === null ? 0 : ageMs(facts.oldest.since, now);
  if (age > facts.windowMs * facts.atRiskRatio) reasons.push({ code: "age_at_risk", ageMs: age });
  if (facts.parkedN > 0) reasons.push({ code: "parked", n: facts.parkedN });
  if (facts.awaitsPersonN > 0) reasons.push({ code: "awaits_person", n: facts.awaitsPersonN });
  const growth = facts.oldestAgeMsMinuteAgo === null ? 0 : age - facts.oldestAgeMsMinuteAgo;
  if (growth > 0 && age + growth > facts.windowMs)
    reasons.push({ code: "trend", inMs: ((facts.windowMs - age) / growth) * limits.forecastMs });
  return reasons;
}

function convergingReasons(facts: ZoneFacts, now: Instant): Reason[] {
  const reasons: Reason[] = [];
  const age = facts.oldest === null ? 0 : ageMs(facts.oldest.since, now);
  if (age > facts.windowMs * limits.convergingRatio) reasons.push({ code: "age_converging", ageMs: age });
  const { usualKeysN } = facts;
  if (usualKeysN !== null && facts.keysN > 2 * usualKeysN && facts.keysN - usualKeysN > limits.waitingAboveUsual)
    reasons.push({ code: "more_waiting", n: facts.keysN, usualN: usualKeysN });
  return reasons;
}

/** Whether something of a zone is watched or compared by nobody, however well the rest is seen. */
export const isUnvouched = (facts: ZoneFacts): boolean => unvouchedReasons(facts).length > 0;

function unvouchedReasons({ uncompared = [], unwatched = [] }: ZoneFacts): Reason[] {
  const reasons: Reason[] = [];
  if (uncompared[0]) reasons.push({ code: "uncompared", n: uncompared.length, first: uncompared[0] });
  if (unwatched[0]) reasons.push({ code: "unwatched", n: unwatched.length, first: unwatched[0] });
  return reasons;
}

/** Worst first; ties by share of the window used. */
export function worstFirst(a: { verdict: Verdict; windowShare: number }, b: { verdict: Verdict; windowShare: number }): number {
  return verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict) || b.windowShare - a.windowShare;
}

/** One letter a minute in the 60-minute strip; `.` is a minute without a judgement. */
export const verdictLetter: Record<Verdict, string> = {
  breached: "b",
  at_risk: "r",
  unknown: "u",
  converging: "c",
  healthy: "h",
};
