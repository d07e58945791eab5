import type { Ctx } from "../context";
import { readContracts } from "../contracts/service";
import { selectOperationMarks } from "../operations/read.sql";
import { selectHoldMarks } from "../sagas/holds.sql";
import { selectSourceStatuses } from "../sources/read.sql";
import { selectDeploys } from "../sources/sql";
import type { Instant } from "../time";
import { counted } from "../words";
import type { Mark } from "./views";

/** Deploys and operators' acts in some zones; null is all. */
export async function marksOf(ctx: Ctx, zones: string[] | null, from: Instant, to: Instant): Promise<Mark[]> {
  const [deploys, operations, holds] = await Promise.all([
    selectDeploys(ctx.db, from, to),
    selectOperationMarks(ctx.db, zones, from, to),
    selectHoldMarks(ctx.db, zones, from, to),
  ]);
  const consumers = zones === null ? null : await consumersOf(ctx, zones);
  return [
    ...deploys
      .filter((deploy) => consumers === null || consumers.has(deploy.consumer))
      .map((deploy): Mark => ({ at: deploy.at, kind: deploy.kind, label: `${deploy.consumer} ${deploy.version}` })),
    ...operations.map(
      (operation): Mark => ({
        at: operation.at,
        kind: "operator",
        label: `${operation.kind}, ${operation.itemsN.toLocaleString("en-US")} by ${operation.by}`,
        href: `/operations/${operation.operationId}`,
      }),
    ),
    ...holds.map(
      ({ at, kind, sagasN, by }): Mark => ({ at, kind: "operator", label: `${kind}, ${counted(sagasN, "saga")} by ${by}` }),
    ),
  ].sort((a, b) => a.at - b.at);
}

/** Who produces or reads the events of some zones, by the names that deploys have. */
export async function consumersOf(ctx: Ctx, zones: readonly string[]): Promise<Set<string>> {
  const [contracts, statuses] = await Promise.all([readContracts(ctx.db), selectSourceStatuses(ctx.db)]);
  const events = contracts.filter((contract) => zones.includes(contract.zoneId)).flatMap((contract) => contract.semantics.events);
  const producers = new Set(events.map((event) => event.from));
  return new Set([
    ...events.flatMap((event) => event.to),
    ...statuses.filter((status) => producers.has(status.sourceId)).map((status) => status.service),
  ]);
}
