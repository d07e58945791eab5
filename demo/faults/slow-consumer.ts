import type { Fault } from "./fault";

/** It works, and not fast enough; kit/consumer.ts lets each message take two seconds. */
export const slowConsumer: Fault = {
  name: "slow-consumer",
  story: "notification-service takes 2 s for each message, and a queue builds before it; stopping lets it catch up.",
};
