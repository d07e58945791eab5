import type { Ctx } from "../context";
import { readConfigurationReports } from "../contracts/service";
import { selectWorkers } from "../leases/sql";
import { zoneFilter } from "../permissions";
import { type RuleRow, selectRules } from "../reconciliation/rule.sql";
import { problemAt } from "../reconciliation/rules";
import { type CheckCounts, selectCheckCounts } from "../sources/check.sql";
import { type SourceStatus, selectCurrentVersions } from "../sources/read.sql";
import { sourcesInScope } from "../sources/reading";
import { sourceState, timesOff } from "../sources/rules";
import type { SourceRow, SourcesView } from "../sources/views";
import type { Instant } from "../time";

/** Every source with how fresh it is, what is wrong with it, and what it has open; the workers; and what is wrong with the files. */
export async function readSources(ctx: Ctx): Promise<SourcesView> {
  const [statuses, versions, reports, workers, rules, checks] = await Promise.all([
    sourcesInScope(ctx),
    selectCurrentVersions(ctx.db),
    readConfigurationReports(ctx),
    selectWorkers(ctx.db),
    selectRules(ctx.db, zoneFilter(ctx.actor)),
    selectCheckCounts(ctx.db),
  ]);
  const owners = new Map(statuses.flatMap(({ sourceId, consumers }) => consumers.map((one) => [one, sourceId] as const)));
  return {
    now: ctx.now,
    sources: statuses.map((status) => rowOf(status, { versions, rules, checks, owners }, ctx.now)),
    configuration: configurationOf(ctx, reports),
    workers,
  };
}

type Beside = {
  versions: Awaited<ReturnType<typeof selectCurrentVersions>>;
  rules: readonly RuleRow[];
  checks: readonly CheckCounts[];
  /** The source of each consumer. */
  owners: ReadonlyMap<string, string>;
};

function rowOf(status: SourceStatus, { versions, rules, checks, owners }: Beside, now: Instant): SourceRow {
  const check = checks.find(({ sourceId }) => sourceId === status.sourceId);
  return {
    sourceId: status.sourceId,
    service: status.service,
    preset: status.preset,
    consumers: status.consumers,
    act: status.act,
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
    figures: status.figures,
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
