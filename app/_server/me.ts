import { readApplied } from "@/lib/contracts/service";
import type { WebCtx } from "./context";
import { store } from "./store";

/** Who looks, and at which environment, which every screen names. */
export async function me<A extends WebCtx["actor"]>(ctx: WebCtx & { actor: A }): Promise<{ actor: A; environment: string }> {
  return { actor: ctx.actor, environment: (await readApplied(ctx.db))?.environment ?? "" };
}

/** The environment for those who are not signed in yet: its name is all that a stranger learns. Empty while the store is away, since these pages open then too. */
export const environment = (): Promise<string> =>
  readApplied(store().db).then(
    (applied) => applied?.environment ?? "",
    () => "",
  );
