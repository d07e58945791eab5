import { type Actor, actorId, type Ctx } from "../context";
import type { Db } from "../db/pool";
import { refuseMasked } from "../dead-letters/masked-paths";
import { asMe } from "../dead-letters/triage/query.rules";
import { zoneFilter } from "../permissions";
import type { Abilities } from "../presets/abilities.rules";
import { Refusal } from "../refusal";
import { unableWords } from "../sources/abilities-words";
import { selectSources } from "../sources/read.sql";
import type { Instant } from "../time";
import { listed } from "../words";
import type { Selection } from "./input";
import { selectRetried } from "./retried.sql";
import { type Act, RETRIED_WITHIN_MS } from "./rules";
import type { Selected } from "./sql";

/** What a selection by query means to who asks: of their zones, as of now where nothing else is said, and nothing by what is masked. */
export async function meant(ctx: Ctx, selection: Selection): Promise<Selection> {
  if (!selection.queries) return selection;
  const queries = asMe(selection.queries, actorId(ctx.actor));
  await refuseMasked(ctx, queries);
  return { ...selection, queries, scope: zoneFilter(ctx.actor), asOf: selection.asOf ?? ctx.now };
}

export const retriedBy = (db: Db, actor: Actor, now: Instant) =>
  actor.kind === "worker" ? new Map<string, number>() : selectRetried(db, actorId(actor), now - RETRIED_WITHIN_MS);

/** Why nothing of it can be acted on; null when it can. */
export async function refusal(db: Db, act: Act, chosen: readonly Selected[]): Promise<Refusal | null> {
  if (chosen.length === 0) return nothingParked();
  // What was done by hand is so whoever may write where: then Accord alone keeps it.
  if (act === "resolve") return null;
  const concerned = (await selectSources(db)).filter((source) => chosen.some((group) => group.sourceId === source.sourceId));
  const observedOnly = concerned.filter((source) => !source.act);
  if (observedOnly.length > 0)
    return new Refusal(
      "conflict",
      `Accord only observes ${listed(observedOnly.map((source) => source.sourceId))}: act is false in accord.yaml.`,
    );
  const unable = concerned.find((source) => !isAble(source, act));
  return unable ? new Refusal("conflict", unableWords(unable, act)) : null;
}

// Only Accord's own tables have a place for a payload beside the original.
const isAble = ({ preset, abilities }: { preset: string; abilities: Abilities | null }, act: Exclude<Act, "resolve">): boolean =>
  act === "edit" ? preset === "native" : abilities === null || abilities.deadLetters?.[act] === true;

export const nothingParked = () => new Refusal("not_found", "Nothing of the selection is parked any more.");

export const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
export const freeOf = (chosen: readonly Selected[]): number =>
  sum(chosen.map((group) => group.openN - group.claimedN - group.redeliveringN));
export const zonesOf = (chosen: readonly Selected[]): string[] => [...new Set(chosen.flatMap((group) => group.zones))].sort();
export const consumersOf = (chosen: readonly Selected[]): string[] => [...new Set(chosen.map((group) => group.consumer))].sort();
