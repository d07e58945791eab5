import { actorId, type Ctx } from "../context";
import { othersObliged, retryAbove, retryLeft } from "../contracts/acts.rules";
import { readContracts } from "../contracts/service";
import { isClosing } from "../dead-letters/codes.rules";
import { can, canRead, zoneFilter } from "../permissions";
import { hazardWords } from "../sources/abilities-words";
import { type ListedSource, selectSources } from "../sources/read.sql";
import { zoneTags } from "../verdicts/service";
import { answerWords } from "./answer-words";
import { type Chosen, choose, consumersOf, freeOf, meant, retriedBy, sum, zonesOf } from "./chosen";
import { closingPreview } from "./closing-preview";
import { selectFirstExpiry } from "./effects.sql";
import { insertForecast } from "./forecast.sql";
import { ratesOf } from "./headroom.rules";
import { selectHandled } from "./headroom.sql";
import type { Selection } from "./input";
import { readiness } from "./readiness";
import { type Act, kindOf, peopleNeeded } from "./rules";
import { countKeys, type Selected, selectHolders, selectSelected } from "./sql";
import type { PreviewView } from "./views";

/** What a retry or discard of this selection would do now: how many, to whom, who receives nothing, what is left out and why. Changes nothing of it; a worker is asked what would come of each. */
export async function preview(ctx: Ctx, { act = "retry", ...asked }: Selection & { act?: Act }): Promise<PreviewView> {
  // What stands in nobody's zones but others' is not shown, whoever guesses its number.
  const everything = { ...(await meant(ctx, asked)), scope: zoneFilter(ctx.actor) };
  const found = await choose(ctx.db, act, everything, selectSelected);
  const { selection, chosen } = found;
  const zones = zonesOf(chosen);
  const contracts = await readContracts(ctx.db);
  const free = found.refusal === null ? freeOf(chosen) : 0;
  const left = retryLeft(contracts, zones, await retriedBy(ctx.db, ctx.actor, ctx.now));
  const consumers = consumersOf(chosen);
  const sources = (await selectSources(ctx.db)).filter(({ sourceId }) => chosen.some((group) => group.sourceId === sourceId));
  const refusal = blocked(ctx, act, found);
  return {
    now: ctx.now,
    messagesN: free,
    keysN: free === 0 ? 0 : await countKeys(ctx.db, selection),
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
    excluded: await leftOutOf(ctx, found),
    retryAbove: retryAbove(contracts, zones),
    retryLeft: left,
    ...(await ofSources(ctx, sources, selection)),
    ...(kindOf(act) === "retry"
      ? {
          answers: [...new Set(sources.map((source) => answerWords(source)))],
          rates: ratesOf(consumers, await selectHandled(ctx.db, consumers), ctx.now),
          readiness: chosen.length === 0 ? [] : await readiness(ctx, chosen, contracts, sources),
        }
      : { answers: [], rates: [], readiness: [] }),
    closing: isClosing(act) ? await closingPreview(ctx.db, act, selection, chosen) : null,
    approvals: peopleNeeded(contracts, act, zones, { n: free, left }),
    forecastId:
      free === 0 || refusal !== null || act !== "retry"
        ? null
        : await foretold(ctx, { ...everything, asOf: everything.asOf ?? ctx.now }),
    refusal,
  };
}

const foretold = async (ctx: Ctx, selection: Selection): Promise<string> =>
  String(await insertForecast(ctx.db, { selection, askedBy: actorId(ctx.actor) }));

/** What is selected and will not be acted on. */
async function leftOutOf({ db }: Ctx, { selection, chosen, unable }: Chosen<Selected>): Promise<PreviewView["excluded"]> {
  const holders = await selectHolders(db, selection);
  const retryingN = sum(chosen.map((group) => group.redeliveringN));
  return [
    ...holders.map((holder) => ({
      outcome: "claimed" as const,
      n: holder.n,
      why: `held by OP-${holder.operationId} of ${holder.requestedByName}`,
    })),
    ...(retryingN > 0 ? [{ outcome: "retrying" as const, n: retryingN, why: "being redelivered already" }] : []),
    ...unable.map(({ groups, why }) => ({ outcome: "unable" as const, n: sum(groups.map(({ openN }) => openN)), why })),
  ];
}

/** What the frameworks of the sources will do by themselves, as far as they say: asked only where one of them has such tables. */
async function ofSources(
  { db }: Ctx,
  sources: readonly ListedSource[],
  selection: Selection,
): Promise<Pick<PreviewView, "expiresAt" | "hazards">> {
  const expires = sources.some(({ abilities }) => abilities?.deadLetters?.expires);
  return {
    expiresAt: expires ? await selectFirstExpiry(db, selection) : null,
    hazards: [...new Set(sources.flatMap(hazardWords))],
  };
}

function blocked(ctx: Ctx, act: Act, { chosen, refusal }: Chosen): string | null {
  const permission = can(
    ctx.actor,
    `dead_letter.${act}`,
    chosen.some((group) => group.zones.length === 0) ? [] : zonesOf(chosen),
  );
  return permission.ok ? (refusal?.message ?? null) : permission.reason;
}
