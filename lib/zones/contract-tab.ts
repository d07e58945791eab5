import type { Ctx } from "../context";
import { readContractTab } from "../contracts/service";
import { watchedDeliveries } from "../contracts/watched.rules";
import { maskingSeen } from "../dead-letters/masking-seen";
import { selectSources } from "../sources/read.sql";
import type { ZoneContractTab } from "./views";

/** A zone's contract, whether the paths that it masks lead to anything in what came, and what watches each of its deliveries. */
export async function readZoneContract(ctx: Ctx, { zoneId }: { zoneId: string }): Promise<ZoneContractTab> {
  const tab = await readContractTab(ctx, { zoneId });
  const [masking, sources] = await Promise.all([maskingSeen(ctx.db, zoneId, tab.contract.masking), selectSources(ctx.db)]);
  return { ...tab, masking, watched: watchedDeliveries(tab.contract, sources) };
}
