import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { migrateStore } from "../../lib/db/migrate";
import type { Db } from "../../lib/db/pool";
import { openStore } from "../../lib/db/pool";
import { followRules, type RunnableRule, reconcileRule, runnableRules } from "../../lib/reconciliation/reconcile";
import { nativeSource } from "../../lib/sources/presets/native/native";
import { type Cluster, openCluster } from "../cluster";
import { heading, number, once, table, whole } from "../measure";
import type { Size } from "../size";
import { applyEstate } from "../store/contracts";
import { ruleConfiguration } from "./contract";
import { makeRelations, startTraffic } from "./live";

/** What comparing two relations costs, and what of its answers is false while both are written to. */
export async function benchReconcile({ full, keep, rows }: Size): Promise<void> {
  const cluster = await openCluster("reconcile", keep);
  try {
    await atRest(cluster, rows ?? (full ? 1_000_000 : 200_000));
    await underWrites(cluster, full ? 120_000 : 20_000);
  } finally {
    await cluster.close();
  }
}

type Estate = { db: Db; store: pg.Pool; payments: pg.Pool; orders: pg.Pool; rule: RunnableRule; close: () => Promise<void> };

async function estateOf(cluster: Cluster, keysN: number, windowS: number): Promise<Estate> {
  for (const name of ["reconcile_store", "payments", "orders"]) await cluster.drop(name);
  const storeUrl = await cluster.database("reconcile_store", (url) => migrateStore(url, { runtimePassword: "bench" }));
  const urls = [await cluster.database("payments", async () => {}), await cluster.database("orders", async () => {})] as const;
  const open = (url: string) => new pg.Pool({ connectionString: url, max: 5 });
  const [payments, orders] = [open(urls[0]), open(urls[1])];
  await makeRelations(payments, orders, keysN);
  const store = openStore(storeUrl, 6, "accord bench");
  const configuration = await ruleConfiguration(urls[0], urls[1], windowS);
  await applyEstate(store.db, configuration);
  const contracts = configuration.contracts.map(({ contract }) => contract);
  await followRules(store.db, contracts, Date.now());
  const sources = configuration.sources.map(
    ({ sourceId, url }) => [sourceId, nativeSource({ url, actUrl: url, schema: "messaging", act: false })] as const,
  );
  return {
    db: store.db,
    store: store.pool,
    payments,
    orders,
    rule: runnableRules(contracts, new Map(sources))[0]!,
    close: async () => {
      await Promise.all([...sources.map(([, source]) => source.close()), payments.end(), orders.end()]);
      await store.close();
    },
  };
}

/** A run of a rule to its end, however often it gives way. */
async function run({ db, store, rule }: Estate, duty: number): Promise<{ ms: number; rssMb: number }> {
  await store.query("update reconciliation_rule set next_run_at = now(), cursor = null");
  let rssMb = 0;
  const watch = setInterval(() => (rssMb = Math.max(rssMb, process.memoryUsage().rss / 2 ** 20)), 50);
  const { ms } = await once(async () => {
    while ((await reconcileRule({ db, workerId: "bench", duty }, rule)) === "more");
  });
  clearInterval(watch);
  return { ms, rssMb };
}

/** Two relations at rest, 200 keys of which differ: how fast they are compared, with how much memory, and what goes over the wire. */
async function atRest(cluster: Cluster, keysN: number): Promise<void> {
  const estate = await estateOf(cluster, keysN, 300);
  try {
    const baseMb = process.memoryUsage().rss / 2 ** 20;
    await estate.orders.query(
      `update payment_view set amount = amount + 1, version = 0 where order_id in (select order_id from payment_view where right(order_id, 3) = '123' limit 200)`,
    );
    heading(`Comparing ${whole(keysN)} keys with ${whole(keysN)}, at rest`);
    const body: string[][] = [];
    for (const [name, duty] of [
      ["without pauses", 1],
      ["at 25 % duty, the default", 0.25],
    ] as const) {
      const { ms, rssMb } = await run(estate, duty);
      const { rows } = await estate.store.query("select * from reconciliation_rule");
      const found = await estate.store.query("select count(*)::int as n from divergence");
      body.push([
        name,
        number(ms / 1_000),
        whole(keysN / (ms / 1_000)),
        number((100 * Number(rows[0].source_ms)) / ms),
        number(Number(rows[0].bytes_n) / 2 ** 20),
        `${number(baseMb)} → ${number(rssMb)}`,
        whole(found.rows[0].n),
      ]);
    }
    table(
      ["run", "s", "keys/s", "% of it reading", "MB of keys and values", "RSS of this process, MB", "differences found"],
      body,
    );
  } finally {
    await estate.close();
  }
}

/** The same while one side is written to and the other follows late, losing some: what a single pass reports, and what the rule confirms. */
async function underWrites(cluster: Cluster, ms: number): Promise<void> {
  heading("Under live writes");
  const body: string[][] = [];
  for (const [seed, perSecond, lagMs, hotN] of [
    [1, 400, 3_000, 0],
    [2, 400, 3_000, 20],
    [3, 1_500, 5_000, 20],
  ] as const) {
    const windowMs = 2 * lagMs;
    const estate = await estateOf(cluster, 20_000, windowMs / 1_000);
    const traffic = startTraffic(estate.payments, estate.orders, {
      keysN: 20_000,
      hotN: Math.max(1, hotN),
      perSecond,
      lagMs,
      plantedN: 60,
      plantMs: ms / 2,
      dropOneOf: 500,
      seed,
    });
    let working = true;
    const reconciling = (async () => {
      while (working) {
        await estate.store.query("update reconciliation_rule set next_run_at = least(next_run_at, now())");
        await reconcileRule({ db: estate.db, workerId: "bench", duty: 1 }, estate.rule);
        await sleep(200);
      }
    })();
    await sleep(ms);
    const single = await singlePass(estate);
    const falseN = single.filter((key) => !traffic.wasWrong(key, Date.now(), windowMs)).length;
    await sleep(windowMs + 4_000);
    await traffic.stop();
    await sleep(2 * windowMs);
    working = false;
    await reconciling;
    const ever = (
      await estate.store.query(
        "select key, state, (extract(epoch from confirmed_at) * 1000)::float8 as at from divergence where confirmed_at is not null",
      )
    ).rows;
    const wrongly = ever.filter((one) => !traffic.wasWrong(one.key, one.at, windowMs)).length;
    const open = new Set(ever.filter((one) => one.state === "open").map((one) => one.key));
    const truth = traffic.wrongNow();
    body.push([
      `${perSecond}/s, lag ${lagMs / 1_000} s, ${hotN} hot keys, ${whole(traffic.writtenN)} writes`,
      `${whole(single.length)}, ${whole(falseN)} false (${number((100 * falseN) / Math.max(1, single.length))} %)`,
      `${whole(ever.length)}, ${whole(wrongly)} false`,
      `${whole(open.size)} open of ${whole(truth.length)} wrong, ${whole(truth.filter((key) => !open.has(key)).length)} missed`,
    ]);
    await estate.close();
  }
  table(["traffic", "a single pass reports", "the rule ever confirmed", "at rest"], body);
}

/** What everybody's first reconciler does: both relations read once, side by side. */
async function singlePass({ payments, orders }: Estate): Promise<string[]> {
  const text = (name: string) => ({
    text: `select order_id, amount::text, version::text from ${name}`,
    rowMode: "array" as const,
  });
  const a = new Map((await payments.query(text("payment"))).rows.map(([key, ...rest]: string[]) => [key!, rest.join()]));
  const p = new Map((await orders.query(text("payment_view"))).rows.map(([key, ...rest]: string[]) => [key!, rest.join()]));
  return [...new Set([...a.keys(), ...p.keys()])].filter((key) => a.get(key) !== p.get(key));
}
