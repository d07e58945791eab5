import type { Fault } from "./fault";

/** Orders are taken and told to nobody; kit/service.ts looks for it. */
export const stoppedRelay: Fault = {
  name: "stopped-relay",
  story: "order-service's relay stops: its events stay in the outbox, unpublished, and every zone that needs them falls behind.",
};
