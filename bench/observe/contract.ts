import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { loadConfiguration } from "../../lib/contracts/files";
import type { Configuration } from "../../lib/contracts/rules";

const contract = `version: 1
zone: orders
title: Orders
promise: An order that was accepted is seen by the warehouse.
business_key: { name: order, pattern: "ORD-.+" }
facts:
  - { fact: order, authority: orders }
expectation: { class: eventual, window: 5m, slo: { target: 99.9%, over: 30d } }
semantics:
  propagation: outbox
  ordering: by-key
  events:
    OrderSubmitted: { from: orders, to: [warehouse], means: The customer committed to buy., schema: 1 }
    OrderPaid: { from: orders, to: [warehouse], means: It is paid., schema: 1 }
    OrderShipped: { from: orders, to: [warehouse], means: It has left., schema: 1 }
    OrderCancelled: { from: orders, to: [warehouse], means: It is off., schema: 1 }
accountability: { owner: orders }
`;
const accord = (url: string) => `version: 1
environment: bench
sources:
  orders: { service: orders, url: "${url}", consumers: [orders], observe_every: 2s }
  warehouse: { service: warehouse, url: "postgres://nobody:none@127.0.0.1:1/none", consumers: [warehouse], observe_every: 2s }
contracts: ./contracts
`;

/** One zone over the outbox: four events that one consumer owes; the consumer's database is never looked at. */
export async function orderConfiguration(url: string): Promise<Configuration> {
  const folder = path.join(import.meta.dirname, "../../.data/bench", `contracts-${process.pid}`);
  try {
    mkdirSync(path.join(folder, "contracts"), { recursive: true });
    writeFileSync(path.join(folder, "accord.yaml"), accord(url));
    writeFileSync(path.join(folder, "contracts/orders.yaml"), contract);
    const loaded = await loadConfiguration(path.join(folder, "accord.yaml"), {});
    if (!loaded.ok) throw new Error(`The benchmark's own contract is broken: ${JSON.stringify(loaded.problems.slice(0, 3))}`);
    return loaded.configuration;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
