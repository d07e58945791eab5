import type { Payload } from "../../../client/src";
import { openPool, type Tx } from "../cluster";
import type { Framework, JobWork } from "../framework";
import { doOnce } from "../handled";

// It is told of new jobs; asking is for those whose pause is over.
const POLL_MS = 1_000;
const TRIES = 3;

/** A service whose jobs are one task of Graphile Worker. */
export function onGraphileWorker(task: string, work: JobWork): Framework {
  return {
    preset: "graphile-worker",
    variant: "0.14 and later",
    underWay: "graphile_worker._private_jobs where attempts < max_attempts or locked_at is not null",
    async install(url) {
      const { runMigrations } = await import("graphile-worker");
      const pgPool = openPool(url, 2, "install");
      await runMigrations({ pgPool, logger: await silent() }).finally(() => pgPool.end());
    },
    async work(service) {
      const { run } = await import("graphile-worker");
      // There is one process of each service: whoever holds a job now is dead.
      await service.pool.query(
        "select graphile_worker.force_unlock_workers(array(select distinct locked_by from graphile_worker.jobs where locked_by is not null))",
      );
      const runner = await run({
        pgPool: service.pool,
        concurrency: 1,
        pollInterval: POLL_MS,
        noHandleSignals: true,
        logger: await silent(),
        taskList: { [task]: (data, { job }) => doOnce(service, task, { id: job.id, data: data as Payload }, work) },
      });
      return runner;
    },
  };
}

/** Adds a job, in the caller's transaction. */
export async function addJob(tx: Tx, task: string, data: Payload): Promise<void> {
  await tx.query("select graphile_worker.add_job($1, $2, max_attempts => $3)", [task, data, TRIES]);
}

// Each failure lies in the job's row, where it is looked for.
async function silent() {
  const { Logger } = await import("graphile-worker");
  return new Logger(() => () => {});
}
