import type { Ctx } from "../context";
import type { Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import { canRead } from "../permissions";
import { type ListedSource, selectSources } from "../sources/read.sql";
import { zoneTags } from "../verdicts/service";
import type { ZoneTag } from "../verdicts/views";
import type { SideTag } from "./views";

export type About = {
  contracts: Contract[];
  side: (side: { sourceId: string; relation: string }) => SideTag;
  sources: ListedSource[];
};

/** The contracts that the actor may see, and how their sources are called. */
export async function aboutRules(ctx: Ctx): Promise<About> {
  const [contracts, sources] = await Promise.all([readContracts(ctx.db), selectSources(ctx.db)]);
  const serviceOf = (sourceId: string) => sources.find((source) => source.sourceId === sourceId)?.service ?? sourceId;
  return {
    contracts: contracts.filter((contract) => canRead(ctx.actor, contract.zoneId)),
    side: ({ sourceId, relation }) => ({ sourceId, service: serviceOf(sourceId), relation }),
    sources,
  };
}

/** Looks up zones by name, with how they are doing. */
export async function tagsOf(ctx: Ctx, zones: readonly { zoneId: string }[]): Promise<(zoneId: string) => ZoneTag> {
  const tags = await zoneTags(ctx.db, [...new Set(zones.map(({ zoneId }) => zoneId))], ctx.now);
  return (zoneId) => tags.find((tag) => tag.zoneId === zoneId) ?? { zoneId, title: zoneId, verdict: "unknown" };
}
