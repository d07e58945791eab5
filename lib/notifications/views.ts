import type { ChannelKind, Route } from "../channels/rules";
import type { Instant } from "../time";
import type { NotificationRow } from "./rules";

/** failing: again and again · stumbles: the last message did not get through · unused: nothing was ever sent. */
export const channelHealths = ["works", "stumbles", "failing", "unused"] as const;
export type ChannelHealth = (typeof channelHealths)[number];

export type ChannelRow = {
  name: string;
  kind: ChannelKind;
  heartbeat: boolean;
  health: ChannelHealth;
  lastSentAt: Instant | null;
  lastFailedAt: Instant | null;
  failingSince: Instant | null;
  lastWords: string | null;
  heartbeatAt: Instant | null;
  waitingN: number;
  deadN: number;
  /** For administrators; null for others. No secret stands here. */
  settings: { target: string; perMinute: number; timeoutMs: number; allow: string[] } | null;
};

export type ChannelsView = { now: Instant; channels: ChannelRow[]; routes: Route[] };
export type NotificationsView = { now: Instant; notifications: NotificationRow[]; after: string | null };

/** What of telling does not work, for every screen. */
export type TroubleView = { now: Instant; failing: { name: string; since: Instant; words: string | null }[]; deadN: number };
