import { emit, type SagaDefinition } from "../../../client/src";
import type { Tx } from "../../kit/cluster";
import type { Service } from "../../kit/definition";

const MINUTE_MS = 60_000;

/** An accepted order is paid for and reserved, or fully undone. */
export const orderCommitment: SagaDefinition<Tx, Service> = {
  type: "order-commitment",
  deadlineMs: 7 * MINUTE_MS,
  steps: [
    { name: "authorize-payment", compensation: "void-payment", withinMs: 5 * MINUTE_MS },
    { name: "reserve-stock", compensation: "release-stock", withinMs: 5 * MINUTE_MS },
  ],
  undo: (tx, service, saga) => cancelOrder(tx, service, saga.business_key),
};

type Order = {
  customer: { id: string; name: string; email: string };
  quantity: number;
  amount_cents: number;
  correlation_id: string;
  traceparent: string;
  version: number;
};

async function cancelOrder(tx: Tx, service: Service, orderId: string): Promise<void> {
  const order = await moveOrder(tx, orderId, "cancelled");
  if (!order) return;
  await emit(
    tx,
    service,
    {
      event: "OrderCancelled",
      aggregate: "order",
      key: orderId,
      version: order.version,
      payload: { order_id: orderId, quantity: order.quantity, amount_cents: order.amount_cents, reason: "not_committed" },
    },
    { message_id: null, correlation_id: order.correlation_id, traceparent: order.traceparent },
  );
}

/** Moves an order on from submitted, once; null when it had moved before. */
export async function moveOrder(tx: Tx, orderId: string, state: "committed" | "cancelled"): Promise<Order | null> {
  const { rows } = await tx.query<Order>(
    `update customer_order set state = $2, version = version + 1, updated_at = clock_timestamp()
     where order_id = $1 and state = 'submitted'
     returning customer, quantity, amount_cents, correlation_id, traceparent, version`,
    [orderId, state],
  );
  return rows[0] ?? null;
}
