import { expect } from "vitest";
import { runningFaults, startFault, stopFault } from "../../demo/faults";
import { namesOf } from "../../demo/install";
import { databaseUrl, openPool } from "../../demo/kit/cluster";
import type { FaultName } from "../../demo/kit/faults";
import { watchedEstate } from "../../demo/kit/watched.testing";
import { definitions } from "../../demo/services";
import { basket, placeOrder } from "../../demo/services/order-service/place-order";

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

/** What a zone says when all is well. */
export const healthy = {
  verdict: "healthy",
  sentence: "Order Commitment keeps its contract. Nothing is waiting.",
  keysN: 0,
  parkedN: 0,
};

type Faulty = { estate: Awaited<ReturnType<typeof watchedEstate>>["estate"]; broker: ReturnType<typeof openPool> };

/** A watched estate to start faults on, with what its databases hold counted apart from what Accord counts. */
export async function faultyEstate() {
  const watched = await watchedEstate();
  const { estate } = watched;
  const broker = openPool(databaseUrl(estate.adminUrl, namesOf(estate.prefix).broker), 1, "test");

  /** Orders with or without a site in their lines; what they say happened so long ago. */
  async function place(n: number, { site = "BER-2" as string | null, ago = "0 s" } = {}): Promise<string[]> {
    const ids: string[] = [];
    for (let i = 0; i < n; i++) {
      const line = { sku: "SKU-2011", quantity: 1, unit_cents: 700, ...(site === null ? {} : { site }) };
      const request = (id: string) => ({ ...basket(id, 1), pan: "4000 0000 1111 2222", lines: [line] });
      ids.push(await placeOrder(estate.of("order-service").service, request));
    }
    await age("order-service", "OrderSubmitted", ids, ago);
    return ids;
  }

  /** Lets events of these keys have occurred so long before they were written. */
  const age = (producer: string, eventType: string, keys: string[], ago: string) =>
    estate.rows(
      producer,
      "update messaging.outbox set occurred_at = occurred_at - $3::interval where event_type = $1 and business_key = any($2)",
      [eventType, keys, ago],
    );

  return {
    watched,
    estate,
    broker,
    place,
    age,
    settle: () => settle({ estate, broker }),
    start: (name: FaultName) => startFault(name, estate.adminUrl, estate),
    stop: (name: FaultName) => stopFault(name, estate.adminUrl, estate),
    async stopAll(): Promise<void> {
      for (const { name } of await runningFaults(estate.adminUrl, estate)) await stopFault(name, estate.adminUrl, estate);
    },
    /** What is still under way arrives now. */
    hurry: () => broker.query("update delivery set visible_at = clock_timestamp()"),
    /** Nothing was processed lately: as if a minute had passed. */
    idle: () => watched.store.pool.query("delete from lag_sample"),
    /** As if that much time had passed over what was counted. */
    later: async (span: string): Promise<void> => {
      // By way of another century, so that no row meets another on its way.
      for (const by of ["100 years", `-100 years -${span}`])
        await watched.store.pool.query("update recent_count set at = at + $1::interval, last_at = last_at + $1::interval", [by]);
      await watched.store.pool.query("update source_status set times_off_at = times_off_at - $1::interval", [span]);
    },
    /** How much one of the services' databases holds. */
    async count(service: string, what: string): Promise<number> {
      return (await estate.rows<{ n: number }>(service, `select count(*)::int as n from ${what}`))[0]!.n;
    },
    /** How many orders have no row in a relation of another service. */
    async missing(service: string, relation: string): Promise<number> {
      const there = await estate.rows<{ id: string }>(service, `select order_id as id from ${relation}`);
      return this.count("order-service", `customer_order where order_id <> all ('{${there.map(({ id }) => id).join(",")}}')`);
    },
    /** What the screen of Order Commitment says, when it counts what the databases hold. */
    async judged() {
      const [view, real] = [await watched.judged("order-commitment"), await truthOf(estate)];
      expect(view.keysN).toBe(real.keys.size);
      expect(view.parkedN).toBe(real.parked);
      return { ...view, real };
    },
    async close(): Promise<void> {
      await broker.end();
      await watched.close();
    },
  };
}

export type FaultyEstate = Awaited<ReturnType<typeof faultyEstate>>;

/** Ticks until nothing moves any more, and nothing is on its way to anybody who takes it; what a fault delays stays under way. */
async function settle({ estate, broker }: Pick<Faulty, "estate" | "broker">): Promise<void> {
  for (let calm = 0; calm < 2; ) {
    let done = 0;
    for (const { name } of definitions) done += await estate.of(name).tick();
    const stopped = estate.of("notification-service").service.faults.has("stopped-consumer");
    const { rowCount } = await broker.query(
      "select 1 from delivery where consumer <> $1 and visible_at < clock_timestamp() + interval '5 s'",
      [stopped ? "notification-service" : ""],
    );
    calm = done === 0 && rowCount === 0 ? calm + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Orders that have not converged, counted over the services' databases. */
async function truthOf(estate: Faulty["estate"]) {
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
