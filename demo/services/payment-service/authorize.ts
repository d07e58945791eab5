import { emit } from "../../../client/src";
import type { Handler } from "../../kit/definition";

// The provider's test card that is always declined.
const DECLINED = "4000 0000 0000 0002";

/** The provider is asked to hold the amount; nothing is captured yet. */
export const orderSubmitted: Handler = async (tx, message, service) => {
  const { order_id: orderId, amount_cents: amount, payment } = message.payload;
  const state = payment.pan === DECLINED ? "declined" : "authorized";
  const { rowCount } = await tx.query(
    `insert into payment (order_id, state, amount_cents, correlation_id, traceparent) values ($1, $2, $3, $4, $5)
     on conflict (order_id) do nothing`,
    [orderId, state, amount, message.correlation_id, message.traceparent],
  );
  if (!rowCount) return (await wasCancelled(tx, orderId)) ? "stale" : "ignored";
  const payload = { order_id: orderId, amount_cents: amount, payment: { method: payment.method, pan: payment.pan } };
  const fact = { aggregate: "payment", key: orderId, version: 1 };
  if (state === "authorized") await emit(tx, service, { ...fact, event: "PaymentAuthorized", payload }, message);
  else await emit(tx, service, { ...fact, event: "PaymentDeclined", payload: { ...payload, reason: "card_declined" } }, message);
  return "applied";
};

async function wasCancelled(tx: Parameters<Handler>[0], orderId: string): Promise<boolean> {
  const { rowCount } = await tx.query("select 1 from payment where order_id = $1 and state in ('voided', 'void_rejected')", [
    orderId,
  ]);
  return rowCount === 1;
}
