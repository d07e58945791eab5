import { auditedOnce } from "../audited";
import { actorId, type Ctx } from "../context";
import type { Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import { Refusal } from "../refusal";
import { type ListedSource, selectSources } from "../sources/read.sql";
import { lockVersions } from "../sources/sql";
import { days, minutes } from "../time";
import type { DeployRequest } from "./input";
import { insertReported, type Place, type ReportedMark } from "./sql";

/** What is marked now, and whether the same key had marked it before. */
export type MarkedDeploy = { marks: ReportedMark[]; repeated: boolean };

// Clocks of build machines differ from the store's by less; what lies further back is not on any chart that tells of it.
const AHEAD_MS_MAX = minutes(5);
const BACK_MS_MAX = days(30);

/**
 * Marks a deploy or rollback on the charts of every zone that it touches, in place of what was made out from the data.
 * The same key again is the same mark.
 */
export async function markDeploy(ctx: Ctx, request: DeployRequest): Promise<MarkedDeploy> {
  const at = request.at ?? ctx.now;
  if (at > ctx.now + AHEAD_MS_MAX)
    throw new Refusal("invalid", "at: lies in the future; mark a deploy once it is out.", { field: "at" });
  if (at < ctx.now - BACK_MS_MAX) throw new Refusal("invalid", "at: lies more than 30 days back.", { field: "at" });
  const { value, repeated } = await auditedOnce(ctx, "deploy.mark", request, async () => {
    const places = placesOf(request.of, await selectSources(ctx.db));
    const named = Object.values(request.of)[0]!;
    return {
      target: { kind: "deploy", id: `${named} ${request.version}`, zones: zonesOf(places, await readContracts(ctx.db)) },
      change: async (tx) => {
        // Only after permission: what runs here is nothing that a guess should find out.
        if (places.length === 0) throw unknown(request.of);
        await lockVersions(tx, [...new Set(places.map(({ sourceId }) => sourceId))]);
        const mark = { version: request.version, kind: request.kind, at, reportedBy: actorId(ctx.actor) };
        return { marks: await insertReported(tx, places, mark) };
      },
      entry: { detail: { ...request.of, version: request.version, kind: request.kind, at } },
    };
  });
  return { ...value, repeated };
}

function placesOf(of: DeployRequest["of"], sources: readonly ListedSource[]): Place[] {
  if ("consumer" in of)
    return sources
      .filter((source) => source.consumers.includes(of.consumer) || source.service === of.consumer)
      .map(({ sourceId }) => ({ sourceId, consumer: of.consumer }));
  // As a producer a service stands under its own name.
  return sources
    .filter((source) => source.service === of.service)
    .flatMap((source) =>
      [...new Set([source.service, ...source.consumers])].map((consumer) => ({ sourceId: source.sourceId, consumer })),
    );
}

function zonesOf(places: readonly Place[], contracts: readonly Contract[]): string[] {
  const touches = (contract: Contract) =>
    contract.semantics.events.some((event) =>
      places.some(({ sourceId, consumer }) => event.from === sourceId || event.to.includes(consumer)),
    );
  return contracts.filter(touches).map((contract) => contract.zoneId);
}

function unknown(of: DeployRequest["of"]): Refusal {
  const [field, name] = Object.entries(of)[0]!;
  return new Refusal("not_found", `No source in accord.yaml has the ${field} ${JSON.stringify(name)}.`, { field });
}
