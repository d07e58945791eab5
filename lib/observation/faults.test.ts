import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { changeCustomer } from "../../demo/services/profile-service/change-customer";
import { until } from "../db/testing";
import { dispatchChunks } from "../operations/dispatch";
import { parseAct } from "../operations/input";
import { readOperation } from "../operations/reading";
import { requestRetry } from "../operations/service";
import { watchOutcomes } from "../operations/watch";
import { seconds } from "../time";
import { type FaultyEstate, faultyEstate, healthy } from "./faults.testing";

let faulty: FaultyEstate;
let watched: FaultyEstate["watched"];
let estate: FaultyEstate["estate"];
beforeAll(async () => {
  faulty = await faultyEstate();
  ({ watched, estate } = faulty);
});
afterEach(() => faulty.stopAll());
afterAll(() => faulty.close());

test("calm: what is placed converges, and the zone says that it keeps its contract", async () => {
  await faulty.place(3);
  await faulty.settle();
  expect(await faulty.judged()).toMatchObject(healthy);
});

test("poison: at risk while young, breached when old, with who parked how many; retried after the fix it is healthy again", async () => {
  await faulty.start("poison");
  await faulty.place(3, { site: null });
  await faulty.place(2);
  await faulty.settle();
  const young = await faulty.judged();
  expect(young).toMatchObject({ verdict: "at_risk", keysN: 3, parkedN: 3 });
  expect(young.sentence).toMatch(/^Order Commitment cannot converge by itself\. inventory-service has parked 3 orders since /);

  await faulty.place(2, { site: null, ago: "6 minutes" });
  await faulty.settle();
  const old = await faulty.judged();
  expect(old).toMatchObject({ verdict: "breached", keysN: 5, parkedN: 5 });
  expect(old.sentence).toMatch(
    /^Order Commitment is (1m \d\ds|[5-9]\d s) past its 5 min window.*\. inventory-service has parked 5 orders since /,
  );
  expect(old.causes[0]).toMatchObject({ kind: "parked", keysN: 5, evidence: expect.stringContaining("5 messages parked") });
  expect(old.causes[0]!.evidence).toContain("TypeError");
  expect(old.real.undelivered).toBe(5);

  await faulty.stop("poison");
  const group = (await watched.store.pool.query("select group_id::int as id from dead_letter_group where open_n > 0")).rows[0].id;
  const request = parseAct({ selection: { groups: [group] }, reason: "2.40.3 is rolled back", key: "after-the-fix" });
  const { operationId } = await requestRetry(watched.ada(), request);
  await dispatchChunks(watched.store.db, "test", watched.observed);
  expect(await watched.judged("order-commitment")).toMatchObject({ verdict: "breached", parkedN: 5 });
  await faulty.settle();
  await watchOutcomes(watched.store.db, watched.observed);
  const operation = await readOperation(watched.ada(), { operationId: Number(operationId) });
  expect(operation.operation).toMatchObject({ state: "done", counts: { succeeded: 5, total: 5, waiting: 0, uncertain: 0 } });
  expect(await faulty.judged()).toMatchObject(healthy);
});

test("a retry after the process was undone revives nothing: it ends stale, and the stock stays as it was", async () => {
  await faulty.start("poison");
  const [id] = await faulty.place(1, { site: null });
  await faulty.settle();
  await faulty.stop("poison");
  await estate.rows("order-service", "update messaging.saga set deadline_at = now() where business_key = $1", [id]);
  await faulty.settle();
  const stock = () => estate.rows("inventory-service", "select sku, on_hand from stock order by sku");
  const before = await stock();
  await watched.poll();
  const letter = (await watched.store.pool.query("select id::int from dead_letter where business_key = $1", [id])).rows[0].id;
  const request = parseAct({ selection: { messages: [letter] }, reason: "too late, as it turns out", key: "too-late" });
  const { operationId } = await requestRetry(watched.ada(), request);
  await dispatchChunks(watched.store.db, "test", watched.observed);
  await faulty.settle();
  await watchOutcomes(watched.store.db, watched.observed);
  const { operation } = await readOperation(watched.ada(), { operationId: Number(operationId) });
  expect(operation).toMatchObject({ state: "done", counts: { stale: 1, succeeded: 0 } });
  expect(await stock()).toEqual(before);
  expect(await estate.rows("inventory-service", "select state from stock_reservation where order_id = $1", [id])).toEqual([
    { state: "released" },
  ]);
  expect(await faulty.judged()).toMatchObject(healthy);
});

test("stopped-relay: breached by what is not published, and healthy when it is", async () => {
  await faulty.start("stopped-relay");
  await faulty.place(4, { ago: "6 minutes" });
  await faulty.settle();
  const view = await faulty.judged();
  expect(view).toMatchObject({ verdict: "breached", keysN: 4, parkedN: 0 });
  expect(view.real.unpublished).toBe(4);
  expect(view.sentence).toMatch(
    /^Order Commitment is (1m \d\ds|[5-9]\d s) past its 5 min window.*\. order-service has not published 4 events, the oldest from (\d+ \w+ )?\d\d:\d\d UTC\.$/,
  );
  expect(view.causes[0]).toMatchObject({ kind: "unpublished", keysN: 4 });
  await faulty.stop("stopped-relay");
  await faulty.settle();
  expect(await faulty.judged()).toMatchObject(healthy);
});

test("stopped-consumer: breached by what nobody processes, which no single table shows, and healthy when it does", async () => {
  await faulty.start("stopped-consumer");
  const ids = await faulty.place(4);
  // Committed orders are told of by an event of their own; that one is old.
  await estate.tickUntil(async () => {
    const rows = await estate.rows(
      "order-service",
      "select 1 from messaging.outbox where event_type = 'OrderCommitted' and business_key = any($1)",
      [ids],
    );
    return rows.length === 4;
  });
  await faulty.age("order-service", "OrderCommitted", ids, "6 minutes");
  await faulty.settle();
  await faulty.idle();
  const view = await faulty.judged();
  expect(view).toMatchObject({ verdict: "breached", keysN: 4, parkedN: 0 });
  expect(view.real).toMatchObject({ unpublished: 0, undelivered: 4 });
  expect(view.sentence).toMatch(
    /^Order Commitment is (1m \d\ds|[5-9]\d s) past its 5 min window.*\. notification-service has not processed 4 events, the oldest from (\d+ \w+ )?\d\d:\d\d UTC\.$/,
  );
  expect(view.causes[0]).toMatchObject({ kind: "undelivered", keysN: 4 });
  await faulty.stop("stopped-consumer");
  await faulty.settle();
  expect(await faulty.judged()).toMatchObject(healthy);
});

test("failing-compensation: breached by what could not be undone, and healthy when it was", async () => {
  await faulty.start("failing-compensation");
  await faulty.place(12);
  await faulty.settle();
  const view = await faulty.judged();
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
  await faulty.stop("failing-compensation");
  await estate.rows("payment-service", "update payment set updated_at = now() - interval '11 s' where state = 'void_rejected'");
  await faulty.settle();
  const after = await faulty.judged();
  expect(after).toMatchObject({ ...healthy, compensations: { failed: n } });
});

test("source-away: unknown within 15 s, only where it matters, and healthy again by itself", async () => {
  const profiles = estate.of("profile-service").service;
  await changeCustomer(profiles, 1);
  await faulty.settle();
  expect(await watched.judged("customer-profile")).toMatchObject({ verdict: "healthy" });
  await faulty.start("source-away");
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
  expect(await faulty.judged()).toMatchObject(healthy);
  await faulty.stop("source-away");
  await until(async () => (await watched.judged("customer-profile")).verdict === "healthy", {
    withinMs: seconds(14),
    everyMs: 250,
  });
});
