import { run } from "graphile-worker";
import PgBoss from "pg-boss";
import { getDisabledLogger, initializePollingMessageListener } from "pg-transactional-outbox";
import { testPool } from "../db/testing";

/**
 * A service's worker on a real framework, as a process of its own: `framework url state`. Broken, every job fails as a missing stock makes it
 * fail; mended, a job has its effect, and one in fifty still fails.
 */
const [framework, url, state] = process.argv.slice(2) as [string, string, "broken" | "mended"];
const pool = testPool(url, 4);

type Client = { query: (text: string, values: unknown[]) => Promise<unknown> };
async function reserve(order: number, client: Client): Promise<void> {
  if (state === "broken" || order % 50 === 0) throw new TypeError(`no stock for order ${order}`);
  // Whoever delivers at least once needs a handler that may come again.
  await client.query("insert into effect (order_id) values ($1) on conflict do nothing", [order]);
}

const start: Record<string, () => Promise<unknown>> = {
  "pg-boss": async () => {
    const boss = new PgBoss({ connectionString: url, max: 4, supervise: true, maintenanceIntervalSeconds: 1, schedule: false });
    boss.on("error", () => {});
    await boss.start();
    await boss.work<{ order: number }>("reserve", { batchSize: 20, pollingIntervalSeconds: 0.5 }, async (jobs) => {
      for (const job of jobs)
        await reserve(job.data.order, pool).then(
          () => boss.complete("reserve", job.id),
          (error: Error) => boss.fail("reserve", job.id, { name: error.name, message: error.message, stack: error.stack }),
        );
    });
  },
  "graphile-worker": () =>
    run({
      pgPool: pool,
      concurrency: 4,
      pollInterval: 500,
      noHandleSignals: true,
      logger: undefined,
      taskList: { reserve: (payload) => reserve((payload as { order: number }).order, pool) },
    }),
  "pg-transactional-outbox": async () =>
    initializePollingMessageListener(
      {
        outboxOrInbox: "inbox",
        dbListenerConfig: { connectionString: url },
        settings: {
          ...{ dbSchema: "public", dbTable: "inbox", nextMessagesFunctionName: "next_inbox_messages", nextMessagesBatchSize: 20 },
          ...{ nextMessagesPollingIntervalInMs: 50, nextMessagesLockInMs: 2_000, maxAttempts: 1 },
          ...{ enableMaxAttemptsProtection: true, enablePoisonousMessageProtection: false },
        },
      },
      { handle: (message, client) => reserve((message.payload as { order: number }).order, client) },
      getDisabledLogger(),
    ),
};

await start[framework]!();
