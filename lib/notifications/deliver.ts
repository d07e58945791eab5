import { withoutLinks } from "../channels/link.rules";
import type { ChannelConfig } from "../channels/rules";
import { send } from "../channels/send";
import type { Db } from "../db/pool";
import type { CallAnswer } from "../platform/answer.rules";
import { linked } from "./links.rules";
import { insertNotifications } from "./routing.sql";
import { againAfterMs, notificationLimits } from "./rules";
import { type Claimed, claimDue, groupRest, lockChannel, markFailed, markSent, selectDueChannels, selectPressure } from "./sql";
import { channelFails, channelWorks, notice, noticeTo, type Sender } from "./trouble";
import { moreWords } from "./words";

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
        await note(
          sender,
          channel,
          one,
          await send(channel, one.notificationId, linked(one, channel, sender), one.nowMs, stop),
          stop,
        );
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

async function note(sender: Sender, channel: ChannelConfig, one: Claimed, answer: CallAnswer, stop?: AbortSignal): Promise<void> {
  const { db } = sender;
  const { name } = channel;
  // A receiver that says what it was sent says the link too.
  const words = answer.said === "" ? answer.words : `${answer.words}: ${withoutLinks(answer.said).slice(0, 200)}`;
  await db.transaction(async (tx) => {
    const now = Date.now();
    if (answer.answer === "requested") {
      if (!(await markSent(tx, one, words))) return;
      await channelWorks(tx, sender, name, now);
    } else if (stop?.aborted) {
      // Nothing is known of the channel: the next worker sends it at once.
      await markFailed(tx, one, { ...answer, words }, 0);
    } else if (
      await markFailed(
        tx,
        one,
        { ...answer, words },
        one.content.kind === "test" ? null : againAfterMs(answer, one, Math.random()),
      )
    )
      await channelFails(tx, sender, name, words, now);
  });
}
