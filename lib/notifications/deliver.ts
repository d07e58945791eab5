import type { Message } from "../channels/message.rules";
import { type ChannelConfig, channelLimits } from "../channels/rules";
import { send } from "../channels/send";
import { noteFailed, noteSent, takeTeller } from "../channels/sql";
import type { Db } from "../db/pool";
import type { CallAnswer } from "../platform/answer.rules";
import type { Instant } from "../time";
import { insertNotifications } from "./routing.sql";
import { againAfterMs, notificationLimits } from "./rules";
import {
  type Claimed,
  claimDue,
  countWaiting,
  groupRest,
  lockChannel,
  markFailed,
  markSent,
  selectDueChannels,
  selectPressure,
} from "./sql";
import { channelWords, moreWords } from "./words";

/** What sending needs to know beside the channel. */
export type Sender = { db: Db; environment: string; baseUrl: string | null };

/** Sends what is due on each of these channels, each on its own: one that hangs keeps no other waiting. `running`: what this worker is at. */
export async function deliverDue(
  sender: Sender,
  channels: readonly ChannelConfig[],
  running: { has: (name: string) => boolean; start: (name: string, work: Promise<void>) => void },
  stop?: AbortSignal,
): Promise<void> {
  for (const name of await selectDueChannels(sender.db)) {
    const channel = channels.find((one) => one.name === name);
    if (channel && !running.has(name)) running.start(name, deliver(sender, channel, stop));
  }
}

/** Sends what waits for a channel, until nothing is due or the worker stops. */
export async function deliver(sender: Sender, channel: ChannelConfig, stop?: AbortSignal): Promise<void> {
  while (!stop?.aborted) {
    const since = performance.now();
    const claimed = await claim(sender, channel);
    if (claimed.length === 0) return;
    await Promise.all(
      claimed.map(async (one) => {
        // A process that stood still has lost what it took: another one sends it.
        if (performance.now() - since > notificationLimits.notesMs / 2) return;
        await note(sender, channel, one, await send(channel, one.notificationId, one.content, one.nowMs, stop), stop);
      }),
    );
  }
}

/** Takes what is due, so much as the minute still holds; what is more than that is told by one message as a number. */
function claim(sender: Sender, channel: ChannelConfig): Promise<Claimed[]> {
  return sender.db.transaction(async (tx) => {
    if (!(await lockChannel(tx, channel.name))) return [];
    const { groupable, sentN } = await selectPressure(tx, channel.name);
    const room = channel.perMinute - sentN;
    if (room <= 0) return [];
    if (groupable > room) await group(tx, sender, channel, room - 1);
    return claimDue(
      tx,
      channel.name,
      Math.min(room, notificationLimits.atOnce),
      channel.timeoutMs * 2 + notificationLimits.notesMs,
    );
  });
}

async function group(tx: Db, sender: Sender, { name, perMinute }: ChannelConfig, left: number): Promise<void> {
  const rest = await groupRest(tx, name, left);
  if (rest.length === 0) return;
  const now = Date.now();
  const message = notice(sender, "more", `more ${name} ${now}`, { ...moreWords(rest, perMinute), page: "/alerts", at: now });
  await insertNotifications(tx, [noticeTo(name, message, 1)], now);
}

type Notice = { title: string; sentence: string; page: string; at: Instant; over?: boolean };

function notice(
  { environment, baseUrl }: Sender,
  kind: Message["kind"],
  subject: string,
  { title, sentence, page, at, over = false }: Notice,
): Message {
  const link = baseUrl === null ? null : new URL(page, baseUrl).href;
  return { ...{ kind, subject, environment, title, sentence, link, at, over }, urgent: true, alert: null, runbook: null };
}

const noticeTo = (channel: string, content: Message, n: number) => ({
  ...{ channel, n, content, alertId: null, zoneId: null, urgent: true },
  ...{ kind: content.kind, subject: content.subject },
});

async function note(sender: Sender, channel: ChannelConfig, one: Claimed, answer: CallAnswer, stop?: AbortSignal): Promise<void> {
  const { db } = sender;
  const { name } = channel;
  const words = answer.said === "" ? answer.words : `${answer.words}: ${answer.said.slice(0, 200)}`;
  await db.transaction(async (tx) => {
    const now = Date.now();
    if (answer.answer === "requested") {
      if (!(await markSent(tx, one, words))) return;
      const before = await noteSent(tx, name, now);
      if (before?.toldTo && before.failingSince !== null)
        await tell(tx, sender, before.toldTo, 2, trouble(name, before.failingSince), {
          ...{ title: channelWords.works(name), sentence: channelWords.working(name), page: "/channels", at: now, over: true },
        });
    } else if (stop?.aborted) {
      // Nothing is known of the channel: the next worker sends it at once.
      await markFailed(tx, one, { ...answer, words }, 0);
    } else if (await markFailed(tx, one, { ...answer, words }, againAfterMs(answer, one, Math.random())))
      await failed(tx, sender, name, words, now);
  });
}

const trouble = (name: string, since: Instant): string => `channel ${name} ${since}`;

/** A channel that does not get through again and again is told of through another one, once. */
async function failed(tx: Db, sender: Sender, name: string, words: string, now: Instant): Promise<void> {
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
