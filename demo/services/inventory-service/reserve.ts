import { emit } from "../../../client/src";
import type { Tx } from "../../kit/cluster";
import type { Handler, Service } from "../../kit/definition";
import { chance } from "../../kit/random";
import { linesOf, type Pick, picksOf } from "./picking";

// While compensations fail, there must be something to compensate.
const SHORTAGE = 0.3;

/** Sets the lines aside for this order: one reservation row and one decrement of stock, or neither. */
export const orderSubmitted: Handler = async (tx, message, service) => {
  const { order_id: orderId } = message.payload;
  const picks = picksOf(linesOf(message.payload, service), service);
  const quantity = picks.reduce((sum, each) => sum + each.quantity, 0);
  const enough = (await isInStock(tx, picks)) && !isShort(service, orderId);
  const state = enough ? "reserved" : "rejected";
  const { rowCount } = await tx.query(
    "insert into stock_reservation (order_id, state, quantity, lines) values ($1, $2, $3, $4) on conflict (order_id) do nothing",
    [orderId, state, quantity, JSON.stringify(picks)],
  );
  if (!rowCount) return (await wasReleased(tx, orderId)) ? "stale" : "ignored";
  const payload = { order_id: orderId, quantity };
  const fact = { aggregate: "reservation", key: orderId, version: 1 };
  if (enough) {
    await addToStock(tx, picks, -1);
    await emit(tx, service, { ...fact, event: "InventoryReserved", payload }, message);
  } else {
    await emit(tx, service, { ...fact, event: "StockRejected", payload: { ...payload, reason: "out_of_stock" } }, message);
  }
  return "applied";
};

/** An order is undone: what was set aside goes back. One that never came is noted as released, so that it is never reserved later. */
export const orderCancelled: Handler = async (tx, message, service) => {
  const { order_id: orderId, quantity } = message.payload;
  const { rows } = await tx.query(
    "select state, quantity, lines, version from stock_reservation where order_id = $1 for update",
    [orderId],
  );
  const found = rows[0];
  if (found && found.state !== "reserved") return "ignored";
  const version = (found?.version ?? 0) + 1;
  if (found) {
    await addToStock(tx, found.lines, 1);
    await tx.query(
      "update stock_reservation set state = 'released', version = $2, updated_at = clock_timestamp() where order_id = $1",
      [orderId, version],
    );
  } else {
    await tx.query("insert into stock_reservation (order_id, state, quantity) values ($1, 'released', $2)", [orderId, quantity]);
  }
  const payload = { order_id: orderId, quantity: found?.quantity ?? quantity };
  await emit(tx, service, { event: "StockReleased", aggregate: "reservation", key: orderId, version, payload }, message);
  return "applied";
};

// Locks the articles, in order, until the transaction ends.
async function isInStock(tx: Tx, picks: Pick[]): Promise<boolean> {
  const { rows } = await tx.query<{ sku: string; on_hand: number }>(
    "select sku, on_hand from stock where sku = any($1) order by sku for update",
    [picks.map((each) => each.sku)],
  );
  const onHand = new Map(rows.map((row) => [row.sku, row.on_hand]));
  return picks.every((each) => (onHand.get(each.sku) ?? 0) >= each.quantity);
}

async function addToStock(tx: Tx, picks: Pick[], sign: 1 | -1): Promise<void> {
  await tx.query(
    `update stock set on_hand = on_hand + $3 * picked.quantity
     from unnest($1::text[], $2::int[]) as picked(sku, quantity) where stock.sku = picked.sku`,
    [picks.map((each) => each.sku), picks.map((each) => each.quantity), sign],
  );
}

async function wasReleased(tx: Tx, orderId: string): Promise<boolean> {
  const { rowCount } = await tx.query("select 1 from stock_reservation where order_id = $1 and state = 'released'", [orderId]);
  return rowCount === 1;
}

function isShort(service: Service, orderId: string): boolean {
  return service.faults.has("failing-compensation") && chance(orderId, "shortage") < SHORTAGE;
}
