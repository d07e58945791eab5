import { randomUUID } from "node:crypto";
import { auditedOnce } from "../audited";
import type { Message } from "../channels/message.rules";
import type { Telling } from "../channels/rules";
import { replaceTelling, selectChannels } from "../channels/sql";
import { type Ctx, callerOf } from "../context";
import { readApplied } from "../contracts/service";
import type { Db } from "../db/pool";
import { Refusal } from "../refusal";
import type { Instant } from "../time";
import { reviveDead } from "./read.sql";
import { readNotification } from "./reading";
import { insertNotifications } from "./routing.sql";
import { notificationLimits } from "./rules";
import { deleteOld, giveUpOthers } from "./sql";
import { testWords } from "./words";

/** Puts channels, routes and digests in force; what waits for a channel that is no more is given up. */
export async function applyTelling(tx: Db, telling: Telling): Promise<void> {
  await replaceTelling(tx, telling);
  await giveUpOthers(
    tx,
    telling.channels.map(({ name }) => name),
  );
}

/** Asks that a test be sent on a channel, once: a worker sends it, and what came of it is the message's own answer. */
export async function testChannel(ctx: Ctx, request: { channel: string; key: string }): Promise<{ notificationId: string }> {
  const caller = callerOf(ctx);
  const { channel } = request;
  const { value } = await auditedOnce(ctx, "channel.test", request, async () => ({
    target: { kind: "channel", id: channel, zones: [] },
    change: async (tx) => {
      const one = (await selectChannels(tx)).find(({ name }) => name === channel);
      if (!one) throw new Refusal("not_found", `There is no channel ${channel}.`);
      if (one.settings.heartbeat)
        throw new Refusal("invalid", `${channel} is a heartbeat: it is sent each minute, and no message.`);
      const notificationId = randomUUID();
      const subject = `test ${notificationId}`;
      const content: Message = {
        ...{ kind: "test", subject, title: testWords.title, sentence: testWords.sentence(caller.name), at: ctx.now },
        ...{
          environment: (await readApplied(tx))?.environment ?? "",
          link: null,
          urgent: false,
          over: false,
          alert: null,
          runbook: null,
        },
      };
      const message = {
        notificationId,
        channel,
        subject,
        n: 1,
        alertId: null,
        zoneId: null,
        kind: "test" as const,
        urgent: true,
        content,
      };
      await insertNotifications(tx, [message], ctx.now);
      return { notificationId };
    },
  }));
  return value;
}

/** Sends again what was given up. */
export async function retryNotification(
  ctx: Ctx,
  request: { notificationId: string; key: string },
): Promise<{ notificationId: string; state: string }> {
  const { notificationId } = request;
  const { value } = await auditedOnce(ctx, "notification.retry", request, async () => {
    const { zoneId, channel } = await readNotification(ctx, { notificationId });
    return {
      target: { kind: "notification", id: notificationId, zones: zoneId === null ? [] : [zoneId] },
      change: async (tx) => {
        if (!(await reviveDead(tx, notificationId)))
          throw new Refusal("conflict", `It is not given up, or ${channel} was told a later step of the same since.`);
        return { notificationId, state: "waiting" };
      },
      entry: { detail: { channel } },
    };
  });
  return value;
}

/** Forgets what is past its use. */
export const forgetNotifications = (db: Db, now: Instant): Promise<void> => deleteOld(db, now - notificationLimits.keptMs);
