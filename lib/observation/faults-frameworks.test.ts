import { afterAll, beforeAll, expect, test } from "vitest";
import { startFault, stopFault } from "../../demo/faults";
import type { FaultName } from "../../demo/kit/faults";
import { type WatchedEstate, watchedEstate } from "../../demo/kit/watched.testing";
import { basket, placeOrder } from "../../demo/services/order-service/place-order";
import { until } from "../db/testing";
import { dispatchChunks, watchOutcomes } from "../operations/dispatch";
import { parseAct } from "../operations/input";
import { requestRetry } from "../operations/service";

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

/** Retries all that is parked as one operation, and answers how its items ended when the framework's workers have carried it out. */
async function retryAll(): Promise<string[]> {
  const { rows: groups } = await watched.store.pool.query("select group_id::int as id from dead_letter_group where open_n > 0");
  expect(groups).toHaveLength(1);
  const { operationId } = await requestRetry(
    watched.ada(),
    parseAct({ selection: { groups: [groups[0].id] }, reason: "the fault is mended now", key: `again-${groups[0].id}` }),
  );
  await dispatchChunks(watched.store.db, "test", watched.observed);
  return until(async () => {
    await watchOutcomes(watched.store.db, watched.observed);
    const { rows } = await watched.store.pool.query<{ outcome: string }>(
      "select outcome from operation_outcome where operation_id = $1",
      [operationId],
    );
    return rows.length === ORDERS_N && rows.map(({ outcome }) => outcome);
  });
}

test.each<{ fault: FaultName; at: keyof typeof parked; title: string; evidence: string }>([
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
  {
    fault: "renamed-field",
    at: "mail-service",
    title: "send-points-mail fails on send-points-mail",
    evidence: "3 messages parked, all within the last minute. TypeError in sendPointsMail.",
  },
])(
  "$fault: jobs fail for good in the framework's own table, and are done by its worker when they are retried",
  async ({ fault, at, title, evidence }) => {
    const before = await count(at, done[at]);
    await startFault(fault, estate.adminUrl, estate);
    await Promise.all(Object.values(estate.onFramework).map((service) => service.tick()));
    await placeLarge();
    await eventually(async () => (await count(at, parked[at])) === ORDERS_N);
    await eventually(async () => (await watched.judged("order-aftercare")).parkedN === ORDERS_N);
    const view = await watched.judged("order-aftercare");
    expect(view).toMatchObject({ verdict: "at_risk", parkedN: ORDERS_N });
    expect(view.causes.find(({ kind }) => kind === "parked")).toMatchObject({ title, evidence, keysN: ORDERS_N });
    await stopFault(fault, estate.adminUrl, estate);
    await Promise.all(Object.values(estate.onFramework).map((service) => service.tick()));
    expect(await retryAll()).toEqual(Array(ORDERS_N).fill("succeeded"));
    expect(await count(at, done[at])).toBe(before + ORDERS_N);
    await eventually(async () => (await watched.judged("order-aftercare")).keysN === 0);
    expect(await watched.judged("order-aftercare")).toMatchObject({ verdict: "healthy", parkedN: 0, causes: [] });
  },
);
