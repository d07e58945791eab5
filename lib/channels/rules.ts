import { minutes, seconds } from "../time";

export const channelKinds = ["webhook", "slack", "teams", "pagerduty", "alertmanager", "email", "exec"] as const;
export type ChannelKind = (typeof channelKinds)[number];

/** What may be the dead man's switch: what a person reads is not sent something each minute. */
export const heartbeatKinds: readonly ChannelKind[] = ["webhook", "alertmanager", "exec"];

/** Whom the link in a message lets acknowledge: somebody who signs in and may · whoever holds it · nobody, since there is none. */
export const acknowledgeWays = ["sign_in", "by_link", "off"] as const;
export type AcknowledgeWay = (typeof acknowledgeWays)[number];

export const channelLimits = {
  timeoutMs: seconds(10),
  /** Messages that one channel is sent in a minute, the one that says how many more there are among them. */
  perMinute: 30,
  /** So many failures in a row, and a channel counts as failing and is told of through another one. */
  failuresMax: 3,
  heartbeatMs: minutes(1),
} as const;

/** What every channel has. `to`: addresses of e-mail. `allow`: names of hosts, and networks that are not public. */
type Common = {
  name: string;
  heartbeat: boolean;
  perMinute: number;
  timeoutMs: number;
  allow: readonly string[];
  acknowledge: AcknowledgeWay;
};
export type HttpChannel = Common &
  (
    | { kind: "webhook"; url: string; secret: string | null; headers: Readonly<Record<string, string>> }
    | { kind: "slack" | "teams"; url: string }
    | { kind: "pagerduty"; url: string; routingKey: string }
    | { kind: "alertmanager"; url: string; headers: Readonly<Record<string, string>> }
  );
export type EmailChannel = Common & {
  kind: "email";
  smtp: string;
  tls: "require" | "disable";
  from: string;
  to: readonly string[];
};
export type ExecChannel = Common & { kind: "exec"; command: readonly string[] };

/** A channel as configured. Addresses and keys hold secrets: they stay in the worker's memory, never in a log, a screen or the store. */
export type ChannelConfig = HttpChannel | EmailChannel | ExecChannel;

/** A channel without what may hold secrets: what may be stored, hashed and shown. `target`: the host, the addresses or the program. */
export type PublicChannel = Common & { kind: ChannelKind; target: string };

export function publicChannel(channel: ChannelConfig): PublicChannel {
  const { name, kind, heartbeat, perMinute, timeoutMs, allow, acknowledge } = channel;
  return { name, kind, heartbeat, perMinute, timeoutMs, allow, acknowledge, target: targetOf(channel) };
}

function targetOf(channel: ChannelConfig): string {
  if (channel.kind === "email") return channel.to.join(", ");
  if (channel.kind === "exec") return channel.command[0]!;
  return new URL(channel.url).host;
}

/** Monday is 0. */
export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof weekdays)[number];

/** A span of the day in minutes since midnight; one that ends before it begins goes on into the next day. */
export type Hours = { from: number; to: number };

/** Which alerts are told to whom, and whom further while nobody takes them. Empty lists, and null, are no limit. */
export type Route = {
  zones: string[];
  owners: string[];
  severity: "page" | "ticket" | null;
  days: Weekday[];
  hours: Hours | null;
  timeZone: string;
  to: string[];
  escalate: string[][];
};

/** What an owner is told regularly; `owner` null: of all zones. `on`: the day of a weekly one. */
export type Digest = {
  every: "day" | "week";
  on: Weekday;
  at: number;
  timeZone: string;
  owner: string | null;
  to: string[];
};

/** Whom Accord tells what, as it is in force: no secret stands here. */
export type Telling = { channels: PublicChannel[]; routes: Route[]; digests: Digest[] };
