import { sql } from "drizzle-orm";
import { loadConfiguration } from "../contracts/files";
import { publicSource } from "../contracts/rules";
import { applyConfiguration, readContracts } from "../contracts/service";
import { testFiles } from "../contracts/testing";
import type { Db } from "../db/pool";
import { rows } from "../db/rows";
import { testDatabase, testPool, testStore } from "../db/testing";
import { sourceRegistry } from "../sources/registry";
import type { Source } from "../sources/source";
import { replaceSources } from "../sources/sql";
import { dueRules, followRules, type Reconciler, type RunnableRule, reconcileRule, runnableRules } from "./reconcile";

const accord = (preset: string) => `version: 1
environment: test
sources:
  payments: { service: payment-service, preset: ${preset}, url: "\${PAYMENTS}", act: false }
  orders: { service: order-service, preset: ${preset}, url: "\${ORDERS}", act: false }
contracts: ./contracts
`;

/** A contract with these rules; `window` is what a difference may last. */
export const contractOf = (rules: string, { zone = "commitment", window = "3s", masking = "[]" } = {}) => `version: 1
zone: ${zone}
title: Order Commitment
promise: An accepted order is paid for.
business_key: { name: order }
facts: [{ fact: payment of ${zone}, authority: payments }]
expectation: { class: eventual, window: ${window}, at_risk: 60% }
semantics: { propagation: outbox, ordering: by-key, events: { ${zone === "commitment" ? "Paid" : "Booked"}: { from: payments, to: [order-service], means: Paid. } } }
recovery:
  reconciliation:
${rules}
accountability: { owner: checkout }
masking: ${masking}
`;

export const paymentAgrees = `    - rule: payment-agrees
      every: 10s
      authority: { source: payments, relation: payment, key: order_id, columns: [amount], changed_at: updated_at, version: version }
      projection: { source: orders, relation: payment_view, key: order_id, columns: [amount], changed_at: updated_at, version: version }`;

export type Listed = {
  key: string;
  rule: string;
  kind: string;
  detail: string | null;
  state: string;
  confirmedAt: number | null;
  resolution: string | null;
};

/** A store and two services' databases, empty, under contracts with rules; nobody works but the test. */
export const testReconciliation = (...contracts: string[]) => openEstate("native", contracts);

/** The same where the two services have business tables only. */
export const testTables = (...contracts: string[]) => openEstate("tables", contracts);

async function openEstate(preset: "native" | "tables", contracts: string[]) {
  const store = await testStore(8);
  const [payments, orders] = await Promise.all([testDatabase("payments"), testDatabase("orders")]);
  const pools = { payments: testPool(payments.url, 5), orders: testPool(orders.url, 5) };
  const registry = sourceRegistry();
  let rules: RunnableRule[] = [];

  const apply = async (...texts: string[]): Promise<void> => {
    const files = await testFiles(
      Object.fromEntries([["accord.yaml", accord(preset)], ...texts.map((text, i) => [`contracts/${i}.yaml`, text])]),
    );
    const loaded = await loadConfiguration(files.path, { PAYMENTS: payments.url, ORDERS: orders.url });
    await files.remove();
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const ctx = { db: store.db, actor: { kind: "worker", workerId: "test" } as const, now: Date.now() };
    await applyConfiguration(ctx, loaded.configuration, [], (tx) =>
      replaceSources(tx, loaded.configuration.sources.map(publicSource), ctx.now),
    );
    const sources = new Map<string, Source>(
      loaded.configuration.sources.map((config) => [config.sourceId, registry.open(config)]),
    );
    const inForce = await readContracts(store.db);
    await followRules(store.db, inForce, ctx.now);
    rules = runnableRules(inForce, sources);
  };
  await apply(...contracts);

  return {
    store,
    payments: pools.payments,
    orders: pools.orders,
    apply,
    rule: (name = "payment-agrees"): RunnableRule => rules.find((one) => one.rule === name)!,
    /** Turns of every rule that is due, until none is under way; what is not due stays as it is. */
    async run(over: Partial<Reconciler & { everyMs: number; windowMs: number }> = {}): Promise<string[]> {
      const { everyMs, windowMs, ...reconciler } = over;
      const answers: string[] = [];
      for (const due of await dueRules(store.db, Date.now())) {
        const rule = rules.find((one) => one.zoneId === due.zoneId && one.rule === due.rule)!;
        const contract = everyMs === undefined ? rule.contract : { ...rule.contract, everyMs };
        const shaped = { ...rule, contract, windowMs: windowMs ?? rule.windowMs };
        let answer: string;
        do answer = await reconcileRule({ db: store.db, workerId: "test", duty: 1, ...reconciler }, shaped);
        while (answer === "more");
        answers.push(answer);
      }
      return answers;
    },
    ...divergencesIn(store.db),
    async close(): Promise<void> {
      await registry.close();
      await Promise.all([pools.payments.end(), pools.orders.end()]);
      await store.close();
      await Promise.all([payments.drop(), orders.drop()]);
    },
  };
}

/** What is known to differ, and ways to let time pass over it. */
const divergencesIn = (db: Db) => ({
  /** Makes every run and every look due. */
  async makeDue(): Promise<void> {
    await db.execute(sql`update reconciliation_rule set next_run_at = now() - interval '1 second', retry_at = null`);
    await db.execute(sql`update divergence set due_at = now() - interval '1 second' where state <> 'resolved'`);
  },
  /** Makes what is known older, as if it had been seen so long ago. */
  async age(ms: number): Promise<void> {
    await db.execute(
      sql`update divergence set first_seen_at = first_seen_at - ${ms}::float8 * interval '1 ms', since = since - ${ms}::float8 * interval '1 ms'`,
    );
  },
  list: (states: string[] = ["candidate", "open", "accepted"]): Promise<Listed[]> =>
    rows<Listed>(
      db,
      sql`select key, rule, kind, detail, state, confirmed_at as "confirmedAt", resolution from divergence where state = any(${sql.param(states)}::text[]) order by key, divergence_id`,
    ),
  openKeys: async (): Promise<string[]> =>
    (await rows<{ key: string }>(db, sql`select business_key as key from open_key order by 1`)).map(({ key }) => key),
});

export type TestReconciliation = Awaited<ReturnType<typeof testReconciliation>>;
