import { countByZone } from "../cases/read.sql";
import type { Ctx } from "../context";
import type { Contract } from "../contracts/rules";
import { readConfigurationReports, readContracts, readContractTab } from "../contracts/service";
import { lagSeries } from "../lag/service";
import { selectOperationMarks } from "../operations/read.sql";
import { canRead, zoneFilter } from "../permissions";
import { Refusal } from "../refusal";
import { selectHoldMarks } from "../sagas/holds.sql";
import { selectCompensationSeries } from "../sagas/read.sql";
import { selectLooks } from "../sources/read.sql";
import { sourceState } from "../sources/rules";
import { selectDeploys } from "../sources/sql";
import { days, hours, type Instant, minutes } from "../time";
import { counted } from "../words";
import { contractPanel, peopleOf, runbooksOf } from "./contract-panel";
import { selectOpenKeys } from "./keys.sql";
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
import { countOutside, type StatusRow, selectChanges, selectMinutes, selectSamples, selectStatuses } from "./sql";
import type { ChartRange, Freshness, Mark, ZoneChartsView, ZoneKeysView, ZoneRow, ZonesView, ZoneView } from "./views";
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

const rangeMs: Record<ChartRange, number> = {
  "30m": minutes(30),
  "1h": hours(1),
  "6h": hours(6),
  "24h": hours(24),
  "7d": days(7),
};

/** A zone's charts over a range; every series on the same steps, so that one crosshair reads them all. */
export async function readZoneCharts(
  ctx: Ctx,
  { zoneId, range }: { zoneId: string; range: ChartRange },
): Promise<ZoneChartsView> {
  const contract = canRead(ctx.actor, zoneId) ? (await readContracts(ctx.db)).find((one) => one.zoneId === zoneId) : undefined;
  if (!contract) throw noZone();
  const span = rangeMs[range];
  const lags = await lagSeries(ctx.db, zoneId, ctx.now - span, ctx.now);
  const { stepMs } = lags;
  const from = lags.series.processing[0]?.at ?? ctx.now - span;
  const level = stepMs < minutes(1) ? 10 : stepMs < minutes(5) ? 60 : stepMs < hours(1) ? 300 : 3_600;
  const [samples, compensations, marks] = await Promise.all([
    selectSamples(ctx.db, [zoneId], level, from, ctx.now),
    selectCompensationSeries(ctx.db, zoneId, from, ctx.now),
    marksOf(ctx, [zoneId], from, ctx.now),
  ]);
  const steps = lags.series.processing.map(({ at }) => at);
  const place = (at: Instant) => Math.floor((at - from) / stepMs);
  const worst = (key: "oldestMs" | "parkedN" | "missingN" | "unexpectedN" | "mismatchN" | "duplicateN") => {
    const values: (number | null)[] = steps.map(() => null);
    for (const sample of samples) {
      const i = place(sample.at);
      // A judged span with nothing open is zero; a span that nobody judged stays a gap.
      const value = key === "oldestMs" && sample.oldestMs === null ? 0 : sample[key];
      if (i >= 0 && i < values.length && value !== null) values[i] = Math.max(values[i] ?? 0, value);
    }
    return values;
  };
  const oldest = worst("oldestMs");
  const parked = worst("parkedN");
  const diverged = {
    missing: worst("missingN"),
    unexpected: worst("unexpectedN"),
    mismatch: worst("mismatchN"),
    duplicate: worst("duplicateN"),
  };
  const barMs = Math.max(minutes(1), stepMs);
  return {
    from,
    to: ctx.now,
    stepMs,
    windowMs: contract.expectation.windowMs,
    processing: lags.series.processing,
    publish: lags.series.publish,
    oldest: steps.map((at, i) => ({ at, ageMs: oldest[i] ?? null })),
    parked: steps.map((at, i) => ({ at, n: parked[i] ?? null })),
    divergences: steps.map((at, i) => ({
      at,
      missing: diverged.missing[i] ?? null,
      unexpected: diverged.unexpected[i] ?? null,
      mismatch: diverged.mismatch[i] ?? null,
      duplicate: diverged.duplicate[i] ?? null,
    })),
    compensations: bars(compensations, from, ctx.now, barMs),
    compensationStepMs: barMs,
    marks,
  };
}

function bars(counts: readonly { at: Instant; ok: number; failed: number }[], from: Instant, to: Instant, stepMs: number) {
  const start = Math.floor(from / stepMs) * stepMs;
  const list = Array.from({ length: Math.ceil((to - start) / stepMs) }, (_, i) => ({ at: start + i * stepMs, ok: 0, failed: 0 }));
  for (const count of counts) {
    const bar = list[Math.floor((count.at - start) / stepMs)];
    if (!bar) continue;
    bar.ok += count.ok;
    bar.failed += count.failed;
  }
  return list;
}

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

/** Deploys and operators' acts in some zones; null is all. */
async function marksOf(ctx: Ctx, zones: string[] | null, from: Instant, to: Instant): Promise<Mark[]> {
  const [deploys, operations, holds] = await Promise.all([
    selectDeploys(ctx.db, from, to),
    selectOperationMarks(ctx.db, zones, from, to),
    selectHoldMarks(ctx.db, zones, from, to),
  ]);
  const consumers = zones === null ? null : await consumersOf(ctx, zones);
  return [
    ...deploys
      .filter((deploy) => consumers === null || consumers.has(deploy.consumer))
      .map((deploy): Mark => ({ at: deploy.at, kind: deploy.kind, label: `${deploy.consumer} ${deploy.version}` })),
    ...operations.map(
      (operation): Mark => ({
        at: operation.at,
        kind: "operator",
        label: `${operation.kind}, ${operation.itemsN.toLocaleString("en-US")} by ${operation.by}`,
        href: `/operations/${operation.operationId}`,
      }),
    ),
    ...holds.map(
      ({ at, kind, sagasN, by }): Mark => ({ at, kind: "operator", label: `${kind}, ${counted(sagasN, "saga")} by ${by}` }),
    ),
  ].sort((a, b) => a.at - b.at);
}

/** Who produces or reads the events of some zones, by the names that deploys have. */
export async function consumersOf(ctx: Ctx, zones: readonly string[]): Promise<Set<string>> {
  const [contracts, looks] = await Promise.all([readContracts(ctx.db), selectLooks(ctx.db)]);
  const events = contracts.filter((contract) => zones.includes(contract.zoneId)).flatMap((contract) => contract.semantics.events);
  const producers = new Set(events.map((event) => event.from));
  return new Set([
    ...events.flatMap((event) => event.to),
    ...looks.filter((look) => producers.has(look.sourceId)).map((look) => look.service),
  ]);
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
