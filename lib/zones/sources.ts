import type { Ctx } from "../context";
import { contractMap } from "../contracts/map.rules";
import { readConfigurationReports, readContracts } from "../contracts/service";
import { countOpenByConsumer } from "../dead-letters/sql";
import { selectWorkers } from "../leases/sql";
import { canRead, zoneFilter } from "../permissions";
import { type RuleRow, selectRules } from "../reconciliation/rule.sql";
import { problemAt } from "../reconciliation/rules";
import { recordedWords } from "../sources/abilities-words";
import { type CheckCounts, selectCheckCounts } from "../sources/check.sql";
import { selectCountsAt } from "../sources/counts.sql";
import { trendBuckets } from "../sources/flows.rules";
import { type SourceStatus, selectCurrentVersions } from "../sources/read.sql";
import { sourcesInScope } from "../sources/reading";
import { sourceState, timesOff } from "../sources/rules";
import type { SourceRow, SourcesView } from "../sources/views";
import type { Instant } from "../time";
import { agreedOf, eventsAt, flowsOf, type Known } from "./flows.rules";

/** Every source with how fresh it is, what is wrong with it, and what it has open; the workers; and what is wrong with the files. */
export async function readSources(ctx: Ctx): Promise<SourcesView> {
  const [statuses, reports, workers] = await Promise.all([
    sourcesInScope(ctx),
    readConfigurationReports(ctx),
    selectWorkers(ctx.db),
  ]);
  const beside = await besideOf(ctx, statuses);
  return {
    now: ctx.now,
    sources: statuses.map((status) => rowOf(status, beside, ctx.now)),
    configuration: configurationOf(ctx, reports),
    workers,
  };
}

/** What is told of sources beside their status, each question asked once for all of them. */
export async function besideOf(ctx: Ctx, statuses: readonly SourceStatus[]): Promise<Beside> {
  const scope = zoneFilter(ctx.actor);
  const contracts = await readContracts(ctx.db);
  const agreed = agreedOf(
    contracts.filter(({ zoneId }) => canRead(ctx.actor, zoneId)),
    contractMap(contracts, statuses),
  );
  const from = (Math.floor(ctx.now / trendBuckets.stepMs) - trendBuckets.n + 1) * trendBuckets.stepMs;
  const [versions, rules, checks, counts, parked] = await Promise.all([
    selectCurrentVersions(ctx.db),
    selectRules(ctx.db, scope),
    selectCheckCounts(ctx.db),
    selectCountsAt(ctx.db, eventsAt(agreed), from),
    countOpenByConsumer(ctx.db, scope),
  ]);
  const owners = new Map(statuses.flatMap(({ sourceId, consumers }) => consumers.map((one) => [one, sourceId] as const)));
  return { versions, rules, checks, owners, flows: { agreed, all: scope === null, statuses, counts, parked } };
}

type Beside = {
  versions: Awaited<ReturnType<typeof selectCurrentVersions>>;
  rules: readonly RuleRow[];
  checks: readonly CheckCounts[];
  /** The source of each consumer. */
  owners: ReadonlyMap<string, string>;
  flows: Known;
};

export function rowOf(status: SourceStatus, { versions, rules, checks, owners, flows }: Beside, now: Instant): SourceRow {
  const { flows: _, ...figures } = status.figures ?? {};
  const check = checks.find(({ sourceId }) => sourceId === status.sourceId);
  return {
    sourceId: status.sourceId,
    service: status.service,
    preset: status.preset,
    consumers: status.consumers,
    act: status.act,
    abilities: status.abilities,
    records: recordedWords(status),
    state: sourceState(status, now),
    observedAt: status.observedAt,
    error:
      status.error === null ? null : { message: status.error, since: status.failedSince ?? now, nextLookAt: status.nextPollAt },
    notCompared: rules.flatMap(({ zoneId, rule, error, errorSince }) => {
      const problem = problemAt(status.sourceId, error);
      return problem === null ? [] : [{ zoneId, rule, problem, since: errorSince ?? now }];
    }),
    heldBy: status.leaseOwner,
    lookMs: status.pollMs,
    clockOffsetMs: status.clockOffsetMs,
    timesOff: timesOff(status, now),
    longTransactionMs: status.longTransactionMs,
    backlog: status.backlog,
    figures: status.figures && (figures as SourceRow["figures"]),
    flows: flowsOf(status, flows, now),
    oddRowsN: status.oddRowsN,
    foreign: status.foreignConsumers.map((consumer) => ({ consumer, ownerId: owners.get(consumer) ?? null })),
    versions: versions
      .filter((version) => version.sourceId === status.sourceId)
      .map(({ consumer, version, since }) => ({ consumer, version, since })),
    rereadAt: status.rereadAt,
    rereadWhy: status.rereadWhy,
    setUp: check ? { checkedAt: check.checkedAt, failN: check.failN, warnN: check.warnN, unknownN: check.unknownN } : null,
  };
}

/** What is wrong with the files. Their lines name zones and services: who does not see all zones is told how many problems there are. */
function configurationOf(ctx: Ctx, reports: Awaited<ReturnType<typeof readConfigurationReports>>): SourcesView["configuration"] {
  const live = reports.filter((report) => report.live);
  const problems = live.flatMap(({ workerId, differs, problems }) => [
    ...problems.map(({ file, line, column, message, severity }) => ({ workerId, file, line, column, message, severity })),
    ...(differs ? [{ workerId, ...DIFFERS }] : []),
  ]);
  const seesAll = zoneFilter(ctx.actor) === null;
  return {
    ok: live.every((report) => report.ok && !report.differs),
    at: live.length > 0 ? Math.max(...live.map((report) => report.at)) : null,
    problems: seesAll ? problems : [],
    hiddenN: seesAll ? 0 : problems.length,
  };
}

const DIFFERS = {
  file: "accord.yaml",
  line: 1,
  column: 1,
  message: "This worker's files differ from what is in force, and are not applied.",
  severity: "error",
} as const;
