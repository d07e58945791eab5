import { countCalling } from "../alerts/read.sql";
import { countByZone } from "../cases/read.sql";
import type { Ctx } from "../context";
import type { Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import { readObjectives } from "../objectives/service";
import type { ObjectiveRow } from "../objectives/views";
import { canRead, zoneFilter } from "../permissions";
import type { Instant } from "../time";
import { ageMs, isSilent, noDivergences, worstFirst, type ZoneFacts, zoneVerdict } from "../verdicts/rules";
import { type StatusRow, selectStatuses } from "./sql";
import type { Sum, ZoneRow, ZonesView } from "./views";
import { type Told, whyOf } from "./words";

type Judged = Told & { contract: Contract; status: StatusRow | null; casesN: number; alertsN: number; objective: ObjectiveRow };

/** Every zone that the actor may see, judged as of now, worst first. */
export async function judgedZones(ctx: Ctx): Promise<Judged[]> {
  const scope = zoneFilter(ctx.actor);
  const [contracts, statuses, cases, alerts] = await Promise.all([
    readContracts(ctx.db),
    selectStatuses(ctx.db, scope),
    countByZone(ctx.db, scope),
    countCalling(ctx.db, scope, ctx.now),
  ]);
  const seen = contracts.filter((contract) => canRead(ctx.actor, contract.zoneId));
  const objectives = await readObjectives(ctx, seen);
  const casesOf = new Map(cases.map(({ zoneId, n }) => [zoneId, n]));
  const alertsOf = new Map(alerts.map(({ zoneId, n }) => [zoneId, n]));
  const byId = new Map(statuses.map((status) => [status.zoneId, status]));
  const zones = seen.map((contract) => ({
    ...judgedOf(contract, byId.get(contract.zoneId) ?? null, ctx.now),
    casesN: casesOf.get(contract.zoneId) ?? 0,
    alertsN: alertsOf.get(contract.zoneId) ?? 0,
    objective: objectives.get(contract.zoneId)!,
  }));
  return zones.sort((a, b) =>
    worstFirst(
      { verdict: a.judgement.verdict, windowShare: shareOf(a, ctx.now) },
      { verdict: b.judgement.verdict, windowShare: shareOf(b, ctx.now) },
    ),
  );
}

function judgedOf(contract: Contract, status: StatusRow | null, now: Instant): Omit<Judged, "casesN" | "alertsN" | "objective"> {
  // What an older version of Accord judged lacks what this one counts, until it is judged again.
  const facts: ZoneFacts = {
    windowMs: contract.expectation.windowMs,
    atRiskRatio: contract.expectation.atRisk,
    judgedAt: null,
    sources: [],
    oldest: null,
    oldestAgeMsMinuteAgo: null,
    keysN: 0,
    usualKeysN: null,
    parkedN: 0,
    divergences: noDivergences,
    awaitsPersonN: 0,
    compensationsFailedN: 0,
    compensationsLateN: 0,
    ...status?.facts,
  };
  // Judged again as of now: a worker that died leaves its last verdict in the store, and no green screen.
  const judgement = zoneVerdict(facts, now);
  return {
    zoneId: contract.zoneId,
    title: contract.title,
    keyName: contract.businessKey.name,
    contract,
    status,
    facts,
    judgement,
    was: isSilent(judgement) ? (status?.wasVerdict ?? null) : null,
    causes: { parked: [], waiting: [], sagas: [], divergences: [], at: now, ...status?.causes },
  };
}

const shareOf = ({ facts }: Judged, now: Instant): number =>
  facts.oldest === null ? 0 : ageMs(facts.oldest.since, now) / facts.windowMs;

/** What of these zones asks for somebody, but for dead letters, of which a group may stand in several zones. */
export function askingOf(zones: readonly Judged[]): Omit<ZonesView["asking"], "groupsN"> {
  const known = zones.filter(isKnown);
  const sum = (of: (zone: Judged) => number): Sum => ({
    n: known.reduce((all, zone) => all + of(zone), 0),
    atLeast: known.length < zones.length,
  });
  return {
    casesN: zones.reduce((all, { casesN }) => all + casesN, 0),
    alertsN: zones.reduce((all, { alertsN }) => all + alertsN, 0),
    sagas: sum(sagasAskingN),
    divergences: sum(divergencesN),
  };
}

const isKnown = ({ status, judgement }: Judged): boolean => status !== null && !isSilent(judgement);
const sagasAskingN = ({ causes }: Judged): number => causes.sagas.reduce((all, cause) => all + cause.askingN, 0);
const divergencesN = ({ facts }: Judged): number => Object.values(facts.divergences).reduce((all, n) => all + n, 0);

/** A zone as a row of the overview; what is silent has no figures. */
export function rowOf(zone: Judged, now: Instant): ZoneRow {
  const { contract, facts, judgement, status } = zone;
  const known = isKnown(zone);
  const value = <T>(of: T): T | null => (known ? of : null);
  const figures = status?.figures;
  const observed = facts.sources.map((source) => source.observedAt);
  const ended = (figures?.compensationsOk24h ?? 0) + (figures?.compensationsFailed24h ?? 0);
  return {
    zoneId: zone.zoneId,
    title: zone.title,
    verdict: judgement.verdict,
    was: zone.was,
    silent: !known,
    verdictSince:
      status && status.verdict === judgement.verdict
        ? status.verdictSince
        : observed.reduce<number | null>((least, at) => (at === null ? least : Math.min(least ?? at, at)), null),
    class: contract.expectation.class,
    windowMs: facts.windowMs,
    atRiskRatio: facts.atRiskRatio,
    oldest: known && facts.oldest !== null ? { since: facts.oldest.since, key: facts.oldest.key } : null,
    shareOfWindow: known ? shareOf(zone, now) : 0,
    keysN: value(facts.keysN),
    parkedN: value(facts.parkedN),
    casesN: zone.casesN,
    alertsN: zone.alertsN,
    divergencesN: value(divergencesN(zone)),
    publishLagMsP95: value(figures?.publishLagMsP95 ?? null),
    processingLagMsP95: value(figures?.processingLagMsP95 ?? null),
    publishTrend: figures?.publishTrend ?? [],
    processingTrend: figures?.processingTrend ?? [],
    sagasAskingN: value(sagasAskingN(zone)),
    sagasStuckN: value(figures?.sagasStuckN ?? 0),
    compensatingN: value(figures?.compensatingN ?? 0),
    compensations: value({ ok: figures?.compensationsOk24h ?? 0, failed: ended - (figures?.compensationsOk24h ?? 0) }),
    objective: zone.objective,
    lastHour: value(figures?.lastHour ?? null),
    owner: contract.accountability.owner,
    onCall: contract.accountability.onCall?.team ?? null,
    why: whyOf(zone, now),
    observedAt: observed.includes(null) || observed.length === 0 ? null : Math.min(...(observed as number[])),
  };
}
