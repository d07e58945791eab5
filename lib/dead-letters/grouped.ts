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
  const sum = isOfGroups(queries) ? sumByGroups : sumByLetters;
  const rows = await withinTime(ctx.db, (tx) => sum(tx, queries, by, zoneFilter(ctx.actor), ctx.now));
  const atLeast = sum === sumByLetters && by !== "zone" && rows.reduce((n, row) => n + row.messagesN, 0) > COUNT_MAX;
  return { rows: by === "zone" ? rows.filter(({ value }) => canRead(ctx.actor, value)) : rows, atLeast };
}
