import type { MessageKind } from "../channels/message.rules";
import type { CallAnswer } from "../platform/answer.rules";
import { days, type Instant, minutes, seconds } from "../time";

export const notificationStates = ["waiting", "sent", "dead", "grouped"] as const;
export type NotificationState = (typeof notificationStates)[number];

/** A message as the store has it and a screen shows it. */
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

export const notificationLimits = {
  /** Messages of one channel under way at once, each about something else. */
  atOnce: 8,
  /** What a send takes beyond its own time limit: the claim before it, and the note after. */
  notesMs: seconds(10),
  /** So often, and a message is given up: with a no in a row, and at all. */
  refusalsMax: 6,
  attemptsMax: 20,
  firstMs: seconds(1),
  mostMs: minutes(10),
  /** Alerts whose steps are routed in one round. */
  alertsPerRound: 250,
  keptMs: days(90),
} as const;

/** How long until a message is sent again; null where it was sent often enough. `chance` is a number from 0 to 1, so that many do not come back together. */
export function againAfterMs(
  { answer, afterMs }: Pick<CallAnswer, "answer" | "afterMs">,
  /** With this one; refusals in a row before it. */
  { attempts, refusals }: { attempts: number; refusals: number },
  chance: number,
): number | null {
  const { refusalsMax, attemptsMax, firstMs, mostMs } = notificationLimits;
  if (attempts >= attemptsMax || (answer === "refused" && refusals + 1 >= refusalsMax)) return null;
  const most = Math.min(mostMs, firstMs * 2 ** (attempts - 1));
  return Math.max(afterMs ?? 0, most * (0.5 + chance / 2));
}
