import { readApplied } from "@/lib/contracts/service";
import type { WebCtx } from "./context";

/** Who looks, and at which environment, which every screen names. */
export async function me(ctx: WebCtx): Promise<{ actor: WebCtx["actor"]; environment: string }> {
  return { actor: ctx.actor, environment: (await readApplied(ctx.db))?.environment ?? "" };
}
