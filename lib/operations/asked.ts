import type { CallAnswer } from "../platform/answer.rules";
import { GIVEN_UP, meanwhile, REFUSED, type RedeliveryState } from "../sources/redeliverable";
import { type Instant, minutes, seconds } from "../time";
import type { Call } from "./calls.sql";

/** How often a service is asked for the same item that it does not answer, under the same key. */
export const CALLS_MAX = 10;
const FIRST_MS = seconds(5);
const MOST_MS = minutes(5);

/** How long until a service is asked again; null where it has said what there is to say, or was asked often enough. */
export function againAfterMs({ answer, afterMs }: Pick<CallAnswer, "answer" | "afterMs">, calls: number): number | null {
  if (answer === "requested" || answer === "refused" || calls >= CALLS_MAX) return null;
  return Math.max(afterMs ?? 0, Math.min(MOST_MS, FIRST_MS * 2 ** (calls - 1)));
}

/** Where an item stands by its row and by what its service was asked: the row says what became of it, and a call alone never does. */
export function stateAfterCall(state: RedeliveryState, call: Call | undefined): RedeliveryState {
  if (!call) return meanwhile(state);
  if (state.state === null && state.deadLetterState === null)
    return {
      ...state,
      state: "stale",
      errorType: REFUSED,
      errorMessage: `Its service ${call.words}; it is no longer in its source.`,
    };
  // It lies there as the operator saw it: asked for, and nothing to be seen of it yet.
  if (state.state === null && state.deadLetterState === "parked") return { ...state, state: "waiting" };
  // It lies there otherwise, neither parked nor done: the service is at it.
  return state.state === "waiting" ? { ...state, state: "taken" } : state;
}

/** Since when a service owes an effect, or an end of what it took up. */
const owedSince = ({ seenAt, answeredAt, calledAt }: Call): Instant => seenAt ?? answeredAt ?? calledAt;

/** Whether it is not known any more how an item stands: its service may have got the request, or has shown no effect for too long. */
export const isCallUncertain = (call: Call, withinMs: number, now: Instant): boolean =>
  (call.answer === "unanswered" && call.seenAt === null) || now - owedSince(call) > withinMs;

/** What is given up of a cancelled operation: asked for, and without an effect for longer than was agreed. Nobody can take a request back. */
export function givenUp(state: RedeliveryState, call: Call | undefined, withinMs: number, now: Instant): RedeliveryState {
  if (!call || state.state !== "waiting" || now - owedSince(call) <= Math.max(withinMs, minutes(1))) return state;
  const errorMessage = `Its service ${call.words}, and nothing came of it until the operation was cancelled; it may still be carried out.`;
  return { ...state, state: "stale", errorType: GIVEN_UP, errorMessage };
}
