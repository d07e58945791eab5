import { randomUUID } from "node:crypto";
import { beginSaga, emit, traceparent } from "../../../client/src";
import type { Service } from "../../kit/definition";
import { customers, person, testCard } from "../../kit/people";
import { between, chance, pick } from "../../kit/random";
import { orderCommitment } from "./saga";

/** A line's site is the warehouse that it ships from; lines of the catalogue's own stock have none. */
export type Line = { sku: string; site?: string; quantity: number; unit_cents: number };
export type Request = { customer: { id: string; name: string; email: string }; pan: string; lines: Line[] };

// The provider's test card that is always declined, and an article that has sold out.
export const declinedCard = "4000 0000 0000 0002";
export const soldOut = "SKU-2999";

/** A customer commits to buy: the order, its process and its event in one transaction. Answers the order's number. */
export async function placeOrder(service: Service, request: (orderId: string) => Request): Promise<string> {
  return service.database.transaction(async (tx) => {
    const { rows } = await tx.query<{ id: string }>("select 'ORD-' || nextval('order_number') as id");
    const orderId = rows[0]!.id;
    const { customer, pan, lines } = request(orderId);
    const amount = lines.reduce((sum, line) => sum + line.quantity * line.unit_cents, 0);
    const quantity = lines.reduce((sum, line) => sum + line.quantity, 0);
    const cause = { message_id: null, correlation_id: randomUUID(), traceparent: traceparent() };
    await tx.query(
      `insert into customer_order (order_id, customer, state, amount_cents, quantity, correlation_id, traceparent)
       values ($1, $2, 'submitted', $3, $4, $5, $6)`,
      [orderId, customer, amount, quantity, cause.correlation_id, cause.traceparent],
    );
    const told = { order_id: orderId, customer, payment: { method: "card", pan }, currency: "EUR", amount_cents: amount };
    await beginSaga(tx, orderCommitment, orderId, cause.correlation_id);
    await emit(
      tx,
      service,
      {
        event: "OrderSubmitted",
        ...(isNewCheckout(service, orderId)
          ? { schema: 3, payload: { ...told, items: lines } }
          : { schema: 2, payload: { ...told, lines } }),
        aggregate: "order",
        key: orderId,
        version: 1,
      },
      cause,
    );
    return orderId;
  });
}

// New in 5.13.0: half of the customers get a checkout that says `items` for `lines`, in a schema of its own.
function isNewCheckout(service: Service, orderId: string): boolean {
  return service.version === "5.13.0" && chance(orderId, "checkout") < 0.5;
}

/** Somebody's basket, the same for the same order number and seed. One in a hundred cards is declined, one article in two hundred sold out. */
export function basket(orderId: string, seed: number): Request {
  const { id, name, email } = person(between(0, customers - 1, seed, orderId, "customer"));
  const luck = chance(seed, orderId, "luck");
  // Half of the orders have a line from the catalogue's own stock, which names no site.
  const siteless = chance(seed, orderId, "site") < 0.5;
  const lines = Array.from({ length: between(1, 3, seed, orderId, "lines") }, (_, n): Line => {
    const line = {
      sku: `SKU-${between(2_001, 2_040, seed, orderId, "sku", n)}`,
      quantity: between(1, 3, seed, orderId, "quantity", n),
      unit_cents: between(4, 120, seed, orderId, "price", n) * 100 - 1,
    };
    return siteless && n === 0 ? line : { ...line, site: pick(["BER-2", "LIS-1", "GRZ-1"], seed, orderId, "site", n) };
  });
  if (luck > 0.995) lines[0] = { ...lines[0]!, sku: soldOut };
  return { customer: { id, name, email }, pan: luck < 0.01 ? declinedCard : testCard(orderId), lines };
}
