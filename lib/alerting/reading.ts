import { burnSpans } from "../alerts/condition.rules";
import { NEWS_MS, readingOf } from "../alerts/reading.rules";
import { selectCounts, selectGroupNews, selectGrowth, selectReasons } from "../alerts/reading.sql";
import type { Reading } from "../alerts/rules";
import { watchedConditions } from "../alerts/watched";
import type { Contract } from "../contracts/rules";
import type { Db } from "../db/pool";
import { promisedOf, readFigures } from "../objectives/figures";
import { selectRules } from "../reconciliation/rule.sql";
import type { Instant } from "../time";
import { selectStatuses } from "../zones/sql";

const byReason = new Set(["unpublished", "undelivered", "held"]);

/** The readings of all zones that were ever judged, each question asked once for all of them. */
export async function readZones(
  db: Db,
  contracts: readonly Contract[],
  at: Instant,
): Promise<{ zoneId: string; reading: Reading }[]> {
  const zoneIds = contracts.map(({ zoneId }) => zoneId);
  const asked = contracts
    .filter((contract) => watchedConditions(contract).some(({ condition }) => byReason.has(condition.metric)))
    .map(({ zoneId }) => zoneId);
  const [statuses, counts, news, growth, reasons, rules, promises] = await Promise.all([
    selectStatuses(db, zoneIds),
    selectCounts(db, zoneIds, at),
    selectGroupNews(db, at - NEWS_MS),
    selectGrowth(db, at),
    selectReasons(db, asked),
    selectRules(db, zoneIds),
    readFigures(db, contracts, at, (contract) => burnSpans(watchedConditions(contract).map(({ condition }) => condition))),
  ]);
  const own = <T extends { zoneId: string }>(list: readonly T[], zoneId: string) => list.filter((one) => one.zoneId === zoneId);
  return contracts.flatMap((contract) => {
    const { zoneId } = contract;
    const status = statuses.find((one) => one.zoneId === zoneId);
    if (!status) return [];
    const { facts, figures, causes } = status;
    const reading = readingOf(
      {
        contract,
        facts,
        figures,
        growing: own(growth, zoneId),
        counts: counts.find((one) => one.zoneId === zoneId)!,
        news: own(news, zoneId),
        reasons: asked.includes(zoneId) ? own(reasons, zoneId) : null,
        rules: own(rules, zoneId).map(({ rule, ranAt, coveredAt, authorityN }) => {
          const differs = causes.divergences.find((cause) => cause.rule === rule);
          return { ranAt, coveredAt, authorityN, openN: differs?.openN ?? 0, mass: differs?.mass ?? null };
        }),
        promised: promisedOf(promises.get(zoneId)!),
      },
      at,
    );
    return [{ zoneId, reading }];
  });
}
