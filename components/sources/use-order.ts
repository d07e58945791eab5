"use client";
import { parseAsBoolean, parseAsStringLiteral, useQueryStates } from "nuqs";
import { type Order, orders } from "./order";

/** The order of the table, in the URL; the head that is pressed a second time turns it round. */
export function useOrder() {
  const [{ sort, turned }, set] = useQueryStates({
    sort: parseAsStringLiteral(orders).withDefault("worst"),
    turned: parseAsBoolean.withDefault(false),
  });
  const press = (order: Order) => set({ sort: order, turned: order === sort ? !turned : false });
  return { order: sort, turned, press };
}
