import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { loadConfiguration } from "../../lib/contracts/files";
import { type Configuration, publicSource } from "../../lib/contracts/rules";
import { applyConfiguration } from "../../lib/contracts/service";
import type { Db } from "../../lib/db/pool";
import { forgetCursors, replaceSources } from "../../lib/sources/sql";

export const ZONES = 50;
export const SOURCES = 10;
const two = (n: number) => String(n).padStart(2, "0");
export const zoneOf = (n: number) => `zone-${two(n)}`;
export const sourceOf = (n: number) => `s${two(n % SOURCES)}`;
export const consumerOf = (n: number) => `c${two(n % SOURCES)}`;
export const kinds = ["Opened", "Paid", "Shipped", "Closed"] as const;

/** Zone n follows four events from source n to the consumer of source n + 1, as ten services on one chain would have it. */
const contractText = (n: number) => `version: 1
zone: ${zoneOf(n)}
title: Zone ${two(n)}
promise: What zone ${two(n)} accepts is carried out.
business_key: { name: order, pattern: "ORD-\\\\d+" }
facts:
  - { fact: fact ${two(n)}, authority: ${sourceOf(n)} }
expectation:
  class: eventual
  window: 5m
  slo: { target: 99.9%, over: 30d }
semantics:
  propagation: outbox
  ordering: by-key
  events:
${kinds.map((kind) => `    Z${two(n)}${kind}: { from: ${sourceOf(n)}, to: [${consumerOf(n + 1)}], means: Zone ${two(n)} ${kind.toLowerCase()}., schema: 1 }`).join("\n")}
recovery:
  approvals: { discard: 0, edit_and_retry: 0, retry_above: 1000000 }
accountability:
  owner: team-${two(n)}
masking: ["$.customer.email"]
`;

const accordText = (urls: Record<string, string>) => `version: 1
environment: bench
sources:
${Array.from({ length: SOURCES }, (_, n) => `  ${sourceOf(n)}: { service: ${sourceOf(n)}, url: "${urls[sourceOf(n)] ?? "postgres://nobody:none@127.0.0.1:1/none"}", consumers: [${consumerOf(n)}], observe_every: 2s }`).join("\n")}
contracts: ./contracts
`;

/** The configuration of 50 zones over ten sources, read from files as a worker reads it. */
export async function estateConfiguration(urls: Record<string, string> = {}): Promise<Configuration> {
  const folder = path.join(import.meta.dirname, "../../.data/bench", `contracts-${process.pid}`);
  try {
    mkdirSync(path.join(folder, "contracts"), { recursive: true });
    writeFileSync(path.join(folder, "accord.yaml"), accordText(urls));
    for (let n = 0; n < ZONES; n++) writeFileSync(path.join(folder, "contracts", `${zoneOf(n)}.yaml`), contractText(n));
    const loaded = await loadConfiguration(path.join(folder, "accord.yaml"), {});
    if (!loaded.ok) throw new Error(`The benchmark's own contracts are broken: ${JSON.stringify(loaded.problems.slice(0, 3))}`);
    return loaded.configuration;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Puts it in force, as a worker does. */
export async function applyEstate(db: Db, configuration: Configuration): Promise<void> {
  const ctx = { db, actor: { kind: "worker", workerId: "bench" } as const, now: Date.now() };
  await applyConfiguration(ctx, configuration, [], async (tx) => {
    await replaceSources(tx, configuration.sources.map(publicSource), ctx.now);
    await forgetCursors(tx, "the contracts changed", ctx.now);
  });
}
