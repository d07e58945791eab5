import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { faults, startFault, stopFault } from "../../demo/faults";
import { namesOf } from "../../demo/install";
import { databaseUrl, openPool } from "../../demo/kit/cluster";
import type { FaultName } from "../../demo/kit/faults";
import { type WatchedEstate, watchedEstate } from "../../demo/kit/watched.testing";
import { basket, placeOrder } from "../../demo/services/order-service/place-order";
import { changeCustomer } from "../../demo/services/profile-service/change-customer";
import { until } from "../db/testing";
import { carryOut, watchOutcomes } from "../operations/carry";
import { parseAct } from "../operations/input";
import { readOperation } from "../operations/reading";
import { requestRetry } from "../operations/service";
import { seconds } from "../time";

let watched: WatchedEstate;
let estate: WatchedEstate["estate"];
let broker: ReturnType<typeof openPool>;
beforeAll(async () => {
  watched = await watchedEstate();
  estate = watched.estate;
  broker = openPool(databaseUrl(estate.adminUrl, namesOf(estate.prefix).broker), 1, "test");
});
afterEach(async () => {
  for (const { name } of faults) await stopFault(name, estate.adminUrl, estate);
});
afterAll(async () => {
  await broker.end();
  await watched.close();
});

const start = (name: FaultName) => startFault(name, estate.adminUrl, estate);
const stop = (name: FaultName) => stopFault(name, estate.adminUrl, estate);
const orders = () => estate.of("order-service").service;

/** Orders with or without a site in their lines; what they say happened so long ago. */
async function place(n: number, { site = "BER-2" as string | null, ago = "0 s" } = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < n; i++) {
    const line = { sku: "SKU-2011", quantity: 1, unit_cents: 700, ...(site === null ? {} : { site }) };
    ids.push(await placeOrder(orders(), (id) => ({ ...basket(id, 1), pan: "4000 0000 1111 2222", lines: [line] })));
  }
  await estate.rows(
    "order-service",
    "update messaging.outbox set occurred_at = occurred_at - $2::interval where business_key = any($1)",
    [ids, ago],
  );
  return ids;
}

/** Ticks until nothing moves any more, and nothing is on its way to anybody who takes it. */
const settle = async () => {
  for (let calm = 0; calm < 2; ) {
    let done = 0;
    for (const name of ["order-service", "payment-service", "inventory-service", "notification-service", "profile-service"])
      done += await estate.of(name).tick();
    const stopped = estate.of("notification-service").service.faults.has("stopped-consumer");
    const { rowCount } = await broker.query("select 1 from delivery where consumer <> $1", [
      stopped ? "notification-service" : "",
    ]);
    calm = done === 0 && rowCount === 0 ? calm + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

// Who must process what, as in demo/contracts/order-commitment.yaml; written down again here, so that the count is another's.
const obliged: Record<string, string[]> = {
  OrderSubmitted: ["payment-service", "inventory-service"],
  PaymentAuthorized: ["order-service"],
  PaymentDeclined: ["order-service"],
  InventoryReserved: ["order-service"],
  StockRejected: ["order-service"],
  OrderCommitted: ["notification-service"],
  OrderCancelled: ["payment-service", "inventory-service"],
  PaymentVoided: ["order-service"],
  PaymentVoidRejected: ["order-service"],
  StockReleased: ["order-service"],
};

/** Orders that have not converged, counted over the services' databases. */
async function truth(): Promise<{ keys: Set<string>; parked: number; unpublished: number; undelivered: number; failed: number }> {
  const keys = new Set<string>();
  let unpublished = 0;
  let undelivered = 0;
  for (const producer of ["order-service", "payment-service", "inventory-service"]) {
    const sent = await estate.rows<{ message_id: string; event_type: string; business_key: string; waits: boolean }>(
      producer,
      "select message_id::text, event_type, business_key, published_at is null as waits from messaging.outbox where event_type = any($1)",
      [Object.keys(obliged)],
    );
    for (const row of sent.filter(({ waits }) => waits)) {
      keys.add(row.business_key);
      unpublished++;
    }
    for (const consumer of new Set(sent.flatMap((row) => obliged[row.event_type]!))) {
      const owed = sent.filter((row) => obliged[row.event_type]!.includes(consumer));
      const seen = await estate.rows<{ id: string }>(
        consumer,
        "select message_id::text as id from messaging.inbox where consumer = $1",
        [consumer],
      );
      const processed = new Set(seen.map(({ id }) => id));
      for (const row of owed.filter(({ message_id }) => !processed.has(message_id))) {
        keys.add(row.business_key);
        undelivered++;
      }
    }
  }
  const parked = await estate.rows<{ business_key: string }>(
    "inventory-service",
    "select business_key from messaging.dead_letter where state in ('parked', 'redelivering')",
  );
  for (const row of parked) keys.add(row.business_key);
  const failed = await estate.rows<{ business_key: string; n: number }>(
    "order-service",
    "select s.business_key, count(*)::int as n from messaging.saga s join messaging.saga_step t using (saga_id) where t.kind = 'compensation' and t.state = 'failed' group by 1",
  );
  for (const row of failed) keys.add(row.business_key);
  return { keys, parked: parked.length, unpublished, undelivered, failed: failed.reduce((sum, { n }) => sum + n, 0) };
}

/** What the screen counts is what the databases hold. */
async function judged() {
  const [view, real] = [await watched.judged("order-commitment"), await truth()];
  expect(view.keysN).toBe(real.keys.size);
  expect(view.parkedN).toBe(real.parked);
  return { ...view, real };
}
const healthy = {
  verdict: "healthy",
  sentence: "Order Commitment keeps its contract. Nothing is waiting.",
  keysN: 0,
  parkedN: 0,
};

test("calm: what is placed converges, and the zone says that it keeps its contract", async () => {
  await place(3);
  await settle();
  expect(await judged()).toMatchObject(healthy);
});

test("poison: at risk while young, breached when old, with who parked how many; retried after the fix it is healthy again", async () => {
  await start("poison");
  await place(3, { site: null });
  await place(2);
  await settle();
  const young = await judged();
  expect(young).toMatchObject({ verdict: "at_risk", keysN: 3, parkedN: 3 });
  expect(young.sentence).toMatch(/^Order Commitment cannot converge by itself\. inventory-service has parked 3 orders since /);

  await place(2, { site: null, ago: "6 minutes" });
  await settle();
  const old = await judged();
  expect(old).toMatchObject({ verdict: "breached", keysN: 5, parkedN: 5 });
  expect(old.sentence).toMatch(
    /^Order Commitment is (1m \d\ds|[5-9]\d s) past its 5 min window.*\. inventory-service has parked 5 orders since /,
  );
  expect(old.causes[0]).toMatchObject({ kind: "parked", keysN: 5, evidence: expect.stringContaining("5 messages parked") });
  expect(old.causes[0]!.evidence).toContain("TypeError");
  expect(old.real.undelivered).toBe(5);

  await stop("poison");
  const group = (await watched.store.pool.query("select group_id::int as id from dead_letter_group where open_n > 0")).rows[0].id;
  const wish = parseAct({ selection: { groups: [group] }, reason: "2.40.3 is rolled back", key: "after-the-fix" });
  const { operationId } = await requestRetry(watched.ada(), wish);
  await carryOut(watched.store.db, "test", watched.observed);
  expect(await watched.judged("order-commitment")).toMatchObject({ verdict: "breached", parkedN: 5 });
  await settle();
  await watchOutcomes(watched.store.db, watched.observed);
  const operation = await readOperation(watched.ada(), { operationId: Number(operationId) });
  expect(operation.operation).toMatchObject({ state: "done", counts: { succeeded: 5, total: 5, waiting: 0, uncertain: 0 } });
  expect(await judged()).toMatchObject(healthy);
});

test("a retry after the process was undone revives nothing: it ends stale, and the stock stays as it was", async () => {
  await start("poison");
  const [id] = await place(1, { site: null });
  await settle();
  await stop("poison");
  await estate.rows("order-service", "update messaging.saga set deadline_at = now() where business_key = $1", [id]);
  await settle();
  const stock = () => estate.rows("inventory-service", "select sku, on_hand from stock order by sku");
  const before = await stock();
  await watched.look();
  const letter = (await watched.store.pool.query("select id::int from dead_letter where business_key = $1", [id])).rows[0].id;
  const wish = parseAct({ selection: { messages: [letter] }, reason: "too late, as it turns out", key: "too-late" });
  const { operationId } = await requestRetry(watched.ada(), wish);
  await carryOut(watched.store.db, "test", watched.observed);
  await settle();
  await watchOutcomes(watched.store.db, watched.observed);
  const { operation } = await readOperation(watched.ada(), { operationId: Number(operationId) });
  expect(operation).toMatchObject({ state: "done", counts: { stale: 1, succeeded: 0 } });
  expect(await stock()).toEqual(before);
  expect(await estate.rows("inventory-service", "select state from stock_reservation where order_id = $1", [id])).toEqual([
    { state: "released" },
  ]);
  expect(await judged()).toMatchObject(healthy);
});

test("stopped-relay: breached by what is not published, and healthy when it is", async () => {
  await start("stopped-relay");
  await place(4, { ago: "6 minutes" });
  await settle();
  const view = await judged();
  expect(view).toMatchObject({ verdict: "breached", keysN: 4, parkedN: 0 });
  expect(view.real.unpublished).toBe(4);
  expect(view.sentence).toMatch(
    /^Order Commitment is (1m \d\ds|[5-9]\d s) past its 5 min window.*\. order-service has not published 4 events, the oldest from (\d+ \w+ )?\d\d:\d\d UTC\.$/,
  );
  expect(view.causes[0]).toMatchObject({ kind: "unpublished", keysN: 4 });
  await stop("stopped-relay");
  await settle();
  expect(await judged()).toMatchObject(healthy);
});

test("stopped-consumer: breached by what nobody processes, which no single table shows, and healthy when it does", async () => {
  await start("stopped-consumer");
  const ids = await place(4);
  // Committed orders are told of by an event of their own; that one is old.
  await estate.tickUntil(async () => {
    const rows = await estate.rows(
      "order-service",
      "select 1 from messaging.outbox where event_type = 'OrderCommitted' and business_key = any($1)",
      [ids],
    );
    return rows.length === 4;
  });
  await estate.rows(
    "order-service",
    "update messaging.outbox set occurred_at = occurred_at - interval '6 minutes' where event_type = 'OrderCommitted' and business_key = any($1)",
    [ids],
  );
  await settle();
  const view = await judged();
  expect(view).toMatchObject({ verdict: "breached", keysN: 4, parkedN: 0 });
  expect(view.real).toMatchObject({ unpublished: 0, undelivered: 4 });
  expect(view.sentence).toMatch(
    /^Order Commitment is (1m \d\ds|[5-9]\d s) past its 5 min window.*\. notification-service has not processed 4 events, the oldest from (\d+ \w+ )?\d\d:\d\d UTC\.$/,
  );
  expect(view.causes[0]).toMatchObject({ kind: "undelivered", keysN: 4 });
  await stop("stopped-consumer");
  await settle();
  expect(await judged()).toMatchObject(healthy);
});

test("failing-compensation: breached by what could not be undone, and healthy when it was", async () => {
  await start("failing-compensation");
  await place(12);
  await settle();
  const view = await judged();
  expect(view.real.failed).toBeGreaterThan(0);
  const n = view.real.failed;
  expect(view).toMatchObject({ verdict: "breached", keysN: n, compensations: { failed: n } });
  expect(view.sentence).toMatch(
    new RegExp(`^Order Commitment is breached: ${n} compensations? failed\\. The order-commitment saga could not undo`),
  );
  expect(view.causes[0]).toMatchObject({
    kind: "compensation",
    keysN: n,
    evidence: expect.stringContaining("The provider refused the void"),
  });
  await stop("failing-compensation");
  await estate.rows("payment-service", "update payment set updated_at = now() - interval '11 s' where state = 'void_rejected'");
  await settle();
  const after = await judged();
  expect(after).toMatchObject({ ...healthy, compensations: { failed: n } });
});

test("source-away: unknown within 15 s, only where it matters, and healthy again by itself", async () => {
  const profiles = estate.of("profile-service").service;
  await changeCustomer(profiles, 1);
  await settle();
  expect(await watched.judged("customer-profile")).toMatchObject({ verdict: "healthy" });
  await start("source-away");
  const awaySince = performance.now();
  const unknown = await until(
    async () => {
      const view = await watched.judged("customer-profile");
      return view.verdict === "unknown" && view;
    },
    { withinMs: seconds(16), everyMs: 250 },
  );
  expect(performance.now() - awaySince).toBeLessThan(seconds(16));
  expect(unknown).toMatchObject({ was: "healthy", keysN: null, parkedN: null });
  expect(unknown.sentence).toMatch(
    /^Customer Profile is unknown: profile-service has been silent for 1\d s\. It was healthy then; nobody can vouch for it now\.$/,
  );
  expect(unknown.causes[0]).toMatchObject({
    kind: "source",
    evidence: expect.stringMatching(/not accepting connections|did not answer|closed the connection/),
  });
  expect(await judged()).toMatchObject(healthy);
  await stop("source-away");
  await until(async () => (await watched.judged("customer-profile")).verdict === "healthy", {
    withinMs: seconds(14),
    everyMs: 250,
  });
});
