import type { MessageKind } from "../channels/message.rules";
import { counted, listed } from "../words";

const before: Partial<Record<MessageKind, string>> = {
  escalated: "Nobody took it: ",
  acknowledged: "Taken: ",
  cleared: "Cleared: ",
};

/** What an alert's message is called: `Cleared: Order Commitment: A source is silent (orders)`. */
export const alertTitle = (kind: MessageKind, zone: string, condition: string, about: string): string =>
  `${before[kind] ?? ""}${zone}: ${condition}${about === "" ? "" : ` (${about})`}`;

/** What a message says that stands for many. */
export const moreWords = (steps: readonly { kind: string; zone: string; n: number }[], perMinute: number) => {
  const total = steps.reduce((sum, { n }) => sum + n, 0);
  const zones = new Map<string, number>();
  for (const { zone, n } of steps) zones.set(zone, (zones.get(zone) ?? 0) + n);
  const most = [...zones].sort((a, b) => b[1] - a[1]);
  const named = most.slice(0, 5).map(([zone, n]) => `${n.toLocaleString("en-US")} of ${zone}`);
  const rest = most.length > 5 ? [`${most.length - 5} zones more`] : [];
  return {
    title: `${counted(total, "step of alerts", "more steps of alerts")}`,
    sentence: `More happened than this channel is told in a minute (${perMinute}): ${listed([...named, ...rest])}. They are told by this message alone.`,
  };
};

export const channelWords = {
  fails: (name: string) => `The channel ${name} does not get through`,
  failing: (name: string, words: string, waiting: number): string =>
    `${name} ${words}. ${waiting === 0 ? "Nothing else waits for it." : `${counted(waiting, "message")} wait for it, and are sent again until they get through.`}`,
  works: (name: string) => `The channel ${name} gets through again`,
  working: (name: string) => `${name} takes messages again; what waited for it is sent now.`,
};

export const testWords = {
  title: "A test of this channel",
  sentence: (by: string) => `${by} asked for it: alerts of this installation are told here.`,
};
