import type PgBoss from "pg-boss";
import type { Payload } from "../../../client/src";
import { asAdmin, type Tx } from "../cluster";
import type { Framework, JobWork } from "../framework";
import { doOnce } from "../handled";

// It is needed by the process of one service only.
const load = async (): Promise<typeof PgBoss> => (await import("pg-boss")).default;

// Three tries within some seconds.
const queueOptions = { policy: "standard", retryLimit: 2, retryDelay: 2, expireInSeconds: 60 };
// Whoever dies at a job gives it back when it has expired, and this has looked.
const MAINTENANCE_S = 30;
const POLL_S = 1;
const BATCH = 20;
const STOP_MS_MAX = 2_000;

/** A service whose jobs lie in one queue of pg-boss. */
export function onPgBoss(queue: string, work: JobWork): Framework {
  return {
    preset: "pg-boss",
    variant: "v10",
    underWay: "pgboss.job where state in ('created', 'retry', 'active')",
    install: (url) =>
      asAdmin(url, async (client) => {
        const { rows } = await client.query<{ there: boolean }>("select to_regclass('pgboss.job') is not null as there");
        if (!rows[0]!.there) await client.query((await load()).getConstructionPlans("pgboss"));
        await client.query("select pgboss.create_queue($1, $2)", [queue, queueOptions]);
      }),
    async work(service) {
      const Boss = await load();
      const boss = new Boss({
        db: { executeSql: (text, values) => service.pool.query(text, values) },
        schedule: false,
        maintenanceIntervalSeconds: MAINTENANCE_S,
      });
      boss.on("error", (error) => service.log(`pg-boss: ${error.message}`));
      await boss.start();
      await boss.work<Payload>(queue, { batchSize: BATCH, pollingIntervalSeconds: POLL_S }, async (jobs) => {
        for (const job of jobs)
          await doOnce(service, queue, job, work).then(
            () => boss.complete(queue, job.id),
            ({ name, message, stack }: Error) => boss.fail(queue, job.id, { name, message, stack }),
          );
      });
      return { stop: () => boss.stop({ wait: true, timeout: STOP_MS_MAX }) };
    },
  };
}

let sender: Promise<PgBoss> | undefined;

/** Puts a job into a queue, by pg-boss itself and in the caller's transaction. */
export async function send(tx: Tx, queue: string, data: Payload): Promise<void> {
  sender ??= load().then((Boss) => new Boss({ db: on(nobody) }));
  await (await sender).send(queue, data, { db: on(tx) });
}

const on = (client: Pick<Tx, "query">) => ({ executeSql: (text: string, values: unknown[]) => client.query(text, values) });
// It enqueues and is never started: whatever it does is given a transaction.
const nobody = { query: () => Promise.reject(new Error("There is no transaction.")) } as unknown as Tx;
