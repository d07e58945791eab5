import type { Fault } from "./fault";

/** Published and not processed, which no single table shows; kit/service.ts looks for it. */
export const stoppedConsumer: Fault = {
  name: "stopped-consumer",
  story: "notification-service stops consuming: orders are committed and customers are not told.",
};
