import { expect, test } from "vitest";
import type { Route } from "@/lib/channels/rules";
import type { ChannelRow } from "@/lib/notifications/views";
import { textOf } from "@/lib/words";
import { channelsSentence, routeWords, stepsWords } from "./words";

const channel = (more: Partial<ChannelRow> = {}): ChannelRow => ({
  ...{ name: "chat", kind: "slack", heartbeat: false, health: "works", lastSentAt: 1, lastFailedAt: null, failingSince: null },
  ...{ lastWords: null, heartbeatAt: null, waitingN: 0, deadN: 0, settings: null },
  ...more,
});
const said = (...channels: ChannelRow[]) => textOf(channelsSentence(channels));

test("whether alerts reach anybody is one sentence", () => {
  expect(said()).toBe("Nobody is told of alerts: accord.yaml has no channel.");
  expect(said(channel({ heartbeat: true }))).toBe("Nobody is told of alerts: accord.yaml has no channel.");
  expect(said(channel({ health: "unused" }))).toBe("Alerts are told through 1 channel, not used yet.");
  expect(said(channel(), channel({ name: "mail", deadN: 2 }))).toBe(
    "Alerts are told through 2 channels, and none of them fails. 2 messages were given up.",
  );
  expect(said(channel({ health: "stumbles" }))).toBe("Alerts are told through 1 channel; chat did not take the last message.");
  expect(said(channel({ health: "failing" }), channel())).toBe("chat does not get through.");
});

test("a route says what it is for, and whom it is told further", () => {
  const route: Route = {
    zones: [],
    owners: [],
    severity: null,
    days: [],
    hours: null,
    timeZone: "UTC",
    to: ["mail"],
    escalate: [],
  };
  expect(routeWords(route)).toBe("Everything");
  expect(
    routeWords({
      ...route,
      severity: "page",
      owners: ["checkout"],
      days: ["sat", "sun"],
      hours: { from: 1_320, to: 360 },
      timeZone: "Europe/Berlin",
    }),
  ).toBe("Pages of checkout’s zones, sat and sun, 22:00 to 06:00 (Europe/Berlin)");
  expect(stepsWords({ escalate: [["pager", "chat"], ["mail"]] })).toBe("then pager, chat, then mail");
});
