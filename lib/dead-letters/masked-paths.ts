import type { Ctx } from "../context";
import { readContracts } from "../contracts/service";
import { zoneFilter } from "../permissions";
import { Refusal } from "../refusal";
import { isPathMasked, printPayloadPath } from "./payload-path.rules";
import type { Query } from "./query.rules";
import { selectZonesMeant } from "./query-zones.sql";

/**
 * Refuses a query over what a contract masks: whether a guess is right would be an answer. Every zone counts in which a group stands that the
 * query means, also one that its reader may not see, since its masking holds for the same payloads.
 */
export async function refuseMasked(ctx: Ctx, queries: readonly Query[]): Promise<void> {
  const paths = queries.flatMap(({ conditions }) => conditions.flatMap(({ path }) => (path === null ? [] : [path])));
  if (paths.length === 0) return;
  const contracts = await readContracts(ctx.db);
  // What nobody masks is masked in no zone: as a rule all groups need not be looked through for theirs.
  const anywhere = contracts.flatMap((contract) => contract.masking);
  if (!paths.some((path) => isPathMasked(path, anywhere))) return;
  const zones = await selectZonesMeant(ctx.db, queries, zoneFilter(ctx.actor), ctx.now);
  const masking = contracts.filter(({ zoneId }) => zones.includes(zoneId)).flatMap((contract) => contract.masking);
  const masked = paths.find((path) => isPathMasked(path, masking));
  if (masked)
    throw new Refusal(
      "invalid",
      `${printPayloadPath(masked)} is masked where this would look, so it cannot be asked for. Ask by another path, or narrow to a zone that does not mask it.`,
      { field: "query" },
    );
}
