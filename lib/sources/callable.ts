import type { CallAnswer } from "../platform/answer.rules";
import type { Redelivery } from "./redeliverable";

/** A source whose application retries a message when it is asked to, over HTTP. */
export interface Callable {
  /** Within this time a call ends. */
  readonly timeoutMs: number;
  /** Asks once for one message, under the request's id as Idempotency-Key. Never throws for what the service does; ends at once when Accord stops. */
  call(request: Redelivery, stop?: AbortSignal): Promise<CallAnswer>;
}
