import { emit, endStep, type Message, type Verdict } from "../../../client/src";
import type { Tx } from "../../kit/cluster";
import type { Handler, Service } from "../../kit/definition";
import { keepIfNewer } from "../../kit/projection";
import { moveOrder, orderCommitment } from "./saga";

const saga = orderCommitment.type;

/** What payment-service answered: into the view, and on with the process. */
function payment(step: string, end: "done" | "failed", state: string): Handler {
  return async (tx, message, service) => {
    const newer = await keepIfNewer(tx, "order_view", "order_id", {
      order_id: message.business_key,
      payment_state: state,
      amount_cents: message.payload.amount_cents,
      version: message.version,
    });
    return newer ? goOn(tx, message, service, step, end) : "stale";
  };
}

/** What inventory-service answered. */
function stock(step: string, end: "done" | "failed", state: string): Handler {
  return async (tx, message, service) => {
    const newer = await keepIfNewer(tx, "stock_view", "order_id", {
      order_id: message.business_key,
      state,
      quantity: message.payload.quantity,
      version: message.version,
    });
    return newer ? goOn(tx, message, service, step, end) : "stale";
  };
}

async function goOn(tx: Tx, message: Message, service: Service, step: string, end: "done" | "failed"): Promise<Verdict> {
  const error = end === "failed" ? { type: message.event_type, message: message.payload.reason ?? "refused" } : null;
  const state = await endStep(tx, saga, message.business_key, step, end, error);
  if (state === "completed") await commitOrder(tx, message, service);
  return "applied";
}

// Paid for and reserved: only now may the customer be told.
async function commitOrder(tx: Tx, cause: Message, service: Service): Promise<void> {
  const orderId = cause.business_key;
  const order = await moveOrder(tx, orderId, "committed");
  if (!order) return;
  const payload = { order_id: orderId, customer: order.customer, amount_cents: order.amount_cents, quantity: order.quantity };
  await emit(tx, service, { event: "OrderCommitted", aggregate: "order", key: orderId, version: order.version, payload }, cause);
}

const customerChanged: Handler = async (tx, { payload, version }) => {
  const { id, name, email, city } = payload.customer;
  const newer = await keepIfNewer(tx, "customer_view", "customer_id", { customer_id: id, name, email, city, version });
  return newer ? "applied" : "stale";
};

export const handlers: Record<string, Handler> = {
  PaymentAuthorized: payment("authorize-payment", "done", "authorized"),
  PaymentDeclined: payment("authorize-payment", "failed", "declined"),
  PaymentVoided: payment("void-payment", "done", "voided"),
  PaymentVoidRejected: payment("void-payment", "failed", "void_rejected"),
  InventoryReserved: stock("reserve-stock", "done", "reserved"),
  StockRejected: stock("reserve-stock", "failed", "rejected"),
  StockReleased: stock("release-stock", "done", "released"),
  CustomerChanged: customerChanged,
};
