import { z } from "zod";
import { messageKinds } from "@/lib/channels/message.rules";
import { acknowledgeWays, channelKinds, weekdays } from "@/lib/channels/rules";
import { notificationStates } from "@/lib/notifications/rules";
import { channelHealths } from "@/lib/notifications/views";
import { count, cursor, instant, instantOrNull, textOrNull } from "./common";

const channel = z.strictObject({
  name: z.string(),
  kind: z.enum(channelKinds),
  heartbeat: z.boolean(),
  health: z.enum(channelHealths),
  lastSentAt: instantOrNull,
  lastFailedAt: instantOrNull,
  failingSince: instantOrNull,
  lastWords: textOrNull,
  heartbeatAt: instantOrNull,
  waitingN: count,
  deadN: count,
  settings: z
    .strictObject({
      ...{ target: z.string(), perMinute: count, timeoutMs: z.number(), allow: z.array(z.string()) },
      acknowledge: z.enum(acknowledgeWays),
      left: z.array(z.strictObject({ reader: z.string(), at: instant })),
    })
    .nullable(),
});
const route = z.strictObject({
  zones: z.array(z.string()),
  owners: z.array(z.string()),
  severity: z.enum(["page", "ticket"]).nullable(),
  days: z.array(z.enum(weekdays)),
  hours: z.strictObject({ from: count, to: count }).nullable(),
  timeZone: z.string(),
  to: z.array(z.string()),
  escalate: z.array(z.array(z.string())),
});
export const channels = z.strictObject({ now: instant, channels: z.array(channel), routes: z.array(route) });
export const trouble = z.strictObject({
  now: instant,
  failing: z.array(z.strictObject({ name: z.string(), since: instant, words: textOrNull })),
  deadN: count,
});
const notification = z.strictObject({
  notificationId: z.string(),
  channel: z.string(),
  kind: z.enum(messageKinds),
  title: z.string(),
  zoneId: textOrNull,
  alertId: textOrNull,
  urgent: z.boolean(),
  state: z.enum(notificationStates),
  createdAt: instant,
  attempts: count,
  attemptedAt: instantOrNull,
  nextAt: instant,
  sentAt: instantOrNull,
  words: textOrNull,
});
export const notifications = z.strictObject({ now: instant, notifications: z.array(notification), after: cursor });
export const oneNotification = notification.extend({ now: instant });
export const asked = z.strictObject({ notificationId: z.string() });
export const retried = z.strictObject({ notificationId: z.string(), state: z.string() });
export const rejoined = z.strictObject({ channel: z.string(), reader: z.string() });
