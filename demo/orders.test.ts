import { afterAll, beforeAll, expect, test } from "vitest";
import { forget } from "../client/src";
import { retention } from "./kit/service";
import { type TestEstate, testEstate } from "./kit/testing";
import { basket, declinedCard, placeOrder, soldOut } from "./services/order-service/place-order";

let estate: TestEstate;
beforeAll(async () => {
  estate = await testEstate();
});
afterAll(() => estate.close());

const order = (id: string) =>
  estate.rows<{ state: string; saga: string; steps: string[] }>(
    "order-service",
    `select o.state, s.state as saga, array(select name || ' ' || t.state from messaging.saga_step t
       where t.saga_id = s.saga_id order by position) as steps
     from customer_order o join messaging.saga s on s.business_key = o.order_id where o.order_id = $1`,
    [id],
  );
const place = (change: (request: ReturnType<typeof basket>) => ReturnType<typeof basket> = (request) => request) =>
  placeOrder(estate.of("order-service").service, (id) =>
    change({
      ...basket(id, 1),
      pan: "4000 0000 1111 2222",
      lines: [{ sku: "SKU-2001", site: "BER-2", quantity: 2, unit_cents: 500 }],
    }),
  );
const onHand = async (sku: string) =>
  (await estate.rows<{ on_hand: number }>("inventory-service", "select on_hand from stock where sku = $1", [sku]))[0]!.on_hand;

test("an order is paid for, reserved, committed, and only then confirmed", async () => {
  const before = await onHand("SKU-2001");
  const id = await place();
  await estate.tickUntil(async () => {
    const [sent] = await estate.rows("notification-service", "select * from confirmation where order_id = $1", [id]);
    return sent;
  });
  expect(await order(id)).toEqual([
    { state: "committed", saga: "completed", steps: ["authorize-payment done", "reserve-stock done"] },
  ]);
  expect(await onHand("SKU-2001")).toBe(before - 2);
  expect(await estate.rows("payment-service", "select state, amount_cents from payment where order_id = $1", [id])).toEqual([
    { state: "authorized", amount_cents: 1_000 },
  ]);
});

test("one business action has one correlation and one trace across all services", async () => {
  const id = await place();
  await estate.tickUntil(async () => (await order(id))[0]?.saga === "completed");
  const told = [];
  for (const service of ["order-service", "payment-service", "inventory-service"])
    told.push(
      ...(await estate.rows<{ correlation_id: string; trace: string; producer_version: string }>(
        service,
        `select correlation_id, split_part(traceparent, '-', 2) as trace, headers ->> 'producer_version' as producer_version
         from messaging.outbox where business_key = $1`,
        [id],
      )),
    );
  expect(told).toHaveLength(4);
  expect(new Set(told.map((each) => each.correlation_id)).size).toBe(1);
  expect(new Set(told.map((each) => each.trace)).size).toBe(1);
  expect(told.map((each) => each.producer_version).sort()).toEqual(["2.40.3", "3.8.1", "5.12.0", "5.12.0"]);
});

test("a declined card undoes the reservation, and there is no payment to void", async () => {
  const before = await onHand("SKU-2001");
  const id = await place((request) => ({ ...request, pan: declinedCard }));
  await estate.tickUntil(async () => (await order(id))[0]?.saga === "compensated");
  expect(await order(id)).toEqual([
    {
      state: "cancelled",
      saga: "compensated",
      steps: ["authorize-payment failed", "reserve-stock done", "void-payment skipped", "release-stock done"],
    },
  ]);
  expect(await onHand("SKU-2001")).toBe(before);
});

test("a sold out article voids the payment", async () => {
  const id = await place((request) => ({ ...request, lines: [{ sku: soldOut, quantity: 1, unit_cents: 900 }] }));
  await estate.tickUntil(async () => (await order(id))[0]?.saga === "compensated");
  expect(await estate.rows("payment-service", "select state from payment where order_id = $1", [id])).toEqual([
    { state: "voided" },
  ]);
  expect(await estate.rows("order-service", "select payment_state from order_view where order_id = $1", [id])).toEqual([
    { payment_state: "voided" },
  ]);
});

test("an operator's hold keeps a process from compensating past its deadline, until the hold ends", async () => {
  const id = await place();
  const orders = estate.of("order-service");
  await estate.rows(
    "order-service",
    "update messaging.saga set deadline_at = now() - interval '1 s', hold_until = now() + interval '1 h' where business_key = $1",
    [id],
  );
  for (let n = 0; n < 3; n++) await orders.tick();
  expect((await order(id))[0]!.saga).toBe("running");
  await estate.rows("order-service", "update messaging.saga set hold_until = now() where business_key = $1", [id]);
  await orders.tick();
  expect((await order(id))[0]!.saga).toBe("compensating");
  await estate.tickUntil(async () => (await order(id))[0]?.saga === "compensated");
});

test("events published long ago are forgotten; those still to publish never are", async () => {
  const kept = await place();
  const id = await place();
  await estate.tickUntil(async () => (await order(id))[0]?.saga === "completed");
  const { service } = estate.of("order-service");
  await estate.rows("order-service", "update messaging.outbox set published_at = null where business_key = $1", [kept]);
  await estate.rows(
    "order-service",
    "update messaging.outbox set published_at = now() - interval '7 hours' where business_key <> $1",
    [kept],
  );
  expect(await forget(service, retention)).toBeGreaterThan(0);
  const left = await estate.rows("order-service", "select distinct business_key from messaging.outbox");
  expect(left).toEqual([{ business_key: kept }]);
});
