import type { Fault } from "./fault";

/** A deploy that mistakes a unit; services/shipping-service/carrier.ts holds the mistake. */
export const refusedLabels: Fault = {
  name: "refused-labels",
  story:
    "shipping-service 3.5.0 is deployed and sends weights in grams where the carrier reads kilograms: print-label jobs of Graphile Worker fail for good. Stopping rolls back to 3.4.2.",
};
