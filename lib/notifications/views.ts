import type { Severity } from "../alerts/rules";
import type { AlertRow } from "../alerts/views";
import type { AcknowledgeWay, ChannelKind, Route } from "../channels/rules";
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
  settings: {
    target: string;
    perMinute: number;
    timeoutMs: number;
    allow: string[];
    acknowledge: AcknowledgeWay;
    /** Who ended its digests. */
    left: { reader: string; at: Instant }[];
  } | null;
};

export type ChannelsView = { now: Instant; channels: ChannelRow[]; routes: Route[] };
export type NotificationsView = { now: Instant; notifications: NotificationRow[]; after: string | null };

/** What the page of a link that acknowledges shows: of the alert no more than its message told. */
export type AlertLinkView = {
  now: Instant;
  alertId: string;
  zone: string;
  /** The condition in words. */
  words: string;
  severity: Severity;
  raisedAt: Instant | null;
  channel: string;
  /** Somebody must sign in first. */
  signIn: boolean;
  /** As whom it is acknowledged; null where the link asks nobody who they are. */
  as: string | null;
  /** Why it does not acknowledge; null while it does. */
  why: string | null;
};

/** What somebody was paged for: the panel of a phone. `me`: whoever looks, by name; else `whom` is who was. */
export type PagedView = {
  now: Instant;
  paged: {
    alert: AlertRow;
    me: boolean;
    whom: string;
    at: Instant;
    through: string[];
    /** Whom it is told further while nobody takes it; null where nobody is. */
    next: { at: Instant; to: string[] } | null;
  } | null;
  moreN: number;
};

/** What the page of a link that ends digests shows. */
export type ReaderLinkView = { now: Instant; channel: string; reader: string; left: boolean };

/** What of telling does not work, for every screen. */
export type TroubleView = { now: Instant; failing: { name: string; since: Instant; words: string | null }[]; deadN: number };
