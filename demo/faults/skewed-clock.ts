import type { Fault } from "./fault";

/** The host's clock and not its database's; services/payment-service dates with it what it says and does. */
export const skewedClock: Fault = {
  name: "skewed-clock",
  story: "the clock of payment-service's host runs 90 s ahead of its database's, and so do the times of its events.",
};
