import { auditedOnce } from "../audited";
import { actorId, type Ctx, callerOf } from "../context";
import { readContracts } from "../contracts/service";
import { noZone } from "../contracts/words";
import type { Db } from "../db/pool";
import { canRead } from "../permissions";
import { Refusal } from "../refusal";
import { days, type Instant, windowWords } from "../time";
import { markAcknowledged } from "./acknowledge.sql";
import type { SilenceInput } from "./input";
import { visibleAlert } from "./listing";
import { selectAlert } from "./read.sql";
import { type AlertState, alertLimits } from "./rules";
import { silenceLimits, silenceState } from "./silence.rules";
import { deleteOldSilences, insertSilence, markSilenceEnded, selectSilence } from "./silence.sql";
import { deleteOldAlerts, deleteOldReadings } from "./sql";
import { alertWords, takenBefore } from "./words";

/** Says that somebody looks at an alert: nobody is told further. Who comes second is told who was first. */
export async function acknowledgeAlert(
  ctx: Ctx,
  request: { alertId: number; note?: string | null | undefined; key: string },
): Promise<{ alertId: string; state: AlertState }> {
  const caller = callerOf(ctx);
  const { alertId, note } = request;
  const { value } = await auditedOnce(ctx, "alert.acknowledge", request, async () => {
    const { zoneId } = await visibleAlert(ctx, alertId);
    return {
      target: { kind: "alert", id: String(alertId), zones: [zoneId] },
      change: async (tx) => {
        await takeAlert(tx, alertId, { id: actorId(caller), name: caller.name }, note ?? null, ctx.now);
        return { alertId: String(alertId), state: "acknowledged" as const };
      },
      entry: { reason: note ?? undefined },
    };
  });
  return value;
}

/** Takes an alert for somebody who may, in the transaction of whoever asked. Who comes second is told who was first. `id` is a person's or a token's; null where nobody knows who it is. */
export async function takeAlert(
  tx: Db,
  alertId: number,
  by: { id: string | null; name: string },
  note: string | null,
  at: Instant,
): Promise<void> {
  if (await markAcknowledged(tx, alertId, by, alertWords.acknowledged(note), at)) return;
  throw new Refusal("conflict", takenBefore((await selectAlert(tx, alertId))!, at));
}

type SilenceAnswer = { silenceId: string; state: string };

/** Lets nobody be told, of a zone or all, until a time; planned ahead it is maintenance. Changes no verdict. */
export async function addSilence(ctx: Ctx, request: SilenceInput): Promise<SilenceAnswer> {
  const caller = callerOf(ctx);
  const { zoneId, condition, cause, kind, endsAt, reason } = request;
  const { value } = await auditedOnce(ctx, "alert.silence", request, async () => {
    const contracts = await readContracts(ctx.db);
    if (zoneId !== null && !(canRead(ctx.actor, zoneId) && contracts.some((one) => one.zoneId === zoneId))) throw noZone();
    const startsAt = request.startsAt ?? ctx.now;
    refuseSpan(startsAt, endsAt, ctx.now);
    return {
      target: { kind: "silence", id: "new", zones: zoneId === null ? contracts.map((one) => one.zoneId) : [zoneId] },
      change: async (tx) => {
        const by = { byId: actorId(caller), byName: caller.name };
        const silenceId = await insertSilence(tx, {
          kind,
          zoneId,
          condition,
          cause,
          startsAt,
          endsAt,
          reason,
          ...by,
          createdAt: ctx.now,
        });
        return { silenceId: String(silenceId), state: startsAt > ctx.now ? "planned" : "active" };
      },
      entry: { reason, detail: (answer) => ({ ...answer, kind, condition, cause, startsAt, endsAt }) },
    };
  });
  return value;
}

function refuseSpan(startsAt: Instant, endsAt: Instant, now: Instant): void {
  const refuse = (field: string, why: string) => {
    throw new Refusal("invalid", `${field}: ${why}.`, { field });
  };
  if (endsAt <= now) refuse("endsAt", "lies in the past");
  if (endsAt - startsAt < silenceLimits.msMin)
    refuse("endsAt", `is less than ${windowWords(silenceLimits.msMin)} after the beginning`);
  if (endsAt - startsAt > silenceLimits.msMax)
    refuse("endsAt", `is more than ${windowWords(silenceLimits.msMax)} after the beginning`);
  if (startsAt > now + silenceLimits.aheadMsMax) refuse("startsAt", "is more than a year ahead");
}

/** Ends a silence before its time. */
export async function endSilence(ctx: Ctx, request: { silenceId: number; key: string }): Promise<SilenceAnswer> {
  const caller = callerOf(ctx);
  const { silenceId } = request;
  const { value } = await auditedOnce(ctx, "alert.silence", request, async () => {
    const one = await selectSilence(ctx.db, silenceId);
    if (!one || (one.zoneId !== null && !canRead(ctx.actor, one.zoneId)))
      throw new Refusal("not_found", `There is no silence ${silenceId}, or it is not in your zones.`);
    const zones = one.zoneId === null ? (await readContracts(ctx.db)).map(({ zoneId }) => zoneId) : [one.zoneId];
    return {
      target: { kind: "silence", id: String(silenceId), zones },
      change: async (tx) => {
        if (!(await markSilenceEnded(tx, silenceId, ctx.now, caller.name))) {
          const now = (await selectSilence(tx, silenceId))!;
          throw new Refusal("conflict", now.endedByName === null ? "It is over." : `${now.endedByName} ended it.`);
        }
        return { silenceId: String(silenceId), state: silenceState({ ...one, endedAt: ctx.now }, ctx.now) };
      },
      entry: { detail: { ended: true } },
    };
  });
  return value;
}

/** Forgets readings that no replay reaches back to, and alerts and silences that ended long ago. */
export async function forgetAlerts(db: Db, now: Instant): Promise<void> {
  await deleteOldReadings(db, now - alertLimits.readingsKeptMs);
  await deleteOldAlerts(db, now - days(400));
  await deleteOldSilences(db, now - days(400));
}
