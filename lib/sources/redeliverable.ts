import type { Instant } from "../time";

export type Redelivery = {
  redeliveryId: string;
  sourceDeadLetterId: string;
  consumer: string;
  messageId: string;
  requestedBy: string;
  /** The row as the operator saw it; null where the redelivery's own id makes it one request. */
  mark: string | null;
  /** What the consumer gets in place of the payload; null: the message as it is. */
  edit: RedeliveryEdit | null;
};
/** An edited message has an id of its own. What it carries is worked out of the payload in its row, as text, or is not sent at all. */
export type RedeliveryEdit = {
  messageId: string;
  apply: (payload: string) => { ok: true; payload: string } | { ok: false; why: string };
};
/** The error type of a request whose edit does not fit the message: nothing was sent, and it stays parked as it was. */
export const UNFIT = "Unfit";
/** The error type of a redelivery that Accord took back: its state is `stale`, which tells a consumer to leave it alone. */
export const WITHDRAWN = "Withdrawn";
/** The error type of a redelivery that its framework does not take: nothing was changed, and asking again would change nothing. */
export const REFUSED = "Refused";
/** The error type of a request that nobody can take back and that its operator gave up: Accord waits for its effect no longer. */
export const GIVEN_UP = "GivenUp";
/** Where a redelivery stands; `state` null: there is no such row, and `deadLetterState` tells why (null: gone). */
export type RedeliveryState = {
  redeliveryId: string;
  state: string | null;
  takenAt: Instant | null;
  finishedAt: Instant | null;
  errorType: string | null;
  errorMessage: string | null;
  errorStack: string | null;
  deadLetterState: string | null;
};

/** What a row that nobody asked for came to before its turn: done, or tried, by somebody else. */
export function meanwhile(state: RedeliveryState): RedeliveryState {
  if (state.state === null) return state;
  if (state.state === "applied") return { ...state, state: null, deadLetterState: "resolved" };
  const errorMessage =
    state.state === "failed"
      ? "It was tried and parked anew before its turn came; nothing was sent."
      : "It was being tried already when its turn came; nothing was sent.";
  return { ...state, state: "stale", errorType: REFUSED, errorMessage };
}

/** A source whose consumers take a message again when they are asked to. */
export interface Redeliverable {
  /** Whether its requests have a place for an edited payload and its id. */
  readonly edits: boolean;
  /**
   * Asks for the requests, each at most once: under its id, or by comparing its row with the one that the operator saw. `repeated`: the same may
   * have been asked before, by a worker that did not live to note it. Answers how each stands.
   */
  redeliver(requests: readonly Redelivery[], repeated: boolean): Promise<RedeliveryState[]>;
  /** Takes back the requests that no consumer has taken, in one transaction, and parks their letters again; a repeat changes nothing. Answers how each stands. */
  withdraw(requests: readonly Redelivery[]): Promise<RedeliveryState[]>;
}
