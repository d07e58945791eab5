import { type Cause, emit } from "../../../client/src";
import type { Tx } from "../../kit/cluster";
import type { Handler, Service } from "../../kit/definition";

const AGAIN_AFTER = "10 seconds";
const BATCH = 50;

type Payment = { order_id: string; state: string; amount_cents: number; version: number };

/** An order is undone: its payment is voided. One that was never asked for is noted as voided, so that it is never authorised later. */
export const orderCancelled: Handler = async (tx, message, service) => {
  const { order_id: orderId, amount_cents: amount } = message.payload;
  const { rows } = await tx.query<Payment>(
    "select order_id, state, amount_cents, version from payment where order_id = $1 for update",
    [orderId],
  );
  if (!rows[0]) {
    await tx.query(
      "insert into payment (order_id, state, amount_cents, correlation_id, traceparent) values ($1, 'voided', $2, $3, $4)",
      [orderId, amount, message.correlation_id, message.traceparent],
    );
    await emit(
      tx,
      service,
      { event: "PaymentVoided", ...factOf({ order_id: orderId, amount_cents: amount, version: 1 }) },
      message,
    );
    return "applied";
  }
  if (rows[0].state !== "authorized") return "ignored";
  await voidPayment(tx, service, rows[0], message);
  return "applied";
};

async function voidPayment(tx: Tx, service: Service, payment: Payment, cause: Cause): Promise<void> {
  const rejected = service.faults.has("failing-compensation");
  const next = { ...payment, version: payment.version + 1 };
  await tx.query("update payment set state = $2, version = $3, updated_at = clock_timestamp() where order_id = $1", [
    payment.order_id,
    rejected ? "void_rejected" : "voided",
    next.version,
  ]);
  const { payload, ...fact } = factOf(next);
  if (!rejected) await emit(tx, service, { event: "PaymentVoided", ...fact, payload }, cause);
  else await emit(tx, service, { event: "PaymentVoidRejected", ...fact, payload: { ...payload, reason: REASON } }, cause);
}

const REASON = "The provider refused the void: authorisation is locked for capture.";

/** Voids that the provider refused are asked for again, once it accepts voids. Answers how many went through. */
export async function voidAgain(service: Service): Promise<number> {
  if (service.faults.has("failing-compensation")) return 0;
  return service.database.transaction(async (tx) => {
    const { rows } = await tx.query<Payment & Omit<Cause, "message_id">>(
      `select order_id, state, amount_cents, version, correlation_id, traceparent from payment
       where state = 'void_rejected' and updated_at < clock_timestamp() - $1::interval limit $2 for update skip locked`,
      [AGAIN_AFTER, BATCH],
    );
    for (const payment of rows) await voidPayment(tx, service, payment, { ...payment, message_id: null });
    return rows.length;
  });
}

function factOf({ order_id, amount_cents, version }: Omit<Payment, "state">) {
  return { aggregate: "payment", key: order_id, version, payload: { order_id, amount_cents } };
}
