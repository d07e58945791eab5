import type { AlertMetric, Contract } from "../contracts/rules";
import type { UnresolvedReason } from "../facts/rules";
import type { Instant } from "../time";
import { minutes } from "../time";
import { isSilent, limits as verdictLimits, type ZoneFacts, zoneVerdict } from "../verdicts/rules";
import type { Cause, Reading } from "./rules";

/** How long a group counts as new, or as just come back. */
export const NEWS_MS = minutes(15);

/** What conditions ask for beside what a judgement keeps. */
export type Counts = { zoneId: string; cases: number; casesOverdue: number; mutedN: number };

export type GroupNews = { zoneId: string; groupId: number; isNew: boolean; isBack: boolean };

export type ReasonCount = { zoneId: string; reason: UnresolvedReason; n: number };

/** What of reconciliation a condition asks for. */
export type RuleProgress = {
  ranAt: Instant | null;
  /** When it last compared every key: a run that was stopped since nearly all differs did not. */
  coveredAt: Instant | null;
  authorityN: number | null;
  /** Open divergences; what differs and may still converge by itself is none. */
  openN: number;
  /** More differed than is read key by key: at least so many of so many. */
  mass: { n: number; ofN: number } | null;
};

/** What the promise as a figure says of a zone: parts of one, and burns by span; null where nothing measures it. */
export type Promised = { converged: number | null; left: number | null; burns: Record<string, number> };

/** Everything that a zone's reading is made from. */
export type Seen = {
  contract: Contract;
  facts: ZoneFacts;
  figures: { publishLagMsP95: number | null; processingLagMsP95: number | null; sagasOverdueN?: number };
  growing: { groupId: number; perMinute: number }[];
  counts: Omit<Counts, "zoneId">;
  news: Omit<GroupNews, "zoneId">[];
  reasons: Omit<ReasonCount, "zoneId">[] | null;
  rules: RuleProgress[];
  promised: Promised | null;
};

type Unknown = NonNullable<Reading["unknown"]>;
const seenOnlyWhole: AlertMetric[] = [
  "oldest_unresolved",
  "unresolved",
  "divergences",
  "unpublished",
  "undelivered",
  "held",
  "parked",
];

/** A zone's figures as conditions read them. What a silent source would say is at least what is known; what nobody sees is unknown. */
export function readingOf(seen: Seen, at: Instant): Reading {
  const { facts, counts } = seen;
  const judgement = zoneVerdict(facts, at);
  const { sources, unseen } = silence(facts, at);
  const unknown: Unknown = {};
  const values: NonNullable<Reading["values"]> = {
    unresolved: facts.keysN,
    divergences: Object.values(facts.divergences).reduce((sum, n) => sum + n, 0),
    parked: Math.max(0, facts.parkedN - counts.mutedN),
    compensations_failed: facts.compensationsFailedN,
    compensations_late: facts.compensationsLateN,
    cases: counts.cases,
    cases_overdue: counts.casesOverdue,
    breached: Number(judgement.verdict === "breached"),
    at_risk: Number(judgement.verdict === "at_risk" || judgement.verdict === "breached"),
    ...sagaCount(seen, unknown),
    ...reasonCounts(seen, unknown),
    ...lagsOf(seen, unknown),
    ...ruleFigures(seen, unknown),
    ...promisedFigures(seen, unknown),
  };
  if (isSilent(judgement)) for (const metric of ["breached", "at_risk"] as const) unknown[metric] = "unseen";
  const silent = unseen === null ? {} : { atLeast: seenOnlyWhole };
  return compact({
    at,
    values,
    since: { ...sinceOf(facts), ...(unseen === null ? {} : { silence: unseen }), ...coverageSince(seen) },
    ...silent,
    unknown,
    causes: { sources_silent: sources, ...groupCauses(seen) },
    ...(seen.promised ? { burns: seen.promised.burns } : {}),
  });
}

const sinceOf = ({ oldest }: ZoneFacts): NonNullable<Reading["since"]> =>
  oldest === null ? {} : { oldest_unresolved: oldest.since };

/** The sources that have told nothing for longer than a look takes, and since when the quietest of them. */
function silence({ sources, judgedAt }: ZoneFacts, at: Instant): { sources: Cause[]; unseen: Instant | null } {
  const quiet = sources
    .map(({ sourceId, observedAt }) => ({ id: sourceId, from: observedAt ?? judgedAt ?? at, never: observedAt === null }))
    .filter(({ from, never }) => never || at - from > verdictLimits.observationAgeMsMax);
  return {
    sources: quiet.map(({ id }) => ({ id, value: 1 })),
    unseen: quiet.length === 0 ? null : Math.min(...quiet.map(({ from }) => from)),
  };
}

function groupCauses({ news, growing }: Seen): NonNullable<Reading["causes"]> {
  const of = (groups: { groupId: number }[], value: (i: number) => number): Cause[] =>
    groups.map(({ groupId }, i) => ({ id: String(groupId), value: value(i) }));
  return {
    new_groups: of(
      news.filter(({ isNew }) => isNew),
      () => 1,
    ),
    regressions: of(
      news.filter(({ isBack }) => isBack),
      () => 1,
    ),
    group_growth: of(growing, (i) => growing[i]!.perMinute),
  };
}

function reasonCounts({ reasons }: Seen, unknown: Unknown) {
  const metrics = ["unpublished", "undelivered", "held"] as const;
  if (reasons === null) {
    for (const metric of metrics) unknown[metric] = "unasked";
    return {};
  }
  return Object.fromEntries(metrics.map((metric) => [metric, reasons.find(({ reason }) => reason === metric)?.n ?? 0]));
}

function sagaCount({ figures }: Seen, unknown: Unknown) {
  if (figures.sagasOverdueN === undefined) unknown.sagas_overdue = "unasked";
  return { sagas_overdue: figures.sagasOverdueN ?? 0 };
}

function lagsOf({ figures }: Seen, unknown: Unknown) {
  const lags = { publish_lag: figures.publishLagMsP95, processing_lag: figures.processingLagMsP95 };
  for (const [metric, value] of Object.entries(lags) as [keyof typeof lags, number | null][])
    if (value === null) unknown[metric] = "no_flow";
  return { publish_lag: lags.publish_lag ?? 0, processing_lag: lags.processing_lag ?? 0 };
}

function ruleFigures({ rules }: Seen, unknown: Unknown) {
  if (rules.length === 0) {
    unknown.match_rate = "no_rule";
    unknown.coverage_age = "no_rule";
    return {};
  }
  if (rules.some(({ coveredAt }) => coveredAt === null)) unknown.coverage_age = "not_run";
  if (rules.some(({ ranAt }) => ranAt === null)) {
    unknown.match_rate = "not_run";
    return {};
  }
  return { match_rate: Math.min(...rules.map(matchRate)) };
}

/** The part of an authority's keys that no open divergence is of. */
function matchRate({ authorityN, openN, mass }: RuleProgress): number {
  if (mass !== null) return 1 - mass.n / Math.max(1, mass.ofN);
  return authorityN ? Math.max(0, 1 - openN / authorityN) : Number(openN === 0);
}

const coverageSince = ({ rules }: Seen): NonNullable<Reading["since"]> => {
  const covered = rules.flatMap(({ coveredAt }) => (coveredAt === null ? [] : [coveredAt]));
  return covered.length === 0 || covered.length < rules.length ? {} : { coverage_age: Math.min(...covered) };
};

function promisedFigures({ contract, promised }: Seen, unknown: Unknown) {
  const why = contract.expectation.slo === null ? "no_promise" : "no_delivery";
  if (promised?.converged == null) unknown.converged = why;
  if (promised?.left == null) unknown.budget_left = why;
  return { converged: promised?.converged ?? 0, budget_left: promised?.left ?? 0 };
}

// Short where nothing is wrong: a day has 8,640 of them.
function compact({
  at,
  values,
  since,
  atLeast,
  unknown,
  causes,
  burns,
}: Required<Omit<Reading, "atLeast" | "burns">> & Reading): Reading {
  const filled = <T extends object>(name: string, record: T | undefined): Record<string, unknown> =>
    record === undefined || Object.keys(record).length === 0 ? {} : { [name]: record };
  const known = Object.fromEntries(
    Object.entries(values).filter(([metric, value]) => value !== 0 && unknown[metric as AlertMetric] === undefined),
  );
  const named = Object.fromEntries(Object.entries(causes).filter(([, list]) => list.length > 0));
  return {
    at,
    ...filled("values", known),
    ...filled("since", since),
    ...(atLeast ? { atLeast } : {}),
    ...filled("unknown", unknown),
    ...filled("causes", named),
    ...filled("burns", burns),
  };
}
