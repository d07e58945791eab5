import type { Redelivery } from "./redeliverable";

/**
 * What a call came to. requested: the service said yes · refused: it said no, and would again · unreached: it never got there · unanswered: it
 * may have got there and have had its effect. What became of the message is told by the service's tables alone.
 */
export const callAnswers = ["requested", "refused", "unreached", "unanswered"] as const;
export type CallAnswer = {
  answer: (typeof callAnswers)[number];
  /** What happened, as the end of a sentence that begins with the service's name; never with what the call carried. */
  words: string;
  /** What the service said about its refusal, bounded; it may hold anybody's data. */
  said: string;
  /** How long it asks to be left alone. */
  afterMs: number | null;
};

/** A source whose application retries a message when it is asked to, over HTTP. */
export interface Callable {
  /** Within this time a call ends. */
  readonly timeoutMs: number;
  /** Asks once for one message, under the request's id as Idempotency-Key. Never throws for what the service does; ends at once when Accord stops. */
  call(request: Redelivery, stop?: AbortSignal): Promise<CallAnswer>;
}
