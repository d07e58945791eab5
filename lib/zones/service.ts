import type { Ctx } from "../context";
import { readConfigurationReports, readContractTab } from "../contracts/service";
import { noZone } from "../contracts/words";
import { countOpenGroups } from "../dead-letters/sql";
import type { UnresolvedReason } from "../facts/rules";
import { canRead, zoneFilter } from "../permissions";
import { selectSourceStatuses } from "../sources/read.sql";
import { sourcesInScope } from "../sources/reading";
import { sourceState } from "../sources/rules";
import { days, type Instant, minutes } from "../time";
import { isSilent, type Verdict, verdictLetter, verdictOfCode, verdicts } from "../verdicts/rules";
import { contractPanel, peopleOf, runbooksOf } from "./contract-panel";
import { happened } from "./happened-words";
import { askingOf, judgedZones, rowOf } from "./judged";
import { selectOpenKeys } from "./keys.sql";
import { marksOf } from "./marks";
import { overviewSentence } from "./overview-words";
import { runbookRequests } from "./runbook-requests";
import { countOutside, selectChanges, selectMinutes } from "./sql";
import type { Freshness, ZoneKeysView, ZonesView, ZoneView } from "./views";
import { causesOf, zoneSentence } from "./words";

/** Every zone that the actor may see, worst first, with the last hour: what the overview shows. Small reads, whatever the history. */
export async function readZones(ctx: Ctx): Promise<ZonesView> {
  const scope = zoneFilter(ctx.actor);
  const [zones, freshness, groupsN] = await Promise.all([judgedZones(ctx), readFreshness(ctx), countOpenGroups(ctx.db, scope)]);
  const letters = await lettersOf(
    ctx,
    zones.map((zone) => zone.zoneId),
  );
  const counts = Object.fromEntries(
    verdicts.map((verdict) => [verdict, zones.filter((zone) => zone.judgement.verdict === verdict).length]),
  ) as Record<Verdict, number>;
  return {
    now: ctx.now,
    asking: { ...askingOf(zones), groupsN },
    sentence: overviewSentence(zones, ctx.now),
    counts,
    zones: zones.map((zone) => rowOf(zone, ctx.now)),
    history: {
      from: letters.from,
      to: letters.to,
      zones: zones.map((zone) => ({ zoneId: zone.zoneId, title: zone.title, letters: letters.of(zone.zoneId) })),
      marks: await marksOf(ctx, scope, letters.from, ctx.now),
    },
    freshness,
    noContractN: canRead(ctx.actor, null) ? await countOutside(ctx.db) : 0,
  };
}

/** One zone: sentence, keys by age, what is wrong now, its contract, and what happened. */
export async function readZone(ctx: Ctx, { zoneId }: { zoneId: string }): Promise<ZoneView> {
  const zone = (await judgedZones(ctx)).find((one) => one.zoneId === zoneId);
  if (!zone) throw noZone();
  const [freshness, tab, statuses, changes, marks] = await Promise.all([
    readFreshness(ctx),
    readContractTab(ctx, { zoneId }),
    selectSourceStatuses(ctx.db),
    selectChanges(ctx.db, zoneId, ctx.now - days(1), 200),
    marksOf(ctx, [zoneId], ctx.now - days(1), ctx.now),
  ]);
  const causes = causesOf(zone, ctx.now);
  const since = tab.applications.find((application) => application.revision !== null)?.at ?? ctx.now;
  return {
    now: ctx.now,
    zone: rowOf(zone, ctx.now),
    sentence: zoneSentence(zone, ctx.now),
    keysByAge: isSilent(zone.judgement) ? null : (zone.status?.keysByAge ?? null),
    causes,
    contract: { ...contractPanel(zone.contract, statuses, ctx.now), revision: tab.revision, since },
    people: peopleOf(zone.contract),
    runbooks: runbooksOf(zone.contract, runbookRequests(zone.contract, zone, statuses, ctx.now)),
    happened: happened(changes, marks),
    freshness,
  };
}

const KEYS_PAGE = 100;

/** The unresolved keys of a zone, the oldest first, with what keeps each from converging: the rows behind its numbers. */
export async function readZoneKeys(
  ctx: Ctx,
  { zoneId, ...page }: { zoneId: string; reason: UnresolvedReason | null; after: { place: number; key: string } | null },
): Promise<ZoneKeysView> {
  const zone = (await judgedZones(ctx)).find((one) => one.zoneId === zoneId);
  if (!zone) throw noZone();
  const [found, statuses, tab] = await Promise.all([
    selectOpenKeys(ctx.db, zoneId, page, KEYS_PAGE + 1),
    selectSourceStatuses(ctx.db),
    readContractTab(ctx, { zoneId }),
  ]);
  const serviceOf = (sourceId: string) => statuses.find((status) => status.sourceId === sourceId)?.service ?? sourceId;
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
    const code = worst.get(zoneId)?.get(at / minutes(1));
    return code === undefined ? "." : verdictLetter[verdictOfCode(code)];
  };
  return {
    from,
    to,
    of: (zoneId: string) => Array.from({ length: 60 }, (_, i) => letter(zoneId, from + i * minutes(1))).join(""),
  };
}

/** How fresh everything is: the oldest good poll among the sources that are up, how many are, and whether configuration is sound. */
export async function readFreshness(ctx: Ctx): Promise<Freshness> {
  const [statuses, reports] = await Promise.all([sourcesInScope(ctx), readConfigurationReports(ctx)]);
  const live = statuses.filter((status) => sourceState(status, ctx.now) === "live");
  const newest = statuses.map((status) => status.observedAt).filter((at) => at !== null);
  return {
    asOf:
      live.length > 0 ? Math.min(...live.map((status) => status.observedAt!)) : newest.length > 0 ? Math.max(...newest) : null,
    sourcesUp: live.length,
    sourcesAll: statuses.length,
    configurationProblemsN: reports.filter((report) => report.live && (!report.ok || report.differs)).length,
  };
}
