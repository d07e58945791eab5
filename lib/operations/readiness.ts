import type { Ctx } from "../context";
import type { Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import { visibleGroup } from "../dead-letters/group-rows";
import { canRead } from "../permissions";
import { type ListedSource, selectSources } from "../sources/read.sql";
import { consumersOf, zonesOf } from "./chosen";
import { type Effect, type ReadinessFact, readinessOf } from "./readiness.rules";
import { selectReadyGroups, selectTwice } from "./readiness.sql";
import { factWords } from "./readiness-words";
import { type SelectedGroup, selectGroups } from "./sql";
import type { GroupReadinessView, ReadinessView } from "./views";

/** Groups of a selection that are looked at: beyond them it is said. */
const GROUPS_MOST = 50;

/** What somebody asks themselves before they retry these, answered by what is known. */
export async function readiness(
  ctx: Ctx,
  chosen: readonly SelectedGroup[],
  contracts: readonly Contract[],
  sources: readonly ListedSource[],
): Promise<ReadinessView[]> {
  const consumers = consumersOf(chosen);
  const [groups, twice] = await Promise.all([
    selectReadyGroups(
      ctx.db,
      chosen.slice(0, GROUPS_MOST).map(({ groupId }) => groupId),
    ),
    selectTwice(ctx.db, consumers),
  ]);
  const own = contracts.filter(({ zoneId }) => zonesOf(chosen).includes(zoneId));
  const answers = readinessOf(
    {
      groups,
      moreGroups: chosen.length > GROUPS_MOST,
      sources: [...new Set(chosen.map(({ sourceId }) => sourceId))].map((sourceId) => {
        const source = sources.find((one) => one.sourceId === sourceId);
        return {
          sourceId,
          ...(!source && { gone: true as const }),
          drops: source?.preset === "native",
          keyed: source?.preset === "native" || source?.abilities?.deadLetters?.key === true,
          twiceN: twice.find((one) => one.sourceId === sourceId)?.n ?? 0,
        };
      }),
      orderings: own.map(({ semantics }) => semantics.ordering),
      effects: own.length === 0 ? null : effectsOf(own, sources),
      hidden: own.some(({ zoneId }) => !canRead(ctx.actor, zoneId)),
    },
    ctx.now,
  );
  return answers.map(({ question, answer, fact }) => ({
    question,
    answer,
    words: factWords(fact),
    href: hrefOf(ctx, fact, chosen),
  }));
}

/** The same of one group that the actor may see, as it is parked now. */
export async function readReadiness(ctx: Ctx, { groupId }: { groupId: number }): Promise<GroupReadinessView> {
  await visibleGroup(ctx, groupId);
  const [chosen, contracts, sources] = await Promise.all([
    selectGroups(ctx.db, { messages: [], groups: [groupId], asOf: null }),
    readContracts(ctx.db),
    selectSources(ctx.db),
  ]);
  const own = sources.filter(({ sourceId }) => chosen.some((group) => group.sourceId === sourceId));
  return { now: ctx.now, answers: chosen.length === 0 ? [] : await readiness(ctx, chosen, contracts, own) };
}

/** What the sources publish by the contracts of these zones. */
function effectsOf(own: readonly Contract[], sources: readonly ListedSource[]): Effect[] {
  const ids = sources.map(({ sourceId }) => sourceId);
  const events = own.flatMap(({ semantics }) => semantics.events).filter(({ from }) => ids.includes(from));
  return [...new Map(events.map(({ eventType, to }) => [eventType, { eventType, to }])).values()];
}

/** Where a fact can be looked up. */
function hrefOf({ actor }: Ctx, fact: ReadinessFact, chosen: readonly SelectedGroup[]): string | null {
  if ("group" in fact) return `/dead-letters/groups/${fact.group.groupId}`;
  if ("source" in fact && fact.code !== "gone") return `/sources/${encodeURIComponent(fact.source.sourceId)}`;
  const [zone] = zonesOf(chosen).filter((one) => canRead(actor, one));
  if (fact.code === "effects" || fact.code === "no effects" || fact.code === "no order asked" || fact.code === "in order")
    return zone === undefined ? null : `/zones/${encodeURIComponent(zone)}`;
  const [source] = chosen;
  if (fact.code === "drops") return source ? `/sources/${encodeURIComponent(source.sourceId)}` : null;
  return source ? `/dead-letters/groups/${source.groupId}` : null;
}
