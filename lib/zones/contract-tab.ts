import type { Ctx } from "../context";
import { readContractTab } from "../contracts/service";
import { maskingSeen } from "../dead-letters/masking-seen";
import type { ZoneContractTab } from "./views";

/** A zone's contract, and whether the paths that it masks lead to anything in what came. */
export async function readZoneContract(ctx: Ctx, { zoneId }: { zoneId: string }): Promise<ZoneContractTab> {
  const tab = await readContractTab(ctx, { zoneId });
  return { ...tab, masking: await maskingSeen(ctx.db, zoneId, tab.contract.masking) };
}
