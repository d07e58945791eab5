import { afterAll, beforeAll, expect, test } from "vitest";
import { startFault, stopFault } from "../../demo/faults";
import type { FaultName } from "../../demo/kit/faults";
import { type WatchedEstate, watchedEstate } from "../../demo/kit/watched.testing";
import { basket, placeOrder } from "../../demo/services/order-service/place-order";
import { until } from "../db/testing";
import { dispatchChunks } from "../operations/dispatch";
import { parseAct } from "../operations/input";
import { requestRetry } from "../operations/service";
import { watchOutcomes } from "../operations/watch";

let watched: WatchedEstate;
let estate: WatchedEstate["estate"];
beforeAll(async () => {
  watched = await watchedEstate({ frameworks: true });
  estate = watched.estate;
  for (const service of Object.values(estate.onFramework)) service.start();
  await watched.poll();
});
afterAll(() => watched.close());

const ORDERS_N = 3;
const count = async (service: string, what: string): Promise<number> =>
  (await estate.rows<{ n: number }>(service, `select count(*)::int as n from ${what}`))[0]!.n;

/** Orders that leave as parcels and earn points. */
async function placeLarge(): Promise<void> {
  const line = { sku: "SKU-2011", site: "BER-2", quantity: 9, unit_cents: 9_900 };
  for (let n = 0; n < ORDERS_N; n++)
    await placeOrder(estate.of("order-service").service, (id) => ({
      ...basket(id, 1),
      pan: "4000 0000 1111 2222",
      lines: [line],
    }));
}

/** Ticks until the fact holds; jobs that were tried need not wait for their next try. */
const eventually = (fact: () => Promise<boolean>) =>
  estate.tickUntil(async () => {
    await estate.rows("mail-service", "update pgboss.job set start_after = now() where state = 'retry'");
    await estate.rows("shipping-service", "update graphile_worker._private_jobs set run_at = now() where attempts in (1, 2)");
    return fact();
  });

const parked = {
  "shipping-service": "graphile_worker.jobs where attempts = max_attempts and locked_at is null",
  "mail-service": "pgboss.job where state = 'failed'",
};
const done = { "shipping-service": "parcel where label is not null", "mail-service": "points_mail" };

/** Retries all that is parked as one operation, and answers how its items ended when the frameworks' workers have carried it out. */
async function retryAll(itemsN: number): Promise<string[]> {
  const { rows } = await watched.store.pool.query<{ id: number }>(
    "select group_id::int as id from dead_letter_group where open_n > 0",
  );
  const groups = rows.map(({ id }) => id);
  const { operationId } = await requestRetry(
    watched.ada(),
    parseAct({ selection: { groups }, reason: "the fault is mended now", key: `again-${groups.join("-")}` }),
  );
  await dispatchChunks(watched.store.db, "test", watched.observed);
  return until(async () => {
    await watchOutcomes(watched.store.db, watched.observed);
    const { rows: ended } = await watched.store.pool.query<{ outcome: string }>(
      "select outcome from operation_outcome where operation_id = $1",
      [operationId],
    );
    return ended.length === itemsN && ended.map(({ outcome }) => outcome);
  });
}

type Told = { fault: FaultName; at: keyof typeof parked; title: string; evidence: string };

/** Faults of different services, side by side, from their start until the zone is healthy again. */
async function story(all: Told[]): Promise<void> {
  const partsN = all.length * ORDERS_N;
  const look = () => Promise.all(Object.values(estate.onFramework).map((service) => service.tick()));
  const before = await Promise.all(all.map(({ at }) => count(at, done[at])));
  for (const { fault } of all) await startFault(fault, estate.adminUrl, estate);
  await look();
  await placeLarge();
  for (const { at } of all) await eventually(async () => (await count(at, parked[at])) === ORDERS_N);
  const view = await watched.judged("order-aftercare");
  expect(view).toMatchObject({ verdict: "at_risk", parkedN: partsN });
  for (const { title, evidence } of all)
    expect(view.causes).toContainEqual(expect.objectContaining({ kind: "parked", title, evidence, keysN: ORDERS_N }));
  for (const { fault } of all) await stopFault(fault, estate.adminUrl, estate);
  await look();
  expect(await retryAll(partsN)).toEqual(Array(partsN).fill("succeeded"));
  expect(await Promise.all(all.map(({ at }) => count(at, done[at])))).toEqual(before.map((n) => n + ORDERS_N));
  await eventually(async () => (await watched.judged("order-aftercare")).keysN === 0);
  expect(await watched.judged("order-aftercare")).toMatchObject({ verdict: "healthy", parkedN: 0, causes: [] });
}

test("refused-labels and refused-mail: jobs fail for good in their framework's own table, and are done by its worker when they are retried", () =>
  story([
    {
      fault: "refused-labels",
      at: "shipping-service",
      title: "print-label fails on print-label",
      evidence: "3 messages parked, all within the last minute. the carrier refuses a parcel of <n> kg: <n> kg at most.",
    },
    {
      fault: "refused-mail",
      at: "mail-service",
      title: "send-points-mail fails on send-points-mail",
      evidence: "3 messages parked, all within the last minute. SmtpError in relayMail.",
    },
  ]));

test("renamed-field: an event of an outbox for Debezium fails for good where it is worked on, and is read when it is retried", () =>
  story([
    {
      fault: "renamed-field",
      at: "mail-service",
      title: "send-points-mail fails on send-points-mail",
      evidence: "3 messages parked, all within the last minute. TypeError in sendPointsMail.",
    },
  ]));
