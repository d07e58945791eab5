import type { Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import type { Db } from "../db/pool";
import { lagTrends } from "../lag/service";
import { contractMap } from "../observation/rules";
import { divergenceCauses } from "../reconciliation/causes";
import type { Kind } from "../reconciliation/rules";
import { sagaCauses } from "../sagas/causes";
import { selectCompensationCounts } from "../sagas/read.sql";
import { selectSagaFigures } from "../sagas/sql";
import { selectRecentCounts } from "../sources/counts.sql";
import { selectLooks } from "../sources/read.sql";
import { days, type Instant, minutes, seconds } from "../time";
import { keysByAge } from "./ages";
import { selectParkedCauses, selectWaitingCauses } from "./causes.sql";
import { withPace } from "./pace";
import { odditiesOf, remarkSpans, remarksOf } from "./remarks";
import { verdicts, type ZoneFacts, zoneVerdict } from "./rules";
import {
  countParked,
  deleteOldChanges,
  type NewStatus,
  rollUpSamples,
  selectAges,
  selectBefore,
  selectOldest,
  selectSourceAges,
  upsertStatuses,
} from "./sql";

/** Judges every zone from what is known now, and stores verdict, figures and causes for the screens. Reads the store only. */
export async function judgeZones(db: Db, now: Instant = Date.now()): Promise<void> {
  const contracts = await readContracts(db);
  if (contracts.length === 0) return;
  const zoneIds = contracts.map((contract) => contract.zoneId);
  const looks = await selectLooks(db);
  const map = contractMap(contracts, looks);
  const pairs = looks.flatMap(({ sourceId }) => map.zonesOfSource(sourceId).map((zoneId) => ({ zoneId, sourceId })));
  const [ages, oldest, parked, before, sagas, compensations, lags, bars, causes, news, habits, diverged] = await Promise.all([
    selectSourceAges(db, pairs),
    selectOldest(db, zoneIds),
    countParked(db),
    selectBefore(db, zoneIds, now),
    selectSagaFigures(db, now),
    selectCompensationCounts(db, now - days(1)),
    lagTrends(db, zoneIds, now),
    selectAges(
      db,
      contracts.map(({ zoneId, expectation }) => ({ zoneId, barMs: keysByAge.shape(expectation.windowMs).barMs })),
      now,
      keysByAge.bars,
    ),
    selectCauses(db, contracts, now),
    selectRecentCounts(db, now - remarkSpans.newsMs),
    selectRecentCounts(db, now - remarkSpans.habitMs),
    divergenceCauses(db, contracts, looks),
  ]);
  const counted = { news, habits, looks, map, now };
  const of = <T extends { zoneId: string }>(list: readonly T[], zoneId: string) => list.find((row) => row.zoneId === zoneId);
  const statuses: NewStatus[] = [];
  for (const contract of contracts) {
    const { zoneId } = contract;
    const saga = of(sagas, zoneId);
    const ended = of(compensations, zoneId);
    const first = of(oldest, zoneId);
    const keys = keysByAge.fill(
      keysByAge.shape(contract.expectation.windowMs),
      bars.filter((bar) => bar.zoneId === zoneId),
    );
    const divergences = diverged.get(zoneId) ?? [];
    const ofKind = (kind: Kind) => divergences.reduce((sum, cause) => sum + cause.byKind[kind], 0);
    const facts: ZoneFacts = {
      windowMs: contract.expectation.windowMs,
      atRiskRatio: contract.expectation.atRisk,
      judgedAt: now,
      sources: ages.filter((age) => age.zoneId === zoneId).map(({ zoneId: _, ...source }) => source),
      oldest: first ? { since: first.since, key: first.key, reason: first.reason } : null,
      oldestAgeMsMinuteAgo: of(before, zoneId)?.oldestMsMinuteAgo ?? null,
      keysN: keys.insideN + keys.passingN + keys.pastN,
      usualKeysN: of(before, zoneId)?.usualKeysN ?? null,
      parkedN: of(parked, zoneId)?.n ?? 0,
      divergences: {
        missing: ofKind("missing"),
        unexpected: ofKind("unexpected"),
        mismatch: ofKind("mismatch"),
        duplicate: ofKind("duplicate"),
      },
      awaitsPersonN: divergences.reduce((sum, cause) => sum + (cause.repair === "case" ? cause.openN : 0), 0),
      compensationsFailedN: saga?.failedN ?? 0,
      compensationsLateN: saga?.lateN ?? 0,
    };
    const judgement = zoneVerdict(facts, now);
    const lag = lags.get(zoneId)!;
    statuses.push({
      zoneId,
      verdict: judgement.verdict,
      verdictPlace: verdicts.indexOf(judgement.verdict),
      reasons: judgement.reasons,
      facts,
      figures: {
        publishLagMsP95: lag.publish.p95,
        processingLagMsP95: lag.processing.p95,
        publishTrend: lag.publish.trend,
        processingTrend: lag.processing.trend,
        sagasStuckN: saga?.stuckN ?? 0,
        compensatingN: saga?.compensatingN ?? 0,
        compensationsOk24h: ended?.ok ?? 0,
        compensationsFailed24h: ended?.failed ?? 0,
        lastHour: odditiesOf(zoneId, counted),
      },
      keysByAge: { ...keys, oldestKey: first?.key ?? null },
      causes: {
        parked: causes.parked.filter((cause) => cause.zoneId === zoneId).map(({ zoneId: _, ...cause }) => cause),
        waiting: causes.waiting.filter((cause) => cause.zoneId === zoneId).map(({ zoneId: _, ...cause }) => cause),
        sagas: causes.sagas.filter((cause) => cause.zoneId === zoneId).map(({ zoneId: _, ...cause }) => cause),
        remarks: remarksOf(zoneId, counted),
        divergences: divergences.filter((cause) => cause.keysN > 0 || cause.mass !== null),
        at: now,
      },
    });
  }
  await upsertStatuses(db, statuses, now);
}

async function selectCauses(db: Db, contracts: readonly Contract[], now: Instant) {
  // Younger than this is work under way, not a cause.
  const beforeOf = (windowMs: number) => now - Math.min(seconds(10), windowMs * 0.2);
  const [parked, waiting, sagas] = await Promise.all([
    selectParkedCauses(
      db,
      contracts.map((contract) => contract.zoneId),
      now,
    ),
    selectWaitingCauses(
      db,
      contracts.map(({ zoneId, expectation }) => ({ zoneId, before: beforeOf(expectation.windowMs) })),
    ),
    sagaCauses(db, contracts, now),
  ]);
  return { parked, waiting: await withPace(db, waiting, now), sagas };
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
