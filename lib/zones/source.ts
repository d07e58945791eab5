import type { Ctx } from "../context";
import { selectGroupsOfSource } from "../dead-letters/sql";
import { lagsOf } from "../lag/service";
import { zoneFilter } from "../permissions";
import { type Range, spanOf } from "../range";
import { Refusal } from "../refusal";
import { errorTitle, letterRecords } from "../sources/abilities-words";
import { selectEventCounts } from "../sources/counts.sql";
import type { SourceStatus } from "../sources/read.sql";
import { sourcesInScope } from "../sources/reading";
import { selectDeploys } from "../sources/sql";
import type { SourceView } from "../sources/views";
import { days } from "../time";
import { consumedOf, publishedOf } from "./flows.rules";
import { besideOf, rowOf } from "./sources";
import type { SourceLagView } from "./views";

const GROUPS_MAX = 10;
const DEPLOYS_MAX = 20;

/** One source with what goes through it by zone, what fails there, and which versions came; by its name in accord.yaml or its service's. */
export async function readSource(ctx: Ctx, { sourceId: name }: { sourceId: string }): Promise<SourceView> {
  const { statuses, status } = await sourceNamed(ctx, name);
  const { sourceId } = status;
  const [beside, groups, deploys, counts] = await Promise.all([
    besideOf(ctx, statuses),
    selectGroupsOfSource(ctx.db, sourceId, zoneFilter(ctx.actor), GROUPS_MAX),
    selectDeploys(ctx.db, ctx.now - days(400), ctx.now, [sourceId]),
    selectEventCounts(ctx.db, sourceId),
  ]);
  const { agreed } = beside.flows;
  const services = new Map(statuses.map((one) => [one.sourceId, one.service]));
  return {
    now: ctx.now,
    source: rowOf(status, beside, ctx.now),
    publishes: publishedOf(status, agreed, counts),
    consumes: consumedOf(sourceId, agreed, counts, services),
    failing: groups.map(({ groupId, consumer, eventType, errorType, template, openN, lastAt }) => ({
      groupId: String(groupId),
      consumer,
      eventType,
      errorType: errorTitle(errorType, template, letterRecords(status)),
      template,
      openN,
      lastAt,
    })),
    deploys: deploys.slice(0, DEPLOYS_MAX).map(({ consumer, version, at, kind }) => ({ consumer, version, at, kind })),
  };
}

// Colours that are told apart also by those who see fewer of them.
const LINES_MAX = 4;

/** The lags of what goes through a source over a range, a line for each consumer, the worst first, and for its outbox. */
export async function readSourceLag(
  ctx: Ctx,
  { sourceId: name, range }: { sourceId: string; range: Range },
): Promise<SourceLagView> {
  const { statuses, status } = await sourceNamed(ctx, name);
  const { sourceId } = status;
  const beside = await besideOf(ctx, statuses);
  const flows = rowOf(status, beside, ctx.now).flows.filter((flow) => flow.kind !== "none");
  const shown = flows.slice(0, LINES_MAX);
  const windows = flows.flatMap(({ windowMs }) => windowMs ?? []);
  const { from, to } = spanOf(range, ctx.now);
  const zones = [...new Set(beside.flows.agreed.map(({ zoneId }) => zoneId))];
  const of = shown.map(({ kind, name }) =>
    kind === "outbox" ? ({ measure: "publish", name: sourceId } as const) : ({ measure: "processing", name } as const),
  );
  const [{ stepMs, lines }, deploys] = await Promise.all([
    lagsOf(ctx.db, zones, of, { from, to, now: ctx.now }),
    selectDeploys(ctx.db, from, to, [sourceId]),
  ]);
  return {
    from: lines[0]?.[0]?.at ?? from,
    to,
    stepMs,
    windowMs: windows.length === 0 ? null : Math.min(...windows),
    lines: shown.map(({ kind, name }, i) => ({ kind: kind === "outbox" ? kind : "consumer", name, points: lines[i]! })),
    moreN: flows.length - shown.length,
    marks: deploys.map(({ at, kind, consumer, version }) => ({ at, kind, label: `${consumer} ${version}` })),
  };
}

/** The source of that name, or of the service of that name, among those that the actor may know of. */
async function sourceNamed(ctx: Ctx, name: string): Promise<{ statuses: SourceStatus[]; status: SourceStatus }> {
  const statuses = await sourcesInScope(ctx);
  const status = statuses.find((one) => one.sourceId === name) ?? statuses.find((one) => one.service === name);
  if (!status) throw new Refusal("not_found", "There is no such source, or it is not in your zones.");
  return { statuses, status };
}
