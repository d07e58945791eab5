import type { Fault } from "./fault";

/** A producer that is ahead of its consumer and of the contract; services/order-service/place-order.ts writes it. */
export const brokenSchemaVersion: Fault = {
  name: "broken-schema-version",
  story:
    "order-service 5.13.0 writes half of its OrderSubmitted in schema 3, which inventory-service cannot read. Stopping rolls back to 5.12.0 and switches the reading of schema 3 on.",
};
