import type { MessageKind } from "@/lib/channels/message.rules";
import type { AcknowledgeWay, ChannelKind, Route } from "@/lib/channels/rules";
import type { NotificationState } from "@/lib/notifications/rules";
import type { AlertLinkView, ChannelHealth, ChannelRow } from "@/lib/notifications/views";
import { counted, listed, type Part, plain, strong } from "@/lib/words";

export const kindWord: Record<ChannelKind, string> = {
  webhook: "Webhook",
  slack: "Slack",
  teams: "Microsoft Teams",
  pagerduty: "PagerDuty",
  alertmanager: "Alertmanager",
  email: "E-mail",
  exec: "Program",
};
export const acknowledgeWord: Record<AcknowledgeWay, string> = {
  sign_in: "after signing in",
  by_link: "whoever holds the link",
  off: "no links",
};
export const healthWord: Record<ChannelHealth, string> = {
  stumbles: "the last one failed",
  works: "gets through",
  failing: "does not get through",
  unused: "not used yet",
};
const tones = { works: "ok", stumbles: "risk", failing: "breach", unused: undefined } as const;
export const healthTone = (health: ChannelHealth) => tones[health];
export const stateWord: Record<NotificationState, string> = {
  waiting: "waits",
  sent: "told",
  dead: "given up",
  grouped: "told as a number",
};
export const stepWord: Record<MessageKind, string> = {
  raised: "raised",
  escalated: "told further",
  acknowledged: "taken",
  cleared: "cleared",
  more: "many at once",
  channel: "a channel",
  digest: "digest",
  test: "test",
};

/** Whether alerts reach anybody: `Alerts are told through 3 channels, and all of them get through.` */
export function channelsSentence(channels: readonly ChannelRow[]): Part[] {
  const told = channels.filter(({ heartbeat }) => !heartbeat);
  const failing = channels.filter(({ health }) => health === "failing");
  const dead = channels.reduce((sum, { deadN }) => sum + deadN, 0);
  if (told.length === 0) return [strong("Nobody is told of alerts"), plain(": accord.yaml has no channel.")];
  const gave = dead === 0 ? "" : ` ${counted(dead, "message")} ${dead === 1 ? "was" : "were"} given up.`;
  const begin = `Alerts are told through ${counted(told.length, "channel")}`;
  if (failing.length > 0)
    return [
      strong(`${listed(failing.map(({ name }) => name))} ${failing.length === 1 ? "does" : "do"} not get through.`),
      plain(gave),
    ];
  const stumbling = channels.filter(({ health }) => health === "stumbles").map(({ name }) => name);
  if (stumbling.length > 0) return [strong(begin), plain(`; ${listed(stumbling)} did not take the last message.${gave}`)];
  const fresh = told.every(({ health }) => health === "unused");
  return [strong(begin), plain(fresh ? `, not used yet.${gave}` : `, and none of them fails.${gave}`)];
}

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

/** What a route is for: `Pages of sales, mon and tue, 09:00 to 17:00 (Europe/Berlin)`. */
export function routeWords({ zones, owners, severity, days, hours, timeZone }: Route): string {
  const what = severity === null ? "Everything" : severity === "page" ? "Pages" : "Tickets";
  const of = [...zones, ...owners.map((owner) => `${owner}’s zones`)];
  const when = [
    ...(days.length === 0 ? [] : [listed(days)]),
    ...(hours === null ? [] : [`${clock(hours.from)} to ${clock(hours.to)}`]),
  ];
  const zone = when.length === 0 ? "" : `, ${when.join(", ")} (${timeZone})`;
  return `${what}${of.length === 0 ? "" : ` of ${listed(of)}`}${zone}`;
}

/** Whom it is told further: `then pager, then mail`. */
export const stepsWords = ({ escalate }: Pick<Route, "escalate">): string =>
  escalate.map((step) => `then ${step.join(", ")}`).join(", ");

/** What the page of a link says. */
export const linkPageWords = {
  none: "There is no link here. Open it from the message once more.",
  signIn: "Who acknowledges is written down, so this channel’s links ask who you are.",
  as: ({ as, channel }: Pick<AlertLinkView, "as" | "channel">): string =>
    as === null ? `Nobody is asked who they are: it is recorded as the link told to ${channel}.` : `It is recorded as ${as}.`,
  left: (reader: string): string => `${reader} is sent no digests any more. An administrator of Accord can undo that.`,
  alertsStay: "Alerts that are told to this address go on.",
  taken: (by: string): string => `Acknowledged by ${by}: nobody is told further.`,
};
