import { channelLimits } from "../channels/rules";
import { type ChannelState, selectChannels, selectRoutes } from "../channels/sql";
import type { Ctx } from "../context";
import { can, canRead, zoneFilter } from "../permissions";
import { Refusal } from "../refusal";
import type { NotificationsInput } from "./input";
import { type Left, selectLeft } from "./links.sql";
import { type Counted, countByChannel, selectNotification, selectNotifications } from "./read.sql";
import type { NotificationRow } from "./rules";
import type { ChannelHealth, ChannelRow, ChannelsView, NotificationsView, TroubleView } from "./views";

const PAGE = 50;

/** The channels in force and how they do; how they are set up for administrators, and for nobody what is secret. */
export async function readChannels(ctx: Ctx): Promise<ChannelsView> {
  const [channels, counted, { routes }, left] = await Promise.all([
    selectChannels(ctx.db),
    countByChannel(ctx.db),
    selectRoutes(ctx.db),
    selectLeft(ctx.db),
  ]);
  const mayKnow = can(ctx.actor, "channel.test", []).ok;
  const rows = channels.map((one) => rowOf(one, counted, mayKnow ? left : null));
  return { now: ctx.now, channels: rows, routes: mayKnow ? routes : [] };
}

/** `left` null: for whoever may not know how channels are set up. */
function rowOf(
  { settings, failuresN, ...state }: ChannelState,
  counted: readonly Counted[],
  left: readonly Left[] | null,
): ChannelRow {
  // What was put in force by a version that knew no such links asks who somebody is.
  const { kind, heartbeat, target, perMinute, timeoutMs, allow, acknowledge = "sign_in" } = settings;
  const ofThis = (left ?? []).filter(({ channel }) => channel === state.name).map(({ reader, at }) => ({ reader, at }));
  const { waitingN = 0, deadN = 0 } = counted.find(({ channel }) => channel === state.name) ?? {};
  return {
    ...{ ...state, kind, heartbeat, waitingN, deadN },
    health: healthOf({ failuresN, ...state }),
    settings: left === null ? null : { target, perMinute, timeoutMs, allow: [...allow], acknowledge, left: ofThis },
  };
}

function healthOf({ failuresN, lastSentAt }: Pick<ChannelState, "failuresN" | "lastSentAt">): ChannelHealth {
  if (failuresN > 0) return failuresN >= channelLimits.failuresMax ? "failing" : "stumbles";
  return lastSentAt === null ? "unused" : "works";
}

/** What of telling does not work: small, since every screen asks for it. */
export async function readChannelTrouble(ctx: Ctx): Promise<TroubleView> {
  const [channels, counted] = await Promise.all([selectChannels(ctx.db), countByChannel(ctx.db)]);
  const failing = channels.filter(({ failuresN }) => failuresN >= channelLimits.failuresMax);
  return {
    now: ctx.now,
    failing: failing.map(({ name, failingSince, lastWords }) => ({ name, since: failingSince!, words: lastWords })),
    deadN: counted.reduce((sum, { deadN }) => sum + deadN, 0),
  };
}

/** A page of messages in the actor's zones, the latest first. */
export async function listNotifications(ctx: Ctx, { channel, state, after }: NotificationsInput): Promise<NotificationsView> {
  const cut = after?.indexOf("-") ?? -1;
  const place = after === undefined ? null : { at: Number(after.slice(0, cut)), id: after.slice(cut + 1) };
  const found = await selectNotifications(ctx.db, { channel, state, zones: zoneFilter(ctx.actor), place }, PAGE + 1);
  const page = found.slice(0, PAGE);
  const last = found.length > PAGE ? page.at(-1)! : null;
  return { now: ctx.now, notifications: page, after: last && `${last.createdAt}-${last.notificationId}` };
}

/** One message: what became of it. The same for one that is not there and for one in other people's zones. */
export async function readNotification(
  ctx: Ctx,
  { notificationId }: { notificationId: string },
): Promise<NotificationRow & { now: number }> {
  const found = await selectNotification(ctx.db, notificationId);
  if (!found || !canRead(ctx.actor, found.zoneId))
    throw new Refusal("not_found", "There is no such message, or it is not in your zones.");
  return { now: ctx.now, ...found };
}
