import { countByZone } from "../cases/read.sql";
import type { Ctx } from "../context";
import type { Contract } from "../contracts/rules";
import { readConfigurationReports, readContracts, readContractTab } from "../contracts/service";
import { canRead, zoneFilter } from "../permissions";
import { Refusal } from "../refusal";
import { selectLooks } from "../sources/read.sql";
import { sourceState } from "../sources/rules";
import { days, type Instant, minutes } from "../time";
import { contractPanel, peopleOf, runbooksOf } from "./contract-panel";
import { selectOpenKeys } from "./keys.sql";
import { marksOf } from "./marks";
import {
  ageMs,
  noDivergences,
  type UnresolvedReason,
  type Verdict,
  verdictLetter,
  verdicts,
  worstFirst,
  type ZoneFacts,
  zoneVerdict,
} from "./rules";
import { countOutside, type StatusRow, selectChanges, selectMinutes, selectStatuses } from "./sql";
import type { Freshness, Mark, ZoneKeysView, ZoneRow, ZonesView, ZoneView } from "./views";
import { causesOf, overviewSentence, type Told, whyOf, zoneSentence } from "./words";

type Judged = Told & { contract: Contract; status: StatusRow | null; casesN: number };

/** Every zone that the actor may see, worst first, with the last hour: what the overview shows. Small reads, whatever the history. */
export async function readZones(ctx: Ctx): Promise<ZonesView> {
  const [zones, freshness] = await Promise.all([judged(ctx), readFreshness(ctx)]);
  const letters = await lettersOf(
    ctx,
    zones.map((zone) => zone.zoneId),
  );
  const counts = Object.fromEntries(
    verdicts.map((verdict) => [verdict, zones.filter((zone) => zone.judgement.verdict === verdict).length]),
  ) as Record<Verdict, number>;
  return {
    now: ctx.now,
    sentence: overviewSentence(zones, ctx.now),
    counts,
    zones: zones.map((zone) => rowOf(zone, ctx.now)),
    history: {
      from: letters.from,
      to: letters.to,
      zones: zones.map((zone) => ({ zoneId: zone.zoneId, title: zone.title, letters: letters.of(zone.zoneId) })),
      marks: await marksOf(ctx, zoneFilter(ctx.actor), letters.from, ctx.now),
    },
    freshness,
    noContractN: canRead(ctx.actor, null) ? await countOutside(ctx.db) : 0,
  };
}

/** One zone: sentence, keys by age, what is wrong now, its contract, and what happened. */
export async function readZone(ctx: Ctx, { zoneId }: { zoneId: string }): Promise<ZoneView> {
  const zone = (await judged(ctx)).find((one) => one.zoneId === zoneId);
  if (!zone) throw noZone();
  const [freshness, tab, looks, changes, marks] = await Promise.all([
    readFreshness(ctx),
    readContractTab(ctx, { zoneId }),
    selectLooks(ctx.db),
    selectChanges(ctx.db, zoneId, ctx.now - days(1), 20),
    marksOf(ctx, [zoneId], ctx.now - days(1), ctx.now),
  ]);
  const causes = causesOf(zone, ctx.now);
  const since = tab.applications.find((application) => application.revision !== null)?.at ?? ctx.now;
  return {
    now: ctx.now,
    zone: rowOf(zone, ctx.now),
    sentence: zoneSentence(zone, ctx.now),
    keysByAge: zone.judgement.verdict === "unknown" ? null : (zone.status?.keysByAge ?? null),
    causes,
    contract: { ...contractPanel(zone.contract, looks, ctx.now), revision: tab.revision, since },
    people: peopleOf(zone.contract),
    runbooks: runbooksOf(zone.contract, causes),
    happened: [
      ...changes.map((change) => ({
        at: change.at,
        text: `${verdictPast[change.verdict]}${change.verdict === "breached" && change.oldestKey ? `, oldest ${change.oldestKey}` : ""}`,
        tone: change.verdict === "breached" ? ("breach" as const) : ("plain" as const),
        ...(change.verdict === "breached" && change.oldestKey && { href: `/keys/${encodeURIComponent(change.oldestKey)}` }),
      })),
      ...marks.map((mark) => ({
        at: mark.at,
        text: markText(mark),
        tone: "plain" as const,
        ...(mark.href ? { href: mark.href } : {}),
      })),
    ]
      .sort((a, b) => b.at - a.at)
      .slice(0, 20),
    freshness,
  };
}

const KEYS_PAGE = 100;

/** The unresolved keys of a zone, the oldest first, with what keeps each from converging: the rows behind its numbers. */
export async function readZoneKeys(
  ctx: Ctx,
  { zoneId, ...page }: { zoneId: string; reason: UnresolvedReason | null; after: { place: number; key: string } | null },
): Promise<ZoneKeysView> {
  const zone = (await judged(ctx)).find((one) => one.zoneId === zoneId);
  if (!zone) throw noZone();
  const [found, looks, tab] = await Promise.all([
    selectOpenKeys(ctx.db, zoneId, page, KEYS_PAGE + 1),
    selectLooks(ctx.db),
    readContractTab(ctx, { zoneId }),
  ]);
  const serviceOf = (sourceId: string) => looks.find((look) => look.sourceId === sourceId)?.service ?? sourceId;
  const keys = found.slice(0, KEYS_PAGE).map(({ place: _, ...key }) => ({
    ...key,
    facts: key.facts.map(({ reason, sourceId, consumer, eventType, since }) => ({
      reason,
      service: consumer || serviceOf(sourceId),
      eventType,
      since,
    })),
  }));
  const last = found.length > KEYS_PAGE ? found[KEYS_PAGE - 1]! : null;
  const row = rowOf(zone, ctx.now);
  return {
    now: ctx.now,
    title: zone.title,
    keyName: zone.keyName,
    windowMs: row.windowMs,
    revision: tab.revision,
    keysN: row.keysN,
    parkedN: row.parkedN,
    keys,
    after: last && `${last.place}-${last.key}`,
  };
}

/** A verdict that a zone came to. */
export const verdictPast: Record<Verdict, string> = {
  breached: "Breached",
  at_risk: "At risk",
  unknown: "No data",
  converging: "Converging",
  healthy: "Healthy",
};
const markText = (mark: Mark): string =>
  mark.kind === "operator" ? mark.label : mark.kind === "deploy" ? `${mark.label} deployed` : `rolled back to ${mark.label}`;

async function judged(ctx: Ctx): Promise<Judged[]> {
  const sight = zoneFilter(ctx.actor);
  const [contracts, statuses, cases] = await Promise.all([
    readContracts(ctx.db),
    selectStatuses(ctx.db, sight),
    countByZone(ctx.db, sight),
  ]);
  const casesOf = new Map(cases.map(({ zoneId, n }) => [zoneId, n]));
  const byId = new Map(statuses.map((status) => [status.zoneId, status]));
  const zones = contracts
    .filter((contract) => canRead(ctx.actor, contract.zoneId))
    .map((contract) => ({
      ...judgedOf(contract, byId.get(contract.zoneId) ?? null, ctx.now),
      casesN: casesOf.get(contract.zoneId) ?? 0,
    }));
  return zones.sort((a, b) =>
    worstFirst(
      { verdict: a.judgement.verdict, windowShare: shareOf(a, ctx.now) },
      { verdict: b.judgement.verdict, windowShare: shareOf(b, ctx.now) },
    ),
  );
}

function judgedOf(contract: Contract, status: StatusRow | null, now: Instant): Omit<Judged, "casesN"> {
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
    was: judgement.verdict === "unknown" ? (status?.wasVerdict ?? null) : null,
    causes: { parked: [], waiting: [], sagas: [], divergences: [], at: now, ...status?.causes },
  };
}

const shareOf = ({ facts }: Judged, now: Instant): number =>
  facts.oldest === null ? 0 : ageMs(facts.oldest.since, now) / facts.windowMs;

function rowOf(zone: Judged, now: Instant): ZoneRow {
  const { contract, facts, judgement, status } = zone;
  const known = status !== null && judgement.verdict !== "unknown";
  const value = <T>(of: T): T | null => (known ? of : null);
  const figures = status?.figures;
  const observed = facts.sources.map((source) => source.observedAt);
  const ended = (figures?.compensationsOk24h ?? 0) + (figures?.compensationsFailed24h ?? 0);
  return {
    zoneId: zone.zoneId,
    title: zone.title,
    verdict: judgement.verdict,
    was: zone.was,
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
    divergencesN: value(Object.values(facts.divergences).reduce((sum, n) => sum + n, 0)),
    publishLagMsP95: value(figures?.publishLagMsP95 ?? null),
    processingLagMsP95: value(figures?.processingLagMsP95 ?? null),
    publishTrend: figures?.publishTrend ?? [],
    processingTrend: figures?.processingTrend ?? [],
    sagasStuckN: value(figures?.sagasStuckN ?? 0),
    compensatingN: value(figures?.compensatingN ?? 0),
    compensations: value({ ok: figures?.compensationsOk24h ?? 0, failed: ended - (figures?.compensationsOk24h ?? 0) }),
    lastHour: value(figures?.lastHour ?? null),
    owner: contract.accountability.owner,
    onCall: contract.accountability.onCall?.team ?? null,
    why: whyOf(zone, now),
    observedAt: observed.includes(null) || observed.length === 0 ? null : Math.min(...(observed as number[])),
  };
}

async function lettersOf(ctx: Ctx, zoneIds: readonly string[]) {
  const to = Math.floor(ctx.now / minutes(1)) * minutes(1);
  const from = to - minutes(59);
  // The last minutes are not summed up yet.
  const stored = await selectMinutes(ctx.db, zoneIds, from, to + minutes(1), to - minutes(2));
  const worst = new Map(
    stored.map(({ zoneId, minutes: text }) => [
      zoneId,
      new Map(text.split(",").map((entry) => entry.split(":").map(Number) as [number, number])),
    ]),
  );
  const letter = (zoneId: string, at: Instant) => {
    const place = worst.get(zoneId)?.get(at / minutes(1));
    return place === undefined ? "." : verdictLetter[verdicts[place]!];
  };
  return {
    from,
    to,
    of: (zoneId: string) => Array.from({ length: 60 }, (_, i) => letter(zoneId, from + i * minutes(1))).join(""),
  };
}

/** How fresh everything is: the oldest good look among the sources that are up, how many are, and whether configuration is sound. */
export async function readFreshness(ctx: Ctx): Promise<Freshness> {
  const [looks, reports] = await Promise.all([selectLooks(ctx.db), readConfigurationReports(ctx)]);
  const live = looks.filter((look) => sourceState(look, ctx.now) === "live");
  const newest = looks.map((look) => look.observedAt).filter((at) => at !== null);
  return {
    asOf: live.length > 0 ? Math.min(...live.map((look) => look.observedAt!)) : newest.length > 0 ? Math.max(...newest) : null,
    sourcesUp: live.length,
    sourcesAll: looks.length,
    configurationProblemsN: reports.filter((report) => report.live && (!report.ok || report.differs)).length,
  };
}

export const noZone = () => new Refusal("not_found", "There is no such zone, or it is not among yours.");
