import type { Ctx } from "../context";
import { readConfigurationReports } from "../contracts/service";
import { zoneFilter } from "../permissions";
import { selectRules } from "../reconciliation/rule.sql";
import { problemAt } from "../reconciliation/rules";
import { selectCurrentVersions, selectLooks, selectWorkers } from "./read.sql";
import { sourceState, timesOff } from "./rules";
import type { SourcesView } from "./views";

/** Every source with how fresh it is, what is wrong with it, and what it has open; the workers; and what is wrong with the files. */
export async function readSources(ctx: Ctx): Promise<SourcesView> {
  const [looks, versions, reports, workers, rules] = await Promise.all([
    selectLooks(ctx.db),
    selectCurrentVersions(ctx.db),
    readConfigurationReports(ctx),
    selectWorkers(ctx.db),
    selectRules(ctx.db, zoneFilter(ctx.actor)),
  ]);
  const live = reports.filter((report) => report.live);
  return {
    now: ctx.now,
    sources: looks.map((look) => ({
      sourceId: look.sourceId,
      service: look.service,
      preset: look.preset,
      consumers: look.consumers,
      act: look.act,
      state: sourceState(look, ctx.now),
      observedAt: look.observedAt,
      error:
        look.error === null ? null : { message: look.error, since: look.failedSince ?? ctx.now, nextLookAt: look.nextLookAt },
      notCompared: rules.flatMap(({ zoneId, rule, error, errorSince }) => {
        const problem = problemAt(look.sourceId, error);
        return problem === null ? [] : [{ zoneId, rule, problem, since: errorSince ?? ctx.now }];
      }),
      heldBy: look.leaseOwner,
      lookMs: look.lookMs,
      clockOffsetMs: look.clockOffsetMs,
      timesOff: timesOff(look, ctx.now),
      longTransactionMs: look.longTransactionMs,
      backlog: look.backlog,
      figures: look.figures,
      oddRowsN: look.oddRowsN,
      versions: versions
        .filter((version) => version.sourceId === look.sourceId)
        .map(({ consumer, version, since }) => ({ consumer, version, since })),
      rereadAt: look.rereadAt,
      rereadWhy: look.rereadWhy,
    })),
    configuration: {
      ok: live.every((report) => report.ok && !report.differs),
      at: live.length > 0 ? Math.max(...live.map((report) => report.at)) : null,
      problems: live.flatMap((report) => [
        ...report.problems.map(({ file, line, column, message, severity }) => ({
          workerId: report.workerId,
          file,
          line,
          column,
          message,
          severity,
        })),
        ...(report.differs
          ? [
              {
                workerId: report.workerId,
                file: "accord.yaml",
                line: 1,
                column: 1,
                message: "This worker's files differ from what is in force, and are not applied.",
                severity: "error" as const,
              },
            ]
          : []),
      ]),
    },
    workers,
  };
}
