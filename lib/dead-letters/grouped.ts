import { actorId, type Ctx } from "../context";
import { canRead, zoneFilter } from "../permissions";
import { withinTime } from "./bounded.sql";
import { COUNT_MAX } from "./count.rules";
import { sumByGroups, sumByLetters } from "./grouped.sql";
import { refuseMasked } from "./masked-paths";
import { isOfGroups, type Query } from "./query.rules";
import type { Grouping } from "./rules";
import { asMe } from "./triage/query.rules";
import type { GroupedView } from "./views";

/** Open messages that match, summed by consumer, event, version or zone. */
export async function sumGroups(ctx: Ctx, { by, ...asked }: { queries: Query[]; by: Grouping }): Promise<GroupedView> {
  const queries = asMe(asked.queries, actorId(ctx.actor));
  await refuseMasked(ctx, queries);
  const scope = zoneFilter(ctx.actor);
  const shown = <Row extends { value: string }>(rows: Row[]) =>
    by === "zone" ? rows.filter(({ value }) => canRead(ctx.actor, value)) : rows;
  if (isOfGroups(queries))
    return { rows: shown(await withinTime(ctx.db, (tx) => sumByGroups(tx, queries, by, scope, ctx.now))), atLeast: false };
  const found = await withinTime(ctx.db, (tx) => sumByLetters(tx, queries, by, scope, ctx.now));
  const rows = shown(found).map(({ lookedAtN: _, ...row }) => row);
  return { rows, atLeast: found.some(({ lookedAtN }) => lookedAtN > COUNT_MAX) };
}
