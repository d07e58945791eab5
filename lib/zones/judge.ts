import { contractMap } from "../contracts/map.rules";
import type { Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import { watchedDeliveries } from "../contracts/watched.rules";
import type { Db } from "../db/pool";
import type { Kind } from "../facts/rules";
import { lagTrends } from "../lag/service";
import { selectRetrying } from "../operations/effects.sql";
import { divergenceCauses } from "../reconciliation/causes";
import { countOpen } from "../reconciliation/read.sql";
import { selectRules } from "../reconciliation/rule.sql";
import { selectCompensationCounts } from "../sagas/read.sql";
import { selectSagaFigures } from "../sagas/sql";
import { selectRecentCounts } from "../sources/counts.sql";
import { selectSourceStatuses } from "../sources/read.sql";
import { days, type Instant, minutes } from "../time";
import { verdictCodes, type ZoneFacts, zoneVerdict } from "../verdicts/rules";
import { keyAges } from "./ages";
import { keysByAge } from "./ages.rules";
import { anomaliesOf, anomalyCountsOf, anomalySpans } from "./anomalies";
import { selectCauses } from "./causes";
import { type Found, largestGroups, nothingFound } from "./found";
import { newsOf } from "./news.rules";
import type { FoundCauses } from "./rules";
import {
  deleteOldChanges,
  type NewStatus,
  rollUpSamples,
  selectBefore,
  selectOldest,
  selectSourceAges,
  upsertStatuses,
} from "./sql";
import { uncomparedRules, vouchedByRules } from "./vouching.rules";

/** Judges every zone from what is known now, and stores verdict, figures and causes for the screens. Reads the store only; what was found before and stands is not read again. */
export async function judgeZones(db: Db, now: Instant = Date.now(), found: Found = nothingFound()): Promise<void> {
  const contracts = await readContracts(db);
  if (contracts.length === 0) return;
  const known = await everythingKnown(db, contracts, found, now);
  const statuses = contracts.map((contract) => statusOf(contract, known, now));
  await upsertStatuses(db, statuses, now);
}

type Known = Awaited<ReturnType<typeof everythingKnown>>;

/** What the store says of all zones, each question asked once for all of them. */
async function everythingKnown(db: Db, contracts: readonly Contract[], found: Found, now: Instant) {
  const zoneIds = contracts.map((contract) => contract.zoneId);
  const sources = await selectSourceStatuses(db);
  const map = contractMap(contracts, sources);
  const pairs = sources.flatMap(({ sourceId }) => map.zonesOfSource(sourceId).map((zoneId) => ({ zoneId, sourceId })));
  const largest = await largestGroups(db, found, now);
  const windows = contracts.map(({ zoneId, expectation }) => ({ zoneId, windowMs: expectation.windowMs }));
  const [ages, oldest, before, sagas, compensations, lags, bars, causes, counts, retrying, differing, rules] = await Promise.all([
    selectSourceAges(db, pairs),
    selectOldest(db, zoneIds),
    selectBefore(db, zoneIds, now),
    selectSagaFigures(db, now),
    selectCompensationCounts(db, now - days(1)),
    lagTrends(db, zoneIds, now, found.trends),
    keyAges(db, windows, now, found.ages),
    selectCauses(db, { contracts, sources, largest, found, now }),
    selectRecentCounts(db, now - anomalySpans.newsMs, now - anomalySpans.habitMs),
    selectRetrying(db),
    countOpen(db),
    selectRules(db, zoneIds),
  ]);
  const tables = new Set(sources.filter(({ preset }) => preset === "tables").map(({ sourceId }) => sourceId));
  const counted = { news: counts.since, habits: counts.lately, sources, map, retrying, now };
  return {
    ages,
    oldest,
    largest,
    before,
    sagas,
    compensations,
    lags,
    bars,
    causes,
    counted,
    diverged: divergenceCauses(contracts, sources, differing, rules),
    rules,
    tables,
    statuses: sources,
  };
}

const of = <T extends { zoneId: string }>(list: readonly T[], zoneId: string) => list.find((row) => row.zoneId === zoneId);
const allOf = <T extends { zoneId: string }>(list: readonly T[], zoneId: string) =>
  list.filter((row) => row.zoneId === zoneId).map(({ zoneId: _, ...row }) => row);

function statusOf(contract: Contract, known: Known, now: Instant): NewStatus {
  const { zoneId } = contract;
  const { sagas, compensations, oldest, lags, counted } = known;
  const keys = keysByAge.fill(keysByAge.shape(contract.expectation.windowMs), known.bars.get(zoneId)!);
  const facts = factsOf(contract, known, keys.insideN + keys.passingN + keys.pastN, now);
  const judgement = zoneVerdict(facts, now);
  const lag = lags.get(zoneId)!;
  const saga = of(sagas, zoneId);
  const ended = of(compensations, zoneId);
  const figures = {
    publishLagMsP95: lag.publish.p95,
    processingLagMsP95: lag.processing.p95,
    publishTrend: lag.publish.trend,
    processingTrend: lag.processing.trend,
    sagasStuckN: saga?.stuckN ?? 0,
    sagasOverdueN: saga?.overdueN ?? 0,
    compensatingN: saga?.compensatingN ?? 0,
    compensationsOk24h: ended?.ok ?? 0,
    compensationsFailed24h: ended?.failed ?? 0,
    lastHour: anomalyCountsOf(zoneId, counted),
  };
  const found = { judgement, facts, figures, causes: causesOf(zoneId, known) };
  return {
    zoneId,
    verdict: judgement.verdict,
    verdictCode: verdictCodes[judgement.verdict],
    reasons: judgement.reasons,
    facts,
    figures,
    keysByAge: { ...keys, oldestKey: of(oldest, zoneId)?.key ?? null },
    causes: found.causes,
    storedDigest: of(known.before, zoneId)?.causesDigest ?? null,
    news: newsOf(found),
  };
}

const causesOf = (zoneId: string, { causes, counted, diverged }: Known): FoundCauses => ({
  parked: allOf(causes.parked, zoneId),
  waiting: allOf(causes.waiting, zoneId),
  missed: allOf(causes.missed, zoneId),
  sagas: allOf(causes.sagas, zoneId),
  anomalies: anomaliesOf(zoneId, counted),
  divergences: (diverged.get(zoneId) ?? []).filter((cause) => cause.keysN > 0 || cause.mass !== null),
});

/** What a verdict is made of. */
function factsOf(
  contract: Contract,
  { ages, oldest, before, largest, sagas, diverged, rules, tables, statuses }: Known,
  keysN: number,
  now: Instant,
): ZoneFacts {
  const { zoneId } = contract;
  const saga = of(sagas, zoneId);
  const first = of(oldest, zoneId);
  const divergences = diverged.get(zoneId) ?? [];
  const ofKind = (kind: Kind) => divergences.reduce((sum, cause) => sum + cause.byKind[kind], 0);
  const standing = allOf(rules, zoneId);
  const sources = vouchedByRules(allOf(ages, zoneId), tables, contract, standing, now);
  return {
    windowMs: contract.expectation.windowMs,
    atRiskRatio: contract.expectation.atRisk,
    judgedAt: now,
    sources,
    oldest: first ? { since: first.since, key: first.key, reason: first.reason } : null,
    oldestAgeMsMinuteAgo: of(before, zoneId)?.oldestMsMinuteAgo ?? null,
    keysN,
    usualKeysN: of(before, zoneId)?.usualKeysN ?? null,
    parkedN: of(largest, zoneId)?.parkedN ?? 0,
    divergences: {
      missing: ofKind("missing"),
      unexpected: ofKind("unexpected"),
      mismatch: ofKind("mismatch"),
      duplicate: ofKind("duplicate"),
    },
    awaitsPersonN: divergences.reduce((sum, cause) => sum + (cause.repair === "case" ? cause.openN : 0), 0),
    compensationsFailedN: saga?.failedN ?? 0,
    compensationsLateN: saga?.lateN ?? 0,
    unwatched: watchedDeliveries(contract, statuses).flatMap(({ by, eventType, consumer }) =>
      by === null ? [{ eventType, consumer }] : [],
    ),
    uncompared: uncomparedRules(sources, contract, standing, now),
  };
}

/** Sums up the charts' samples of the last complete spans. */
export async function rollUpZones(db: Db, now: Instant): Promise<void> {
  const floor = (ms: number) => Math.floor(now / ms) * ms;
  await rollUpSamples(db, 10, 60, floor(minutes(1)) - minutes(5), now);
  await rollUpSamples(db, 60, 300, floor(minutes(5)) - minutes(20), now);
  await rollUpSamples(db, 300, 3_600, floor(minutes(60)) - minutes(120), now);
}

/** Forgets changes of verdicts that no chart reaches back to. */
export const forgetVerdicts = (db: Db, now: Instant): Promise<number> => deleteOldChanges(db, now - days(400));
