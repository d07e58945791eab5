import type { Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import type { Db } from "../db/pool";
import { templateOf } from "../dead-letters/fingerprint";
import { lagTrends } from "../lag/service";
import { contractMap } from "../observation/rules";
import { selectCompensationCounts, selectSagaCauses, selectSagaFigures } from "../sagas/sql";
import { selectSources } from "../sources/read.sql";
import { days, type Instant, minutes, seconds } from "../time";
import { keysByAge } from "./ages";
import { selectParkedCauses, selectWaitingCauses } from "./causes.sql";
import { verdicts, type ZoneFacts, zoneVerdict } from "./rules";
import { countParked, rollUpSamples, selectAges, selectBefore, selectOldest, selectSourceAges, upsertStatus } from "./sql";

/** Judges every zone from what is known now, and stores verdict, figures and causes for the screens. Reads the store only. */
export async function judgeZones(db: Db, now: Instant = Date.now()): Promise<void> {
  const contracts = await readContracts(db);
  if (contracts.length === 0) return;
  const zoneIds = contracts.map((contract) => contract.zoneId);
  const sources = await selectSources(db);
  const map = contractMap(contracts, sources);
  const pairs = sources.flatMap(({ sourceId }) => map.zonesOfSource(sourceId).map((zoneId) => ({ zoneId, sourceId })));
  const [ages, oldest, parked, before, sagas, compensations, lags] = await Promise.all([
    selectSourceAges(db, pairs),
    selectOldest(db, zoneIds),
    countParked(db),
    selectBefore(db, zoneIds, now),
    selectSagaFigures(db, now),
    selectCompensationCounts(db, now - days(1)),
    lagTrends(db, zoneIds, now),
  ]);
  const of = <T extends { zoneId: string }>(list: readonly T[], zoneId: string) => list.find((row) => row.zoneId === zoneId);
  for (const contract of contracts) {
    const { zoneId } = contract;
    const saga = of(sagas, zoneId);
    const ended = of(compensations, zoneId);
    const first = of(oldest, zoneId);
    const ages24 = await agesOf(db, contract, now);
    const facts: ZoneFacts = {
      windowMs: contract.expectation.windowMs,
      atRiskRatio: contract.expectation.atRisk,
      judgedAt: now,
      sources: ages.filter((age) => age.zoneId === zoneId).map(({ zoneId: _, ...source }) => source),
      oldest: first ? { since: first.since, key: first.key, reason: first.reason } : null,
      oldestAgeMsMinuteAgo: of(before, zoneId)?.oldestMsMinuteAgo ?? null,
      keysN: ages24.insideN + ages24.passingN + ages24.pastN,
      usualKeysN: of(before, zoneId)?.usualKeysN ?? null,
      parkedN: of(parked, zoneId)?.n ?? 0,
      compensationsFailedN: saga?.failedN ?? 0,
      compensationsLateN: saga?.lateN ?? 0,
    };
    const judgement = zoneVerdict(facts, now);
    const lag = lags.get(zoneId)!;
    await upsertStatus(
      db,
      {
        zoneId,
        verdict: judgement.verdict,
        judgedAt: now,
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
        },
        keysByAge: { ...ages24, oldestKey: first?.key ?? null },
        causes: await causesOf(db, contract, now),
      },
      verdicts.indexOf(judgement.verdict),
      judgement.reasons,
    );
  }
}

async function agesOf(db: Db, contract: Contract, now: Instant) {
  const shape = keysByAge.shape(contract.expectation.windowMs);
  return keysByAge.fill(shape, await selectAges(db, contract.zoneId, now, shape.barMs, keysByAge.bars));
}

async function causesOf(db: Db, { zoneId, expectation, masking }: Contract, now: Instant) {
  // Younger than this is work under way, not a cause.
  const before = now - Math.min(seconds(10), expectation.windowMs * 0.2);
  const [parked, waiting, sagas] = await Promise.all([
    selectParkedCauses(db, zoneId, now),
    selectWaitingCauses(db, zoneId, before),
    selectSagaCauses(db, zoneId, now),
  ]);
  // A saga's error comes without a payload that would tell what of it is masked: only its template may be shown.
  const told =
    masking.length === 0 ? sagas : sagas.map((saga) => ({ ...saga, errorMessage: templateOf(saga.errorMessage ?? "") || null }));
  return { parked, waiting, sagas: told, at: now };
}

/** Sums up the charts' samples of the last complete spans. */
export async function rollUpZones(db: Db, now: Instant): Promise<void> {
  const floor = (ms: number) => Math.floor(now / ms) * ms;
  await rollUpSamples(db, 10, 60, floor(minutes(1)) - minutes(5), now);
  await rollUpSamples(db, 60, 300, floor(minutes(5)) - minutes(20), now);
  await rollUpSamples(db, 300, 3_600, floor(minutes(60)) - minutes(120), now);
}
