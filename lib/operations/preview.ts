import type { Ctx } from "../context";
import { othersObliged, retryAbove, retryLeft } from "../contracts/acts.rules";
import { readContracts } from "../contracts/service";
import type { Db } from "../db/pool";
import { isClosing } from "../dead-letters/codes.rules";
import type { PreviewView } from "../dead-letters/views";
import { can, canRead, zoneFilter } from "../permissions";
import { hazardWords } from "../sources/abilities-words";
import { selectSources } from "../sources/read.sql";
import { zoneTags } from "../verdicts/service";
import { freeOf, meant, refusal, retriedBy, sum, zonesOf } from "./chosen";
import { closingPreview } from "./closing-preview";
import { countUndone, selectFirstExpiry } from "./effects.sql";
import type { Selection } from "./input";
import { type Act, peopleNeeded } from "./rules";
import { countKeys, type Selected, selectHolders, selectSelected } from "./sql";

/** What a retry or discard of this selection would do now: how many, to whom, who receives nothing, what is left out and why. Changes nothing. */
export async function preview(ctx: Ctx, { act = "retry", ...asked }: Selection & { act?: Act }): Promise<PreviewView> {
  // What stands in nobody's zones but others' is not shown, whoever guesses its number.
  const selection = { ...(await meant(ctx, asked)), scope: zoneFilter(ctx.actor) };
  const chosen = await selectSelected(ctx.db, selection);
  const zones = zonesOf(chosen);
  const contracts = await readContracts(ctx.db);
  const free = freeOf(chosen);
  const left = retryLeft(contracts, zones, await retriedBy(ctx.db, ctx.actor, ctx.now));
  const holders = await selectHolders(ctx.db, selection);
  const consumers = [...new Set(chosen.map((group) => group.consumer))].sort();
  return {
    now: ctx.now,
    messagesN: free,
    keysN: free === 0 ? 0 : await countKeys(ctx.db, selection),
    undoneN: free === 0 ? 0 : await countUndone(ctx.db, selection),
    groups: chosen.map((group) => ({
      groupId: String(group.groupId),
      title: group.title,
      messagesN: group.openN - group.claimedN,
    })),
    consumers,
    receiveNothing: othersObliged(
      contracts,
      chosen.map((group) => group.eventType),
    ).filter((consumer) => !consumers.includes(consumer)),
    zones: await zoneTags(
      ctx.db,
      zones.filter((zone) => canRead(ctx.actor, zone)),
      ctx.now,
    ),
    excluded: [
      ...holders.map((holder) => ({ n: holder.n, why: `held by OP-${holder.operationId} of ${holder.requestedByName}` })),
      ...some(sum(chosen.map((group) => group.redeliveringN)), "being redelivered already"),
    ],
    retryAbove: retryAbove(contracts, zones),
    retryLeft: left,
    ...(await ofSources(ctx.db, chosen, selection)),
    closing: isClosing(act) ? await closingPreview(ctx.db, act, selection, chosen) : null,
    approvals: peopleNeeded(contracts, act, zones, { n: free, left }),
    refusal: await blocked(ctx, act, chosen),
  };
}

/** What the frameworks of the sources will do by themselves, as far as they say: asked only where one of them has such tables. */
async function ofSources(
  db: Db,
  chosen: readonly Selected[],
  selection: Selection,
): Promise<Pick<PreviewView, "expiresAt" | "hazards">> {
  const concerned = (await selectSources(db)).filter((source) => chosen.some((group) => group.sourceId === source.sourceId));
  const expires = concerned.some(({ abilities }) => abilities?.deadLetters?.expires);
  return {
    expiresAt: expires ? await selectFirstExpiry(db, selection) : null,
    hazards: [...new Set(concerned.flatMap(hazardWords))],
  };
}

async function blocked(ctx: Ctx, act: Act, chosen: readonly Selected[]): Promise<string | null> {
  const permission = can(
    ctx.actor,
    `dead_letter.${act}`,
    chosen.some((group) => group.zones.length === 0) ? [] : zonesOf(chosen),
  );
  return permission.ok ? ((await refusal(ctx.db, act, chosen))?.message ?? null) : permission.reason;
}

const some = (n: number, why: string) => (n > 0 ? [{ n, why }] : []);
