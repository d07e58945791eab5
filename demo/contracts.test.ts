import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadConfiguration } from "../lib/contracts/files";
import { type TestEstate, testEstate } from "./kit/testing";
import { definitions, everyService, onFrameworks } from "./services";

let estate: TestEstate;
beforeAll(async () => {
  estate = await testEstate({ frameworks: true });
});
afterAll(() => estate.close());

async function configuration() {
  const loaded = await loadConfiguration(path.join(import.meta.dirname, "accord.yaml"), estate.env);
  if (!loaded.ok) throw new Error(loaded.problems.map((problem) => problem.message).join("\n"));
  const { sources, contracts } = loaded.configuration;
  return { sources, contracts: contracts.map((each) => each.contract), warnings: loaded.warnings };
}

test("the estate's own configuration is valid, and its only weakness is the one chosen on purpose", async () => {
  const { sources, contracts, warnings } = await configuration();
  expect(sources).toHaveLength(9);
  expect(contracts.map((contract) => contract.zoneId).sort()).toEqual([
    "customer-profile",
    "financial-posting",
    "order-aftercare",
    "order-commitment",
  ]);
  expect(warnings.map((warning) => warning.message)).toEqual([
    expect.stringMatching(/^The deadline \(7m 00s\) is longer than the window/),
  ]);
});

test("every event obliges exactly the consumers that handle it", async () => {
  const { contracts } = await configuration();
  const said = contracts.flatMap(({ semantics }) =>
    semantics.events.flatMap((event) => event.to.map((to) => `${event.eventType} → ${to}`)),
  );
  const done = [...definitions, ...onFrameworks].flatMap(({ name, handlers }) =>
    Object.keys(handlers).map((event) => `${event} → ${name}`),
  );
  // The framework's jobs are their own queue's.
  done.push("print-label → print-label", "send-points-mail → send-points-mail");
  expect(said.sort()).toEqual(done.sort());
});

test("the observer may read what the contracts compare, and no other business table", async () => {
  const { contracts } = await configuration();
  const clients = new Map<string, pg.Client>();
  for (const { database } of everyService) {
    const client = new pg.Client({ connectionString: estate.env[`${database.toUpperCase()}_DATABASE_URL`] });
    await client.connect();
    clients.set(database, client);
  }
  for (const { recovery } of contracts)
    for (const { authority, projection } of recovery.reconciliation)
      for (const side of [authority, projection]) {
        const columns = [side.key, ...side.columns, side.changedAt, side.version].filter(Boolean);
        await clients.get(side.sourceId)!.query(`select ${columns.join(", ")} from ${side.relation} limit 1`);
      }
  await expect(clients.get("inventory")!.query("select * from stock")).rejects.toThrow(/permission denied/);
  await expect(clients.get("payments")!.query("update payment set state = 'voided'")).rejects.toThrow(/permission denied/);
  for (const client of clients.values()) await client.end();
});
