import type { Ctx } from "../context";
import { canRead } from "../permissions";
import { Refusal } from "../refusal";
import { errorTitle, letterRecords } from "../sources/abilities-words";
import { selectSources } from "../sources/read.sql";
import { hours, type Instant, minutes } from "../time";
import { zoneTags } from "../verdicts/service";
import { originShort } from "./origin-words";
import { selectProducers } from "./origins.sql";
import { selectRoutesTo } from "./regrouping/sql";
import { regroupedOf } from "./regrouping/words";
import { growthPerMinute } from "./rules";
import { type StoredGroup, selectArrivals, selectBusy, selectGroup } from "./sql";
import { triageOf } from "./triage/reading";
import type { GroupRow, ZoneTag } from "./views";

/** A group that stands in a zone of the actor's; any other is refused as if it were not there. */
export async function visibleGroup(ctx: Ctx, groupId: number) {
  const stored = await selectGroup(ctx.db, groupId);
  const seen =
    stored && (stored.zones.length === 0 ? canRead(ctx.actor, null) : stored.zones.some((zone) => canRead(ctx.actor, zone)));
  if (!seen) throw new Refusal("not_found", "There is no such group, or it is not in your zones.");
  return stored;
}

/** Groups as rows of a list, with their last hour and the zones that the actor may see. */
export async function rowsOf(
  ctx: Ctx,
  stored: readonly (StoredGroup & { matchedN?: number; matchedMore?: boolean })[],
): Promise<GroupRow[]> {
  const ids = stored.map((group) => group.groupId);
  const zoneIds = [...new Set(stored.flatMap((group) => group.zones))].filter((zone) => canRead(ctx.actor, zone));
  const [arrivals, held, tags, producers, sources, triage, routes] = await Promise.all([
    selectArrivals(ctx.db, ids, 60, ctx.now - hours(1)),
    selectBusy(ctx.db, ids),
    zoneTags(ctx.db, zoneIds, ctx.now),
    selectProducers(ctx.db, ids, zoneIds),
    selectSources(ctx.db),
    triageOf(ctx.db, ids, ctx.now),
    selectRoutesTo(ctx.db, ids),
  ]);
  return stored.map((group) => {
    const series = minuteSeries(
      arrivals.filter((arrival) => arrival.groupId === group.groupId),
      ctx.now,
    );
    const source = sources.find(({ sourceId }) => sourceId === group.sourceId);
    const records = source ? letterRecords(source) : null;
    const began = producers.find(({ groupId }) => groupId === group.groupId);
    return {
      groupId: String(group.groupId),
      sourceId: group.sourceId,
      consumer: group.consumer,
      eventType: group.eventType,
      errorType: errorTitle(group.errorType, group.template, records),
      template: group.template,
      cause: group.cause,
      origin: began && group.openN > 0 ? originShort({ ...began.producer, service: began.service }) : null,
      versions: Object.entries(group.versions)
        // One that nobody told is no version.
        .filter(([version]) => version !== "")
        .map(([version, openN]) => ({ version, openN }))
        .sort((a, b) => b.openN - a.openN),
      zones: group.zones.flatMap((zone) => tags.filter((tag) => tag.zoneId === zone)) satisfies ZoneTag[],
      openN: group.openN,
      matchedN: group.matchedN === undefined || group.matchedN === group.openN ? null : group.matchedN,
      matchedMore: group.matchedMore ?? false,
      ...(held.get(group.groupId) ?? { busyN: 0, askedN: 0 }),
      arrivals: series.map(({ n }) => n),
      growingPerMinute: growthPerMinute(series, group, ctx.now),
      firstAt: group.firstAt,
      lastAt: group.lastAt,
      oldestOccurredAt: null,
      records,
      triage: triage(group.groupId),
      regrouped: regroupedOf(routes.filter(({ toId }) => toId === group.groupId)),
    };
  });
}

/** The last hour by the minute, with a zero where nothing was parked. */
export function minuteSeries(arrivals: readonly { bucket: Instant; n: number }[], now: Instant): { at: Instant; n: number }[] {
  const last = Math.floor(now / minutes(1)) * minutes(1);
  const byBucket = new Map(arrivals.map(({ bucket, n }) => [bucket, n]));
  return Array.from({ length: 60 }, (_, i) => {
    const at = last - (59 - i) * minutes(1);
    return { at, n: byBucket.get(at) ?? 0 };
  });
}
