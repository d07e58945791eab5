import { startFault, stopFault } from "../../demo/faults";
import type { WatchedEstate } from "../../demo/kit/watched.testing";
import { basket, placeOrder } from "../../demo/services/order-service/place-order";
import { changeCustomer } from "../../demo/services/profile-service/change-customer";
import { followCases } from "../cases/opening";
import { services } from "./figures.testing";
import { judgeZones } from "./judge";

const settle = async (watched: WatchedEstate, ...idle: string[]) => {
  for (let calm = 0; calm < 3; ) {
    let done = 0;
    for (const service of Object.values(services)) if (!idle.includes(service)) done += await watched.estate.of(service).tick();
    calm = done === 0 ? calm + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

/** Brings an estate into a state in which every figure counts something, and stands still. */
export async function bringAboutAllFigures(watched: WatchedEstate): Promise<void> {
  const { estate } = watched;
  const at = (fault: "poison" | "stopped-relay" | "stopped-consumer") => [fault, estate.adminUrl, estate] as const;
  const orders = estate.of("order-service").service;
  const place = async (n: number, site?: string) => {
    const ids: string[] = [];
    for (let i = 0; i < n; i++)
      ids.push(
        await placeOrder(orders, (id) => ({
          ...basket(id, 1),
          pan: "4000 0000 1111 2222",
          lines: [{ sku: "SKU-2011", quantity: 1, unit_cents: 700, ...(site && { site }) }],
        })),
      );
    return ids;
  };
  const saga = (id: string, change: string) =>
    estate.rows("order-service", `update messaging.saga set ${change} where business_key = $1`, [id]);
  // Seen from the beginning on: a first poll reads what is open, and counts nothing of what was over by then.
  await watched.poll();
  // What goes well; what is put aside, discarded, held, undone.
  await place(5, "BER-2");
  await changeCustomer(estate.of("profile-service").service, 3);
  await settle(watched);
  await startFault(...at("poison"));
  const [, discarded, held, undone] = await place(4);
  await settle(watched);
  await stopFault(...at("poison"));
  await estate.rows("inventory-service", "update messaging.dead_letter set state = 'discarded' where business_key = $1", [
    discarded,
  ]);
  await saga(held!, "hold_until = clock_timestamp() + interval '1 hour', deadline_at = clock_timestamp() - interval '1 second'");
  await saga(undone!, "deadline_at = clock_timestamp() - interval '1 second'");
  await settle(watched);
  // Not processed by anybody who is told; not even published.
  await startFault(...at("stopped-consumer"));
  const [passing] = await place(2, "BER-2");
  await settle(watched, "notification-service");
  await startFault(...at("stopped-relay"));
  await place(2, "BER-2");
  await settle(watched, "notification-service");
  await writeWhatNothingBringsAbout(estate);
  await letAge(estate, passing!);
  await watched.poll();
  for (let i = 0; i < 2; i++) {
    await watched.reconcile();
    await watched.store.pool.query("update divergence set first_seen_at = first_seen_at - interval '6 minutes'");
  }
  await watched.poll();
  await followCases(watched.store.db);
  await judgeZones(watched.store.db);
}

type Estate = WatchedEstate["estate"];

/** What services write that nothing in the estate brings about at once. */
async function writeWhatNothingBringsAbout(estate: Estate): Promise<void> {
  await estate.rows(
    "order-service",
    `with s as (insert into messaging.saga (saga_id, saga_type, business_key, state, step, deadline_at)
       select gen_random_uuid(), 'order-commitment', 'ORD-77000' || n, case n when 1 then 'failed' else 'compensating' end, 'void-payment', clock_timestamp() from generate_series(1, 3) n returning *)
     insert into messaging.saga_step (saga_id, position, name, kind, compensates, state, started_at, deadline_at, ended_at)
       select saga_id, 3, 'void-payment', 'compensation', 1, case state when 'failed' then 'failed' else 'running' end, clock_timestamp(),
         clock_timestamp() + case business_key when 'ORD-770002' then interval '-1 second' else interval '1 hour' end, case state when 'failed' then clock_timestamp() end from s`,
  );
  await estate.rows(
    "ledger-service",
    `insert into messaging.held_message (consumer, message_id, event_type, business_key, version, waits_for, payload, occurred_at)
     values ('ledger-service', gen_random_uuid(), 'PostingRequested', 'ACC-770001', 9, 8, '{}', clock_timestamp() - interval '1 minute')`,
  );
  await estate.rows(
    "inventory-service",
    `insert into messaging.dead_letter (consumer, message_id, event_type, business_key, payload, occurred_at, error_type, error_message, attempts, first_failed_at)
     values ('inventory-service', gen_random_uuid(), 'NobodysEvent', 'N-1', '{}', clock_timestamp(), 'Error', 'what is this', 5, clock_timestamp())`,
  );
  await estate.rows(
    "payment-service",
    "insert into messaging.inbox_duplicate (consumer, message_id) select consumer, message_id from messaging.inbox where consumer = 'payment-service' and event_type = 'OrderSubmitted' limit 2",
  );
  await estate.rows(
    "payment-service",
    `insert into messaging.inbox (consumer, message_id, event_type, business_key, version, occurred_at, outcome)
     select consumer, gen_random_uuid(), event_type, business_key, version, occurred_at, met
     from unnest(array['applied', 'stale', 'stale']) met, (select * from messaging.inbox where event_type = 'OrderSubmitted' and outcome = 'applied' order by business_key limit 1) i`,
  );
}

/** Ages on both sides of the window, and what the rules compare older than it. */
async function letAge(estate: Estate, passing: string): Promise<void> {
  await estate.rows(
    "order-service",
    "update messaging.outbox set occurred_at = occurred_at - case when published_at is null then interval '30 seconds' else interval '250 seconds' end where published_at is null or business_key = $1 and event_type = 'OrderCommitted'",
    [passing],
  );
  await estate.rows("order-service", "update customer_order set submitted_at = submitted_at - interval '9 minutes'");
  await estate.rows("payment-service", "update payment set updated_at = updated_at - interval '9 minutes'");
  await estate.rows(
    "payment-service",
    "update payment set amount_cents = amount_cents + 5 where order_id = (select min(order_id) from payment)",
  );
  await estate.rows(
    "inventory-service",
    "insert into stock_reservation (order_id, state, quantity) values ('ORD-770009', 'reserved', 1)",
  );
  await estate.rows("inventory-service", "update stock_reservation set updated_at = updated_at - interval '9 minutes'");
}
