import type { Fault } from "./fault";

/** Undoing fails too; services/payment-service/void.ts and services/inventory-service/reserve.ts look for it. */
export const failingCompensation: Fault = {
  name: "failing-compensation",
  story:
    "inventory-service refuses three orders in ten as out of stock, and the payment provider refuses to void their payments; stopping lets the voids through.",
};
