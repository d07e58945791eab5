import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { beginSaga, compensateDue, emit, endStep, type SagaDefinition } from "./index.js";
import { type StockService, type TestClient, testClient } from "./service.testing";

let client: TestClient;
beforeAll(async () => {
  client = await testClient("client_saga");
});
afterAll(() => client.close());
beforeEach(() => client.empty());

const order: SagaDefinition<Parameters<StockService["handlers"][string]>[0], StockService> = {
  type: "order",
  deadlineMs: 60_000,
  steps: [
    { name: "pay", compensation: "refund", withinMs: 30_000 },
    { name: "reserve", compensation: "release", withinMs: 30_000 },
  ],
  undo: async (tx, service, saga) => {
    await emit(tx, service, { event: "Cancelled", aggregate: "order", key: saga.business_key, payload: {} });
  },
};
const begin = (key: string) => client.service().database.transaction((tx) => beginSaga(tx, order, key, "c-1"));
const end = (name: string, state: "done" | "failed") =>
  client.service().database.transaction((tx) => endStep(tx, "order", "ORD-1", name, state, { type: "Refused", message: "no" }));
const sagas = () => client.all("select state, step, ended_at is not null as ended from messaging.saga");
const steps = () => client.all("select name, state from messaging.saga_step order by position");

test("a process is completed by its last step, once", async () => {
  await begin("ORD-1");
  expect(await end("pay", "done")).toBeNull();
  expect(await end("reserve", "done")).toBe("completed");
  expect(await end("reserve", "done")).toBeNull();
  expect(await sagas()).toEqual([{ state: "completed", step: "reserve", ended: true }]);
});

test("after a failed step what was done is undone, and what was refused is not", async () => {
  await begin("ORD-1");
  await end("pay", "done");
  await end("reserve", "failed");
  expect(await compensateDue(client.service(), order)).toBe(1);
  expect(await client.all("select event_type from messaging.outbox")).toEqual([{ event_type: "Cancelled" }]);
  expect(await steps()).toEqual([
    { name: "pay", state: "done" },
    { name: "reserve", state: "failed" },
    { name: "refund", state: "running" },
    { name: "release", state: "skipped" },
  ]);
  expect(await end("refund", "done")).toBe("compensated");
});

test("past its deadline a process is undone once, whoever looks, and not while an operator holds it", async () => {
  await begin("ORD-1");
  await client.pool.query("update messaging.saga set deadline_at = now() - interval '1 s', hold_until = now() + interval '1 h'");
  expect(await compensateDue(client.service(), order)).toBe(0);
  await client.pool.query("update messaging.saga set hold_until = null");
  const counts = await Promise.all([1, 2, 3].map(() => compensateDue(client.service(), order)));
  expect(counts.sort()).toEqual([0, 0, 1]);
  expect(await sagas()).toMatchObject([{ state: "compensating" }]);
  expect(await client.all("select 1 from messaging.outbox")).toHaveLength(1);
});

test("a process that cannot be undone holds up no other", async () => {
  await begin("ORD-1");
  await begin("ORD-2");
  await client.pool.query("update messaging.saga set deadline_at = now() - interval '1 s'");
  const stubborn: typeof order = {
    ...order,
    undo: async (tx, service, saga) => {
      if (saga.business_key === "ORD-1") throw new Error("no such order");
      await order.undo(tx, service, saga);
    },
  };
  await expect(compensateDue(client.service(), stubborn)).rejects.toThrow("no such order");
  expect(await client.all("select business_key, state from messaging.saga order by 1")).toEqual([
    { business_key: "ORD-1", state: "running" },
    { business_key: "ORD-2", state: "compensating" },
  ]);
  expect(await compensateDue(client.service(), order)).toBe(1);
});

test("a step that ends belongs to the process of its key that still runs", async () => {
  await begin("ORD-1");
  await end("pay", "done");
  await end("reserve", "done");
  await begin("ORD-1");
  await end("pay", "done");
  expect(await end("reserve", "done")).toBe("completed");
});
