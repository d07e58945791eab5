import type { Ctx } from "../context";
import { readContracts } from "../contracts/service";
import { noZone } from "../contracts/words";
import { canRead, zoneFilter } from "../permissions";
import { Refusal } from "../refusal";
import type { AlertsInput } from "./input";
import {
  countCalling,
  countOpenAlerts,
  type StoredAlert,
  selectAlert,
  selectEvaluatedAt,
  selectOpenAlerts,
  selectPastAlerts,
  selectUnknown,
} from "./read.sql";
import { alertRows, silenceRows, tagsOf } from "./rows";
import { selectPastSilences, selectSilences } from "./silence.sql";
import { type AlertsView, type BellView, OPEN_MAX } from "./views";

const PAGE = 50;
const PAST_SILENCES = 20;
const BELL_N = 5;

/** Alerts of the actor's zones: what is open, or a page of what is over; with who is told nothing, and what cannot be evaluated. */
export async function listAlerts(ctx: Ctx, { zone, state, after }: AlertsInput): Promise<AlertsView> {
  if (zone !== undefined && !canRead(ctx.actor, zone)) throw noZone();
  const scope = zone === undefined ? zoneFilter(ctx.actor) : [zone];
  const [contracts, silences, past, unknown, counts] = await Promise.all([
    readContracts(ctx.db),
    selectSilences(ctx.db, ctx.now),
    selectPastSilences(ctx.db, scope, ctx.now, PAST_SILENCES),
    selectUnknown(ctx.db, scope),
    countOpenAlerts(ctx.db, scope),
  ]);
  const [at, id] = (after ?? "").split("-").map(Number);
  const place = after === undefined ? null : { at: at!, id: id! };
  const stored =
    state === "open" ? await selectOpenAlerts(ctx.db, scope, OPEN_MAX) : await selectPastAlerts(ctx.db, scope, place, PAGE + 1);
  const page = state === "open" ? stored : stored.slice(0, PAGE);
  const last = state === "past" && stored.length > PAGE ? page.at(-1)! : null;
  const zoneIds = contracts.map(({ zoneId }) => zoneId).filter((zoneId) => canRead(ctx.actor, zoneId));
  const evaluatedAt = await selectEvaluatedAt(ctx.db, zone === undefined ? zoneIds : [zone]);
  const tags = await tagsOf(ctx, [...zoneIds, ...unknown.map(({ zoneId }) => zoneId)]);
  const own = silences.filter(({ zoneId }) => zoneId === null || scope === null || scope.includes(zoneId));
  return {
    now: ctx.now,
    alerts: await alertRows(ctx, page, { contracts, silences }),
    counts,
    evaluatedAt,
    unknown: unknown.map(({ zoneId, ...one }) => ({ zone: tags(zoneId), ...one })),
    silences: await silenceRows(ctx, [...own, ...past]),
    zones: zoneIds.map(tags),
    after: last && `${last.clearedAt}-${last.alertId}`,
  };
}

/** The same for an alert that is not there and for one in other people's zones. */
export async function visibleAlert(ctx: Ctx, alertId: number): Promise<StoredAlert> {
  const stored = await selectAlert(ctx.db, alertId);
  if (!stored || !canRead(ctx.actor, stored.zoneId))
    throw new Refusal("not_found", `There is no alert ${alertId}, or it is not in your zones.`);
  return stored;
}

/** What is raised in the actor's zones and nobody took, unless nobody is told of it: what every screen's bell shows. */
export async function readBell(ctx: Ctx): Promise<BellView> {
  const [contracts, silences, open, calling] = await Promise.all([
    readContracts(ctx.db),
    selectSilences(ctx.db, ctx.now),
    selectOpenAlerts(ctx.db, zoneFilter(ctx.actor), OPEN_MAX),
    countCalling(ctx.db, zoneFilter(ctx.actor), ctx.now),
  ]);
  const rows = await alertRows(
    ctx,
    open.filter(({ state, inhibitedBy }) => state === "raised" && inhibitedBy === null),
    { contracts, silences },
  );
  const told = rows.filter(({ silenced }) => silenced === null);
  return { now: ctx.now, raisedN: calling.reduce((sum, { n }) => sum + n, 0), first: told.slice(0, BELL_N) };
}
