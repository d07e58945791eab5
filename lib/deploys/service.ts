import { audited } from "../audited";
import { actorId, type Ctx } from "../context";
import type { Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import { Refusal } from "../refusal";
import { type ListedSource, selectSources } from "../sources/read.sql";
import { lockVersions } from "../sources/sql";
import { days, minutes } from "../time";
import type { DeployWish } from "./input";
import { insertTold, type Place, selectTold, type ToldMark } from "./sql";

/** What is marked now, and whether the same key had marked it before. */
export type MarkedDeploy = { marks: ToldMark[]; repeated: boolean };

// Clocks of build machines differ from the store's by less; what lies further back is not on any chart that tells of it.
const AHEAD_MS_MAX = minutes(5);
const BACK_MS_MAX = days(30);

/**
 * Marks a deploy or rollback on the charts of every zone that it touches, in place of what was made out from the data.
 * The same key again is the same mark.
 */
export async function markDeploy(ctx: Ctx, wish: DeployWish): Promise<MarkedDeploy> {
  const at = wish.at ?? ctx.now;
  if (at > ctx.now + AHEAD_MS_MAX)
    throw new Refusal("invalid", "at: lies in the future; mark a deploy once it is out.", { field: "at" });
  if (at < ctx.now - BACK_MS_MAX) throw new Refusal("invalid", "at: lies more than 30 days back.", { field: "at" });
  const places = placesOf(wish.of, await selectSources(ctx.db));
  const named = Object.values(wish.of)[0]!;
  const target = { kind: "deploy", id: `${named} ${wish.version}`, zones: zonesOf(places, await readContracts(ctx.db)) };
  return audited(
    ctx,
    "deploy.mark",
    target,
    async (tx) => {
      // Only after permission: what runs here is nothing that a guess should find out.
      if (places.length === 0) throw unknown(wish.of);
      await lockVersions(tx, [...new Set(places.map(({ sourceId }) => sourceId))]);
      const told = { version: wish.version, kind: wish.kind, at, toldBy: actorId(ctx.actor), requestKey: wish.key };
      const before = await selectTold(tx, told.toldBy, wish.key);
      if (before.length > 0) return { marks: sameWish(before, wish, places), repeated: true };
      await insertTold(tx, places, told);
      return { marks: await selectTold(tx, told.toldBy, wish.key), repeated: false };
    },
    { key: wish.key, detail: { ...wish.of, version: wish.version, kind: wish.kind, at } },
  );
}

function placesOf(of: DeployWish["of"], sources: readonly ListedSource[]): Place[] {
  if ("consumer" in of)
    return sources
      .filter((source) => source.consumers.includes(of.consumer) || source.service === of.consumer)
      .map(({ sourceId }) => ({ sourceId, consumer: of.consumer }));
  // As a producer a service stands under its own name.
  return sources
    .filter((source) => source.service === of.service)
    .flatMap((source) =>
      [...new Set([source.service, ...source.consumers])].map((consumer) => ({ sourceId: source.sourceId, consumer })),
    );
}

function zonesOf(places: readonly Place[], contracts: readonly Contract[]): string[] {
  const touches = (contract: Contract) =>
    contract.semantics.events.some((event) =>
      places.some(({ sourceId, consumer }) => event.from === sourceId || event.to.includes(consumer)),
    );
  return contracts.filter(touches).map((contract) => contract.zoneId);
}

function sameWish(before: ToldMark[], wish: DeployWish, places: readonly Place[]): ToldMark[] {
  const same = before.every(
    (mark) => mark.version === wish.version && mark.kind === wish.kind && (wish.at ?? mark.at) === mark.at,
  );
  const spots = new Set(places.map(({ sourceId, consumer }) => `${sourceId} ${consumer}`));
  if (same && before.every(({ sourceId, consumer }) => spots.has(`${sourceId} ${consumer}`))) return before;
  throw new Refusal("conflict", "This Idempotency-Key was used for the mark of another deploy. Send a new key.");
}

function unknown(of: DeployWish["of"]): Refusal {
  const [field, name] = Object.entries(of)[0]!;
  return new Refusal("not_found", `No source in accord.yaml has the ${field} ${JSON.stringify(name)}.`, { field });
}
