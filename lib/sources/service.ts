import type { Ctx } from "../context";
import { Refusal } from "../refusal";
import { selectCheck } from "./check.sql";
import { sourcesInScope } from "./reading";
import type { SourceCheckView } from "./views";

/** How a source is set up, as a worker last found it. */
export async function readSourceCheck(ctx: Ctx, { sourceId }: { sourceId: string }): Promise<SourceCheckView> {
  const isTheirs = (await sourcesInScope(ctx)).some((source) => source.sourceId === sourceId);
  const found = isTheirs ? await selectCheck(ctx.db, sourceId) : null;
  if (!found) throw new Refusal("not_found", "There is no such source, or it is not in your zones.");
  return { sourceId, checkedAt: found.checkedAt, checks: found.checks ?? [] };
}
