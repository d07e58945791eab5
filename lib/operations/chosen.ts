import { type Actor, actorId, type Ctx } from "../context";
import type { Db } from "../db/pool";
import { refuseMasked } from "../dead-letters/masked-paths";
import { asMe } from "../dead-letters/triage/query.rules";
import { zoneFilter } from "../permissions";
import { Refusal } from "../refusal";
import { unableWords } from "../sources/abilities-words";
import { type ListedSource, selectSources } from "../sources/read.sql";
import type { Instant } from "../time";
import type { Selection } from "./input";
import { selectRetried } from "./retried.sql";
import { type Act, RETRIED_WITHIN_MS } from "./rules";
import type { Selected, SelectedGroup } from "./sql";

/** What a selection by query means to who asks: of their zones, as of now where nothing else is said, and nothing by what is masked. */
export async function meant(ctx: Ctx, selection: Selection): Promise<Selection> {
  if (!selection.queries) return selection;
  const queries = asMe(selection.queries, actorId(ctx.actor));
  await refuseMasked(ctx, queries);
  return { ...selection, queries, scope: zoneFilter(ctx.actor), asOf: selection.asOf ?? ctx.now };
}

export const retriedBy = (db: Db, actor: Actor, now: Instant) =>
  actor.kind === "worker" ? new Map<string, number>() : selectRetried(db, actorId(actor), now - RETRIED_WITHIN_MS);

/**
 * Whether messages of a source can be acted on at all, as far as is known. Only Accord's own tables have a place for a payload beside the original;
 * and what was done by hand is so whoever may write where: then Accord alone keeps it.
 */
export function isAble(source: Pick<ListedSource, "act" | "abilities" | "preset">, act: Act): boolean {
  if (act === "resolve") return true;
  if (!source.act) return false;
  return act === "edit" ? source.preset === "native" : source.abilities === null || source.abilities.deadLetters?.[act] === true;
}

/** The sources of what is chosen that leave nothing to be done from here. */
async function unableOf(db: Db, act: Act, chosen: readonly SelectedGroup[]): Promise<{ sourceId: string; why: string }[]> {
  const sources = await selectSources(db);
  const concerned = new Set(chosen.map(({ sourceId }) => sourceId));
  const inForce = sources.filter(({ sourceId }) => concerned.delete(sourceId));
  return [
    ...inForce
      .filter((source) => !isAble(source, act))
      .map((source) => ({ sourceId: source.sourceId, why: whyUnable(source, act) })),
    // No worker looks at it: what is asked for would wait for ever.
    ...[...concerned].map((sourceId) => ({ sourceId, why: `${sourceId} is in accord.yaml no more.` })),
  ];
}

/** Why messages of a source are left out. */
const whyUnable = (source: ListedSource, act: Act): string =>
  source.act && act !== "resolve"
    ? unableWords(source, act)
    : `Accord only observes ${source.sourceId}: act is false in accord.yaml.`;

/** `G`: a group, with what is known of it. */
export type Chosen<G extends SelectedGroup = SelectedGroup> = {
  /** What can be acted on: of a selection of which nothing can, all of it. */
  selection: Selection;
  chosen: G[];
  /** What is left out, since nothing can be done with it from here. */
  unable: { groups: G[]; why: string }[];
  /** Why nothing of it can be acted on; null when some of it can. */
  refusal: Refusal | null;
};

/** What a selection comes to, as `select` reads its groups, and what of it can be acted on. */
export async function choose<G extends SelectedGroup>(
  db: Db,
  act: Act,
  asked: Selection,
  select: (db: Db, selection: Selection) => Promise<G[]>,
): Promise<Chosen<G>> {
  const all = await select(db, asked);
  const sources = await unableOf(db, act, all);
  const ids = sources.map(({ sourceId }) => sourceId);
  const able = all.filter(({ sourceId }) => !ids.includes(sourceId));
  const unable = sources.map(({ sourceId, why }) => ({ groups: all.filter((group) => group.sourceId === sourceId), why }));
  if (able.length > 0) return { selection: { ...asked, notOf: ids }, chosen: able, unable, refusal: null };
  const why = all.length === 0 ? nothingParked() : new Refusal("conflict", unable.map((one) => one.why).join(" "));
  return { selection: asked, chosen: all, unable: [], refusal: why };
}

export const nothingParked = () => new Refusal("not_found", "Nothing of the selection is parked any more.");

export const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
export const freeOf = (chosen: readonly Selected[]): number =>
  sum(chosen.map((group) => group.openN - group.claimedN - group.redeliveringN));
export const zonesOf = (chosen: readonly SelectedGroup[]): string[] =>
  [...new Set(chosen.flatMap((group) => group.zones))].sort();
export const consumersOf = (chosen: readonly SelectedGroup[]): string[] =>
  [...new Set(chosen.map((group) => group.consumer))].sort();
