import { type ChildProcess, spawn } from "node:child_process";
import { sql } from "drizzle-orm";
import { runMigrations } from "graphile-worker";
import PgBoss from "pg-boss";
import { DatabaseSetup } from "pg-transactional-outbox";
import { expect } from "vitest";
import { testFiles } from "../contracts/testing";
import { rows } from "../db/rows";
import { testDatabase, testPool, testStore, until } from "../db/testing";
import { program } from "../launch/programs";
import { root } from "../launch/root";
import { parseAct } from "../operations/input";
import { requestRetry } from "../operations/service";
import { makeOperator } from "../operators/testing";

export type Framework = {
  preset: string;
  consumer: string;
  type: string;
  /** How the configuration finds what a job works on. */
  key: string;
  make: (url: string, run: (text: string) => Promise<unknown>) => Promise<void>;
  enqueue: (n: number) => string;
  parked: string;
  /** Whether each job, by its order, is done or failed for the framework itself. */
  ends: string;
  /** What an operator of the framework does after a crash of its worker. */
  release: string;
};

const ptoConfig = {
  outboxOrInbox: "inbox" as const,
  database: "",
  schema: "public",
  table: "inbox",
  listenerRole: "",
  nextMessagesName: "next_inbox_messages",
};

export const frameworks: Framework[] = [
  {
    ...{ preset: "pg-boss", consumer: "reserve", type: "reserve", key: "t.data->>'order'" },
    make: async (_, run) => {
      await run(PgBoss.getConstructionPlans("pgboss"));
      await run(`select pgboss.create_queue('reserve', '{"policy": "standard", "retryLimit": 0, "expireInSeconds": 2}')`);
    },
    enqueue: (n) =>
      `insert into pgboss.job (name, data, retry_limit, expire_in) select 'reserve', jsonb_build_object('order', i), 0, interval '2 s' from generate_series(1, ${n}) i`,
    parked: "select count(*)::int as n from pgboss.job where state = 'failed'",
    ends: "select (data->>'order')::int as \"order\", state::text = 'completed' as done from pgboss.job",
    release: "select 1",
  },
  {
    ...{ preset: "graphile-worker", consumer: "reserve", type: "reserve", key: "t.payload->>'order'" },
    make: (url) => runMigrations({ connectionString: url }),
    enqueue: (n) =>
      `select graphile_worker.add_job('reserve', json_build_object('order', i), max_attempts => 1) from generate_series(1, ${n}) i`,
    parked: "select count(*)::int as n from graphile_worker.jobs where attempts >= max_attempts and locked_at is null",
    ends: "select i as \"order\", not exists (select 1 from graphile_worker._private_jobs where (payload->>'order')::int = i) as done from generate_series(1, (select max(order_id) from orders)) i",
    release:
      "select graphile_worker.force_unlock_workers(array(select distinct locked_by from graphile_worker.jobs where locked_by is not null))",
  },
  {
    ...{ preset: "pg-transactional-outbox", consumer: "inbox", type: "Placed", key: "t.aggregate_id" },
    make: async (_, run) => {
      await run(DatabaseSetup.dropAndCreateTable(ptoConfig));
      await run(DatabaseSetup.createPollingFunction(ptoConfig));
      await run(DatabaseSetup.setupPollingIndexes(ptoConfig));
    },
    enqueue: (n) =>
      `insert into inbox (id, aggregate_type, aggregate_id, message_type, segment, payload) select gen_random_uuid(), 'order', i, 'Placed', i, jsonb_build_object('order', i) from generate_series(1, ${n}) i`,
    parked: "select count(*)::int as n from inbox where abandoned_at is not null",
    ends: "select (payload->>'order')::int as \"order\", processed_at is not null as done from inbox",
    release: "select 1",
  },
];

const contract = ({ consumer, type }: Framework) => `version: 1
zone: reservations
title: Reservations
promise: What is ordered is reserved.
facts: [{ fact: reservation, authority: app }]
expectation: { class: eventual, window: 10m }
semantics: { events: { ${type}: { from: app, to: [${consumer}], means: Ordered. } } }
recovery: { retry: { attempts: 1 }, approvals: { retry_above: 5000 } }
accountability: { owner: stock }
`;
const accord = ({ preset, consumer, key }: Framework) => `version: 1
environment: test
sources:
  app: { service: app, preset: ${preset}, url: "\${APP}", consumers: [${consumer}], observe_every: 200ms, dead_letters: { key: "${key}" } }
contracts: ./contracts
`;

/** A process, and its end: by SIGKILL, as a machine that is gone. */
function started(args: readonly string[], env: Record<string, string>): { kill: () => Promise<void> } {
  const child: ChildProcess = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env, LOG_LEVEL: "silent" },
    stdio: "ignore",
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/**
 * So many jobs fail at a real worker; Accord's worker sees and groups them; they are retried as one operation, carried out by the framework's own
 * worker, while both are killed again and again. Afterwards each item's outcome is what its job says, and each job had its effect once.
 */
export async function frameworkStory(framework: Framework, { jobsN, killsN }: { jobsN: number; killsN: number }): Promise<void> {
  const [store, database] = await Promise.all([testStore(4), testDatabase("framework")]);
  const service = testPool(database.url, 2);
  const run = (text: string) => service.query(text);
  const count = async (text: string) => (await service.query<{ n: number }>(text)).rows[0]!.n;
  const files = await testFiles({ "accord.yaml": accord(framework), "contracts/zone.yaml": contract(framework) });
  const accordWorker = () =>
    started(program("worker"), { DATABASE_URL: store.url, ACCORD_CONFIG: files.path, APP: database.url });
  const script = new URL("./framework.testing.ts", import.meta.url).pathname;
  const jobWorker = (state: string) => started(["--import", "tsx", script, framework.preset, database.url, state], {});
  const processes: { kill: () => Promise<void> }[] = [];
  const keep = <T extends { kill: () => Promise<void> }>(process: T): T => {
    processes.push(process);
    return process;
  };
  try {
    await framework.make(database.url, run);
    await run("create table effect (order_id integer primary key); create table orders (order_id integer)");
    await run(`insert into orders select generate_series(1, ${jobsN})`);
    await run(framework.enqueue(jobsN));
    const broken = keep(jobWorker("broken"));
    await until(async () => (await count(framework.parked)) === jobsN, { withinMs: 60_000 });
    await broken.kill();

    let accord = keep(accordWorker());
    const groups = await until(
      async () => {
        const found = await rows<{ id: number; n: number; error: string; keys: number }>(
          store.db,
          sql`select g.group_id as id, g.open_n as n, g.template as error, (select count(distinct business_key)::int from dead_letter d where d.group_id = g.group_id) as keys from dead_letter_group g`,
        );
        return found.reduce((sum, { n }) => sum + n, 0) === jobsN && found;
      },
      { withinMs: 60_000 },
    );
    // One cause is one group, whatever the numbers in its words.
    expect(groups).toMatchObject([{ n: jobsN, keys: jobsN }]);
    const { ctx } = await makeOperator(store.db, Date.now(), { name: "Jo" });
    const { operationId } = await requestRetry(
      ctx,
      parseAct({ selection: { groups: [groups[0]!.id] }, reason: "the stock is back again", key: "all" }),
    );

    let jobs = keep(jobWorker("mended"));
    const endedN = async () =>
      (await rows(store.db, sql`select 1 from operation_outcome where operation_id = ${operationId}`)).length;
    for (let kill = 1; kill <= killsN; kill++) {
      await until(async () => (await endedN()) >= (jobsN * kill) / (killsN + 1) - 20, { withinMs: 120_000, everyMs: 20 });
      await Promise.all([accord.kill(), jobs.kill()]);
      await run(framework.release);
      accord = keep(accordWorker());
      jobs = keep(jobWorker("mended"));
    }
    await until(
      async () =>
        (await rows(store.db, sql`select 1 from operation where operation_id = ${operationId} and ended_at is not null`)).length >
        0,
      { withinMs: 120_000 },
    );

    const ends = new Map(
      (await service.query<{ order: number; done: boolean }>(framework.ends)).rows.map(({ order, done }) => [
        String(order),
        done,
      ]),
    );
    const items = await rows<{ key: string; outcome: string }>(
      store.db,
      sql`select i.business_key as key, o.outcome from operation_item i join operation_outcome o using (operation_id, item) where operation_id = ${operationId}`,
    );
    expect(items).toHaveLength(jobsN);
    expect(items.filter(({ key, outcome }) => outcome !== (ends.get(key) ? "succeeded" : "failed_again"))).toEqual([]);
    // A job that its framework gave up for a killed worker failed again, whatever of it was done; every other has its effect, once.
    const done = [...ends].flatMap(([order, isDone]) => (isDone ? [order] : []));
    const { rows: effects } = await service.query<{ order: string }>("select order_id::text as order from effect");
    expect(done.filter((order) => !effects.some((effect) => effect.order === order))).toEqual([]);
    expect(done.length).toBeGreaterThan(jobsN / 2);
    expect([...ends.keys()].filter((key) => Number(key) % 50 === 0 && ends.get(key))).toEqual([]);
  } finally {
    await Promise.all(processes.map((one) => one.kill()));
    await service.end();
    await files.remove();
    await Promise.all([store.close(), database.drop()]);
  }
}
