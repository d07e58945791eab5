import type { Ctx } from "../context";
import { readCondition } from "../contracts/conditions";
import type { Contract } from "../contracts/rules";
import { selectSources } from "../sources/read.sql";
import type { Instant } from "../time";
import { zoneTags } from "../verdicts/service";
import type { ZoneTag } from "../verdicts/views";
import { type StoredAlert, selectGroupNames } from "./read.sql";
import { type Silence, silencedBy, silenceState } from "./silence.rules";
import type { AlertRow, SilenceRow } from "./views";
import { conditionWords, figureIn } from "./words";

type Known = { contracts: readonly Contract[]; silences: readonly Silence[] };

/** Alerts as screens have them: with what their zones, causes and silences are called. */
export async function alertRows(ctx: Ctx, stored: readonly StoredAlert[], { contracts, silences }: Known): Promise<AlertRow[]> {
  const [tags, names] = await Promise.all([
    tagsOf(
      ctx,
      stored.map(({ zoneId }) => zoneId),
    ),
    causeNames(ctx, stored),
  ]);
  return stored.map((one) => {
    const read = readCondition(one.condition);
    const windowMs = contracts.find(({ zoneId }) => zoneId === one.zoneId)?.expectation.windowMs ?? 0;
    const silence = one.state === "cleared" ? null : silencedBy(silences, one, ctx.now);
    return {
      alertId: String(one.alertId),
      zone: tags(one.zoneId),
      condition: one.condition,
      words: read.ok ? conditionWords(read.value, windowMs) : one.condition,
      cause: names(one),
      severity: one.severity,
      state: one.state,
      since: one.since,
      raisedAt: one.raisedAt,
      quietSince: one.quietSince,
      clearedAt: one.clearedAt,
      acknowledged: one.acknowledgedAt === null ? null : { at: one.acknowledgedAt, by: one.acknowledgedByName! },
      level: one.level,
      escalateAt: one.escalateAt,
      inhibitedBy: one.inhibitedBy === null ? null : String(one.inhibitedBy),
      previousId: one.previousId === null ? null : String(one.previousId),
      figure: read.ok ? figureIn(read.value, one.value) : null,
      notify: one.notify,
      silenced: silence && {
        silenceId: String(silence.silenceId),
        kind: silence.kind,
        until: silence.endsAt,
        by: silence.byName,
        reason: silence.reason,
      },
    };
  });
}

/** Silences as screens have them. */
export async function silenceRows(ctx: Ctx, silences: readonly Silence[]): Promise<SilenceRow[]> {
  const tags = await tagsOf(
    ctx,
    silences.flatMap(({ zoneId }) => zoneId ?? []),
  );
  return silences.map((one) => ({
    silenceId: String(one.silenceId),
    kind: one.kind,
    state: silenceState(one, ctx.now),
    zone: one.zoneId === null ? null : tags(one.zoneId),
    condition: one.condition,
    cause: one.cause,
    startsAt: one.startsAt,
    endsAt: one.endsAt,
    reason: one.reason,
    by: one.byName,
    createdAt: one.createdAt,
    endedAt: one.endedAt,
    endedBy: one.endedByName,
  }));
}

/** What zones are called; one that no contract has any more by its id. */
export async function tagsOf(
  ctx: Pick<Ctx, "db"> & { now: Instant },
  zoneIds: readonly string[],
): Promise<(zoneId: string) => ZoneTag> {
  const found = new Map((await zoneTags(ctx.db, [...new Set(zoneIds)], ctx.now)).map((tag) => [tag.zoneId, tag]));
  return (zoneId) => found.get(zoneId) ?? { zoneId, title: zoneId, verdict: "unknown" };
}

const isOfSource = ({ condition }: Pick<StoredAlert, "condition">): boolean => condition.startsWith("sources_silent");

async function causeNames(ctx: Ctx, stored: readonly StoredAlert[]): Promise<(one: StoredAlert) => AlertRow["cause"]> {
  const named = stored.filter(({ cause }) => cause !== "");
  if (named.length === 0) return () => null;
  const groups = named.filter((one) => !isOfSource(one) && /^\d{1,15}$/.test(one.cause)).map(({ cause }) => Number(cause));
  const [sources, names] = await Promise.all([selectSources(ctx.db), selectGroupNames(ctx.db, groups)]);
  const services = new Map(sources.map(({ sourceId, service }) => [sourceId, service]));
  const byGroup = new Map(names.map(({ groupId, errorType, consumer }) => [String(groupId), `${errorType} at ${consumer}`]));
  return (one) => {
    const { cause: id } = one;
    if (id === "") return null;
    return isOfSource(one)
      ? { id, name: services.get(id) ?? id, href: `/sources/${encodeURIComponent(id)}` }
      : { id, name: byGroup.get(id) ?? `group ${id}`, href: `/dead-letters/${encodeURIComponent(id)}` };
  };
}
