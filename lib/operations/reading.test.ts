import { expect, test } from "vitest";
import { minutes, seconds } from "../time";
import { textOf } from "../words";
import { type OperationKind, type OperationState, outcomes } from "./rules";
import type { OperationCounts } from "./views";
import { operationSentence } from "./words";

const now = Date.UTC(2026, 5, 18, 3, 21);
type Story = {
  kind?: OperationKind;
  state?: OperationState;
  perSecond?: number;
  endedAt?: number;
  ranMs?: number | null;
} & Partial<OperationCounts>;

function say({ kind = "retry", state = "running", perSecond, endedAt, ranMs = minutes(1), ...given }: Story): string {
  const none = Object.fromEntries([...outcomes, "waiting", "uncertain"].map((outcome) => [outcome, 0]));
  const counts = { ...none, ...given } as OperationCounts;
  counts.total = Object.entries(counts).reduce((sum, [name, n]) => (name === "total" ? sum : sum + n), 0);
  const operation = { kind, state, counts, requestedAt: now - minutes(1), endedAt: endedAt ?? null };
  const ranAt = ranMs === null ? null : now - ranMs;
  return textOf(operationSentence(operation, { firstRanAt: ranAt, ranAt, perSecond: perSecond ?? null }, now));
}

test.each<[string, Story, string]>([
  ["just begun", { waiting: 448 }, "0 of 448 messages applied. 448 wait for an answer, now for 1m 00s."],
  ["not carried out yet", { waiting: 448, ranMs: null }, "0 of 448 messages applied. 448 wait to be sent."],
  [
    "approved a moment ago (X10)",
    { waiting: 448, ranMs: seconds(3) },
    "0 of 448 messages applied. 448 wait for an answer, now for 3.0 s.",
  ],
  [
    "ended, that waited long for a second person (X10)",
    { state: "done", succeeded: 3, endedAt: now, ranMs: seconds(4) },
    "3 of 3 messages applied. It took 4.0 s.",
  ],
  ["under way", { succeeded: 10, waiting: 431, perSecond: 10 }, "10 of 441 messages applied. 431 wait, about 43 s at this rate."],
  ["one left", { succeeded: 10, waiting: 1, perSecond: 1 }, "10 of 11 messages applied. 1 waits, about 1.0 s at this rate."],
  ["paused", { state: "paused", succeeded: 10, waiting: 1 }, "10 of 11 messages applied. It is paused and 1 waits."],
  ["done", { state: "done", succeeded: 448, endedAt: now }, "448 of 448 messages applied. It took 1m 00s."],
  ["done, one message", { state: "done", succeeded: 1, endedAt: now - seconds(58) }, "1 of 1 message applied. It took 2.0 s."],
  [
    "failed again",
    { state: "done", succeeded: 3, failed_again: 2, endedAt: now },
    "3 of 5 messages applied, 2 failed again. It took 1m 00s.",
  ],
  [
    "everything at once",
    { succeeded: 1_200, failed_again: 1, duplicate: 2, stale: 3, held: 4, uncertain: 5, waiting: 6 },
    "1,200 of 1,221 messages applied, 1 failed again. 2 already processed, 3 stale, 4 held for an earlier version and 5 uncertain, without an answer yet. 6 wait for an answer, now for 1m 00s.",
  ],
  ["uncertain only", { uncertain: 2 }, "0 of 2 messages applied. 2 uncertain, without an answer yet."],
  [
    "cancelled",
    { state: "cancelled", succeeded: 1, cancelled: 9, endedAt: now },
    "1 of 10 messages applied. 9 cancelled and free. It took 1m 00s.",
  ],
  ["discarded", { kind: "discard", state: "done", discarded: 12, endedAt: now }, "12 of 12 messages discarded. It took 1m 00s."],
])("an operation %s is told in at most three sentences, and sent is never called applied", (_what, story, sentence) => {
  expect(say(story)).toBe(sentence);
  expect(sentence.split(/\.(?:\s|$)/).filter(Boolean).length).toBeLessThanOrEqual(3);
});

test("what its keys came to stands after what was applied, as a sentence more", () => {
  const counts = { ...Object.fromEntries([...outcomes, "waiting", "uncertain"].map((one) => [one, 0])), succeeded: 10 };
  const operation = {
    kind: "retry" as const,
    state: "running" as const,
    counts: { ...counts, waiting: 5, total: 15 } as OperationCounts,
    requestedAt: now,
    endedAt: null,
  };
  const running = { firstRanAt: now, ranAt: now, perSecond: 5 };
  expect(textOf(operationSentence(operation, running, now, "7 of 15 orders are proven converged so far."))).toBe(
    "10 of 15 messages applied. 7 of 15 orders are proven converged so far. 5 wait, about 1.0 s at this rate.",
  );
});
