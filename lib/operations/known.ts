import type { Ctx } from "../context";
import { zoneFilter } from "../permissions";
import { Refusal } from "../refusal";
import { type StoredOperation, selectOperation } from "./read.sql";

/** An operation in one of the asker's zones; what is in none of them is not there. */
export async function readVisible(ctx: Ctx, operationId: number): Promise<StoredOperation> {
  const stored = await selectOperation(ctx.db, operationId);
  const zones = zoneFilter(ctx.actor);
  if (!stored || (zones !== null && !stored.zones.some((zone) => zones.includes(zone))))
    throw new Refusal("not_found", `There is no OP-${operationId}, or it is not in your zones.`);
  return stored;
}
