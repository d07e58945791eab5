import type { Gate } from "@/lib/operations/plan.rules";
import type { ItemState, OperationKind, OperationState } from "@/lib/operations/rules";
import type { OperationCounts, OperationRow, OperationView } from "@/lib/operations/views";

const stateWord: Record<OperationState, string> = {
  awaiting: "Waits for a second person",
  running: "Running",
  paused: "Paused",
  cancelled: "Cancelled",
  done: "Done",
};

const gateWord: Record<Gate, string> = {
  scheduled: "Scheduled",
  undo: "About to begin",
  canary: "Canary",
  watch: "Canary is watched",
  ask: "Waits for a word",
  rest: "Running",
};

/** Where an operation stands, in a few words: one that runs, by what holds its next message back. */
export const standWord = ({ state, gate }: Pick<OperationRow, "state" | "gate">): string =>
  state === "running" && gate !== null ? gateWord[gate] : stateWord[state];

/** `OP-2107`: how people name an operation. */
export const operationName = (operationId: string): string => `OP-${operationId}`;
export const operationHref = (operationId: string): string => `/operations/${encodeURIComponent(operationId)}`;

/** Items that came to an end of their own: not those that wait, are uncertain, or were called off. */
export const settledN = (counts: OperationCounts): number => counts.total - counts.waiting - counts.uncertain - counts.cancelled;

/** `441 of 448 settled, 2 failed again`: what a row says about its progress. */
export function progressWords(counts: OperationCounts): string {
  const parts = [
    `${settledN(counts).toLocaleString("en-US")} of ${counts.total.toLocaleString("en-US")}`,
    counts.failed_again > 0 && `${counts.failed_again.toLocaleString("en-US")} failed again`,
    counts.uncertain > 0 && `${counts.uncertain.toLocaleString("en-US")} uncertain`,
  ];
  return parts.filter(Boolean).join(", ");
}

/** What an outcome means for the message, in a few words. */
export const outcomeMeans: Record<ItemState, string> = {
  succeeded: "applied by the consumer",
  failed_again: "parked again",
  duplicate: "already processed",
  stale: "later version applied",
  held: "behind an earlier one",
  uncertain: "no answer in time, not settled yet",
  waiting: "not sent, or not taken yet",
  discarded: "nobody processes it",
  by_hand: "its effect was had otherwise",
  taken_back: "parked again",
  cancelled: "taken by nobody, still parked",
  behind: "its key failed before",
};

/** What an operation of a kind does, where its items are shown; only a retry delivers anything. */
export const kindWords: Record<OperationKind, { items: string; waiting: string; done: string; left: string }> = {
  retry: { items: "Deliveries", waiting: "Still to deliver", done: "Delivered", left: "Settled without delivery" },
  discard: { items: "Discards", waiting: "Still to discard", done: "Discarded", left: "Left alone" },
  resolve: { items: "Resolved by hand", waiting: "Still to resolve", done: "Resolved", left: "Left alone" },
  take_back: { items: "Taken back", waiting: "Still to take back", done: "Parked again", left: "Stay closed" },
};

/** `0.7 %`: the share of answers that failed. */
export const failedShare = (judgedN: number, failedN: number): string => `${((100 * failedN) / judgedN).toFixed(1)} %`;

/** What can be asked beside pausing and cancelling: within its time, and once the canary is answered. */
export function stepsOf({ operation, plan, now }: OperationView): ("undo" | "continue")[] {
  if (operation.gate === "undo" && plan.undoUntil !== null && plan.undoUntil > now) return ["undo"];
  const answered = operation.gate === "ask" || operation.gate === "watch";
  return answered && operation.state === "running" ? ["continue"] : [];
}
