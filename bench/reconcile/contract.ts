import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { loadConfiguration } from "../../lib/contracts/files";
import type { Configuration } from "../../lib/contracts/rules";

const contract = (windowS: number) => `version: 1
zone: payments
title: Payments
promise: Orders know what was paid.
business_key: { name: order }
facts: [{ fact: payment, authority: payments }]
expectation: { class: eventual, window: ${windowS}s }
semantics: { propagation: outbox, ordering: by-key, events: { Paid: { from: payments, to: [orders], means: Paid. } } }
recovery:
  reconciliation:
    - rule: payment-agrees
      every: 10s
      authority: { source: payments, relation: payment, key: order_id, columns: [amount], changed_at: updated_at, version: version }
      projection: { source: orders, relation: payment_view, key: order_id, columns: [amount], changed_at: updated_at, version: version }
accountability: { owner: payments }
`;
const accord = (payments: string, orders: string) => `version: 1
environment: bench
sources:
  payments: { service: payments, url: "${payments}", consumers: [payments], act: false }
  orders: { service: orders, url: "${orders}", consumers: [orders], act: false }
contracts: ./contracts
`;

/** One zone with one rule over the two relations of `live.ts`. */
export async function ruleConfiguration(payments: string, orders: string, windowS: number): Promise<Configuration> {
  const folder = path.join(import.meta.dirname, "../../.data/bench", `rule-${process.pid}`);
  try {
    mkdirSync(path.join(folder, "contracts"), { recursive: true });
    writeFileSync(path.join(folder, "accord.yaml"), accord(payments, orders));
    writeFileSync(path.join(folder, "contracts/payments.yaml"), contract(windowS));
    const loaded = await loadConfiguration(path.join(folder, "accord.yaml"), {});
    if (!loaded.ok) throw new Error(`The benchmark's own contract is broken: ${JSON.stringify(loaded.problems.slice(0, 3))}`);
    return loaded.configuration;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
