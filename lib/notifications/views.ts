import type { MessageKind } from "../channels/message.rules";
import type { ChannelKind, Route } from "../channels/rules";
import type { Instant } from "../time";
import type { NotificationState } from "./rules";

export type NotificationRow = {
  notificationId: string;
  channel: string;
  kind: MessageKind;
  title: string;
  zoneId: string | null;
  /** Null: it is about no alert. */
  alertId: string | null;
  urgent: boolean;
  state: NotificationState;
  createdAt: Instant;
  attempts: number;
  attemptedAt: Instant | null;
  /** When it is sent again, while it waits. */
  nextAt: Instant;
  sentAt: Instant | null;
  /** What the channel last answered, as the end of a sentence that begins with its name. */
  words: string | null;
};

/** unused: nothing was ever sent. */
export type ChannelHealth = "works" | "failing" | "unused";

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
