import type { Ctx } from "../context";
import { contractMap } from "../contracts/map.rules";
import { readContracts } from "../contracts/service";
import { canRead, zoneFilter } from "../permissions";
import { type SourceStatus, selectSourceStatuses } from "./read.sql";

/** The sources that the actor may know of, with how polling them goes: those of their zones, and all for whoever sees all zones. */
export async function sourcesInScope(ctx: Ctx): Promise<SourceStatus[]> {
  const statuses = await selectSourceStatuses(ctx.db);
  if (zoneFilter(ctx.actor) === null) return statuses;
  const map = contractMap(await readContracts(ctx.db), statuses);
  return statuses.filter(({ sourceId }) => map.zonesOfSource(sourceId).some((zone) => canRead(ctx.actor, zone)));
}
