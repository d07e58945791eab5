import type { Fault } from "./fault";

/** A deploy that cannot read half of what it is sent; services/inventory-service/picking.ts holds the mistake. */
export const poison: Fault = {
  name: "poison",
  story:
    "inventory-service 2.41.0 is deployed and rejects orders with a line that names no site, about half of them; stopping rolls back to 2.40.3.",
};
