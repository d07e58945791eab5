import { randomUUID } from "node:crypto";
import type { ChannelConfig } from "../channels/rules";
import { beat } from "../channels/send";
import { takeHeartbeat } from "../channels/sql";
import { type Instant, seconds } from "../time";
import { selectJudgedAt } from "./read.sql";
import { channelFails, channelWorks, type Sender } from "./trouble";

// Zones are judged every two seconds; what is older than this is no life.
const JUDGED_MS_MAX = seconds(30);

/**
 * Tells the dead man's switches that Accord lives: once a minute, by one worker, and only while zones are judged. One that was missed is not
 * sent later, since it would be a lie.
 */
export async function sendHeartbeats(
  sender: Sender,
  channels: readonly ChannelConfig[],
  now: Instant = Date.now(),
): Promise<void> {
  const { db, environment } = sender;
  const switches = channels.filter(({ heartbeat }) => heartbeat);
  if (switches.length === 0) return;
  const judgedAt = await selectJudgedAt(db);
  if (judgedAt === null || now - judgedAt > JUDGED_MS_MAX) return;
  await Promise.all(
    switches.map(async (channel) => {
      if (!(await takeHeartbeat(db, channel.name, now))) return;
      const { answer, words } = await beat(channel, randomUUID(), environment, now);
      await db.transaction((tx) =>
        answer === "requested" ? channelWorks(tx, sender, channel.name, now) : channelFails(tx, sender, channel.name, words, now),
      );
    }),
  );
}
