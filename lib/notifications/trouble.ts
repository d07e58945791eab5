import type { Message } from "../channels/message.rules";
import { channelLimits } from "../channels/rules";
import { noteFailed, noteSent, takeTeller } from "../channels/sql";
import type { Db } from "../db/pool";
import type { Instant } from "../time";
import { insertNotifications } from "./routing.sql";
import { countWaiting } from "./sql";
import { channelWords } from "./words";

/** What sending needs to know beside the channel. `linkKey`: what links are signed with; null where this worker was not told the secret. */
export type Sender = { db: Db; environment: string; baseUrl: string | null; linkKey: Buffer | null };

type Notice = { title: string; sentence: string; page: string; at: Instant; over?: boolean };

/** A message of Accord about its own telling. */
export function notice(
  { environment, baseUrl }: Sender,
  kind: Message["kind"],
  subject: string,
  { title, sentence, page, at, over = false }: Notice,
): Message {
  const link = baseUrl === null ? null : new URL(page, baseUrl).href;
  return { ...{ kind, subject, environment, title, sentence, link, at, over }, urgent: true, alert: null, runbook: null };
}

/** That message in the outbox of a channel. */
export const noticeTo = (channel: string, content: Message, n: number) => ({
  ...{ channel, n, content, alertId: null, zoneId: null, urgent: true },
  ...{ kind: content.kind, subject: content.subject },
});

const trouble = (name: string, since: Instant): string => `channel ${name} ${since}`;

/** Notes that a channel gets through; where its failure was told, its end is told there. */
export async function channelWorks(tx: Db, sender: Sender, name: string, now: Instant): Promise<void> {
  const before = await noteSent(tx, name, now);
  if (!before?.toldTo || before.failingSince === null) return;
  await tell(tx, sender, before.toldTo, 2, trouble(name, before.failingSince), {
    ...{ title: channelWords.works(name), sentence: channelWords.working(name), page: "/channels", at: now, over: true },
  });
}

/** Notes that a channel does not get through; again and again, and it is told of through another one, once. */
export async function channelFails(tx: Db, sender: Sender, name: string, words: string, now: Instant): Promise<void> {
  const state = await noteFailed(tx, name, words, now);
  if (state === null || state.failuresN < channelLimits.failuresMax) return;
  const teller = await takeTeller(tx, name);
  if (teller === null) return;
  const sentence = channelWords.failing(name, words, await countWaiting(tx, name));
  await tell(tx, sender, teller, 1, trouble(name, state.failingSince), {
    ...{ title: channelWords.fails(name), sentence, page: "/channels", at: now },
  });
}

async function tell(tx: Db, sender: Sender, channel: string, n: number, subject: string, said: Notice): Promise<void> {
  await insertNotifications(tx, [noticeTo(channel, notice(sender, "channel", subject, said), n)], said.at);
}
