import { type StoredAlert, selectOpenAlerts } from "../alerts/read.sql";
import { alertRows } from "../alerts/rows";
import { selectSilences } from "../alerts/silence.sql";
import { OPEN_MAX } from "../alerts/views";
import { selectChannels, selectRoutes } from "../channels/sql";
import type { Ctx } from "../context";
import { readContracts } from "../contracts/service";
import { can, zoneFilter } from "../permissions";
import { wasPaged } from "./paged.rules";
import { selectToldOf } from "./read.sql";
import { channelsFor } from "./routing.rules";
import type { PagedView } from "./views";

/** What somebody was paged for who looks, and nobody took yet: of several their own first, then what stands for longest. */
export async function readPaged(ctx: Ctx): Promise<PagedView> {
  const [open, contracts, silences] = await Promise.all([
    selectOpenAlerts(ctx.db, zoneFilter(ctx.actor), OPEN_MAX),
    readContracts(ctx.db),
    selectSilences(ctx.db, ctx.now),
  ]);
  const theirs = open.filter(
    ({ state, severity, inhibitedBy, zoneId }) =>
      state === "raised" && severity === "page" && inhibitedBy === null && can(ctx.actor, "alert.acknowledge", [zoneId]).ok,
  );
  if (theirs.length === 0) return { now: ctx.now, paged: null, moreN: 0 };
  const [told, channels, { routes }] = await Promise.all([
    selectToldOf(
      ctx.db,
      theirs.map(({ alertId }) => alertId),
    ),
    selectChannels(ctx.db),
    selectRoutes(ctx.db),
  ]);
  const rows = await alertRows(ctx, theirs, { contracts, silences });
  const named = channels.filter(({ settings }) => !settings.heartbeat).map(({ name }) => name);
  const found = theirs.flatMap((stored, i) => {
    const page = told.find(({ alertId }) => alertId === stored.alertId);
    if (!page || rows[i]!.silenced !== null) return [];
    const { owner = "", onCall = null } = contracts.find(({ zoneId }) => zoneId === stored.zoneId)?.accountability ?? {};
    const readers = channels.flatMap(({ name, settings }) =>
      settings.kind === "email" && page.channels.includes(name) ? settings.target.split(", ") : [],
    );
    const me = ctx.actor.kind === "operator" && wasPaged(ctx.actor, [owner, onCall?.team ?? ""], readers);
    const next = nextOf(stored, owner, { routes, channels: named });
    return [{ alert: rows[i]!, me, whom: onCall?.team ?? owner, at: page.at, through: page.channels, next }];
  });
  return { now: ctx.now, paged: found.find(({ me }) => me) ?? found[0] ?? null, moreN: Math.max(0, found.length - 1) };
}

/** Whom it is told further, and when, while nobody takes it. */
function nextOf(
  { zoneId, severity, notify, level, escalateAt }: StoredAlert,
  owner: string,
  world: Parameters<typeof channelsFor>[3],
): { at: number; to: string[] } | null {
  if (escalateAt === null) return null;
  return { at: escalateAt, to: channelsFor({ zoneId, owner, severity, notify }, level + 1, escalateAt, world) };
}
