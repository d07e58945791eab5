import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { audited } from "../audited";
import type { Actor, Ctx } from "../context";
import { loadConfiguration } from "../contracts/files";
import { applyConfiguration } from "../contracts/service";
import { accordText, contractText, environment, testFiles } from "../contracts/testing";
import { type TestStore, testStore } from "../db/testing";
import { readZoneActivity } from "./activity";
import { parseActivity } from "./input";

let store: TestStore;
const now = Date.UTC(2026, 5, 18, 3, 12, 41);
const zoneId = "order-commitment";

const ctxOf = (zones: string[] | null): Ctx => {
  const operatorId = "00000000-0000-4000-8000-000000000001";
  const actor: Actor = {
    kind: "operator",
    operatorId,
    name: "Omar",
    email: "o@x.example",
    role: "operator",
    zones,
    sessionId: operatorId,
  };
  return { db: store.db, actor, now };
};
const read = (before?: string, ctx = ctxOf([zoneId])) =>
  readZoneActivity(ctx, parseActivity({ zoneId, ...(before && { before }) }));

beforeAll(async () => {
  store = await testStore();
  const files = await testFiles({ "accord.yaml": accordText, "contracts/a.yaml": contractText });
  const loaded = await loadConfiguration(files.path, environment);
  await files.remove();
  if (!loaded.ok) throw new Error(loaded.problems[0]!.message);
  await applyConfiguration({ db: store.db, actor: { kind: "worker", workerId: "w" }, now }, loaded.configuration);
  await store.db.execute(sql`insert into verdict_change (zone_id, at, verdict, reasons, oldest_key) values
    (${zoneId}, to_timestamp(${now - 30_000}::float8 / 1000), 'breached', '[]', 'ORD 1/2'), ('elsewhere', to_timestamp(${now - 20_000}::float8 / 1000), 'healthy', '[]', null)`);
  await store.db.execute(sql`insert into deploy (source_id, consumer, version, at, kind) values
    ('orders', 'payment-service', '2.0', to_timestamp(${now - 40_000}::float8 / 1000), 'deploy'), ('orders', 'stranger', '1.0', to_timestamp(${now - 40_000}::float8 / 1000), 'deploy')`);
  await audited(
    { ...ctxOf(null), now: now - 10_000 },
    "operation.pause",
    { kind: "operation", id: "1001", zones: [zoneId, "elsewhere"] },
    async () => {},
  );
  await audited(
    { ...ctxOf(null), now: now - 9_000 },
    "operation.pause",
    { kind: "operation", id: "1002", zones: ["elsewhere"] },
    async () => {},
  );
});
afterAll(() => store.close());

test("acts, verdicts and deploys of a zone stand in one list, newest first; those of others do not", async () => {
  const { entries, older, title } = await read();
  expect({ title, older }).toEqual({ title: "Order Commitment", older: null });
  expect(entries.map(({ service, text, href }) => `${service}: ${text} ${href}`)).toEqual([
    "Omar: pause an operation: OP-1001 /operations/1001",
    "Accord: Breached /keys/ORD%201%2F2",
    "payment-service: 2.0 deployed null",
  ]);
});

test("a zone that is not the reader's has no activity", async () => {
  await expect(read(undefined, ctxOf(["elsewhere"]))).rejects.toMatchObject({ kind: "not_found" });
});

test("pages go on where they ended, also within one millisecond", async () => {
  const at = now - 60_000;
  for (let i = 0; i < 130; i++)
    await audited(
      { ...ctxOf(null), now: at + Math.floor(i / 5) },
      "operation.pause",
      { kind: "operation", id: String(2000 + i), zones: [zoneId] },
      async () => {},
    );
  const seen: string[] = [];
  for (let before: string | null | undefined; before !== null; ) {
    const { entries, older } = await read(before);
    expect(entries.length).toBeLessThanOrEqual(50);
    seen.push(...entries.map((entry) => entry.id));
    before = older;
  }
  expect([seen.length, new Set(seen).size]).toEqual([133, 133]);
});
