import { expect, test } from "vitest";
import type { Gate } from "@/lib/operations/plan.rules";
import { type OperationKind, type OperationState, outcomes } from "@/lib/operations/rules";
import type { OperationView } from "@/lib/operations/views";
import { type ProofCounts, proofStates } from "@/lib/proofs/rules";
import { seconds } from "@/lib/time";
import { stagesOf } from "./stages";

const now = Date.UTC(2026, 5, 18, 3, 21);
const states = [...outcomes, "waiting", "uncertain"] as const;

type Story = {
  kind?: OperationKind;
  state?: OperationState;
  gate?: Gate | null;
  canaryN?: number;
  canaryEnded?: number;
  passed?: boolean;
  stopped?: boolean;
  items?: Partial<Record<(typeof states)[number], number>>;
  proof?: Partial<ProofCounts> | null;
};

function steps(story: Story): string[] {
  const {
    kind = "retry",
    state = "running",
    gate = "rest",
    canaryN = null,
    canaryEnded,
    passed = false,
    stopped = false,
  } = story;
  const counts = { ...Object.fromEntries(states.map((one) => [one, 0])), ...story.items } as OperationView["operation"]["counts"];
  counts.total = states.reduce((sum, one) => sum + counts[one], 0);
  const given = { ...Object.fromEntries([...proofStates, "undelivered"].map((one) => [one, 0])), ...story.proof } as ProofCounts;
  given.total = [...proofStates, "undelivered" as const].reduce((sum, one) => sum + given[one], 0);
  const endedAt = canaryEnded === undefined ? null : now - canaryEnded;
  const view = {
    operation: {
      kind,
      state,
      gate,
      counts,
      stopReason: stopped ? "2 of 2 failed" : null,
      endedAt: state === "done" || state === "cancelled" ? now : null,
    },
    plan: {
      canaryN,
      canaryThen: "go",
      watchMs: seconds(15),
      canaryEndedAt: endedAt,
      canaryPassedAt: passed ? now : null,
      failedN: counts.failed_again,
    },
    proof: story.proof === null ? null : given,
    keyName: "order",
    now,
  } as unknown as OperationView;
  return stagesOf(view).map(
    ({ name, note, state: stands, share }) => `${name}: ${note} [${stands} ${Math.round(share * 100)} %]`,
  );
}

const going = { canaryN: 10, canaryEnded: seconds(5) };

test.each<[string, Story, string[]]>([
  [
    "at its canary",
    { gate: "canary", canaryN: 10, items: { succeeded: 4, waiting: 437 }, proof: { proven: 3, checking: 1, undelivered: 437 } },
    [
      "Canary of 10: 4 of 10 answered [now 40 %]",
      "Watch 15 s: stops if a key of the canary is parked [before 0 %]",
      "Deliver the rest: 0 of 431 settled [before 0 %]",
      "Prove convergence: 3 of 441 orders [now 1 %]",
    ],
  ],
  [
    "watching it",
    { gate: "watch", ...going, items: { succeeded: 10, waiting: 431 }, proof: { proven: 10, undelivered: 431 } },
    [
      "Canary of 10: all answered, 0 failed again [done 100 %]",
      "Watch 15 s: stops if a key of the canary is parked [now 33 %]",
      "Deliver the rest: 0 of 431 settled [before 0 %]",
      "Prove convergence: 10 of 441 orders [now 2 %]",
    ],
  ],
  [
    "done, with everything proven",
    { state: "done", gate: null, ...going, passed: true, items: { succeeded: 441 }, proof: { proven: 441 } },
    [
      "Canary of 10: all answered [done 100 %]",
      "Watch 15 s: stops if a key of the canary is parked [done 100 %]",
      "Deliver the rest: 431 of 431 settled [done 100 %]",
      "Prove convergence: all 441 orders [done 100 %]",
    ],
  ],
  [
    "stopped by its canary, and cancelled",
    {
      state: "cancelled",
      gate: null,
      ...going,
      stopped: true,
      items: { failed_again: 10, cancelled: 431 },
      proof: { undelivered: 441 },
    },
    [
      "Canary of 10: all answered, 10 failed again [failed 100 %]",
      "Watch 15 s: stops if a key of the canary is parked [off 33 %]",
      "Deliver the rest: 0 of 431 settled [off 0 %]",
      "Prove convergence: nothing got through [off 0 %]",
    ],
  ],
  [
    "without a canary, just begun",
    { items: { waiting: 3 }, proof: { undelivered: 3 } },
    ["Deliver: 0 of 3 settled [now 0 %]", "Prove convergence: 3 orders, as they are delivered [before 0 %]"],
  ],
  [
    "that waits for a second person",
    { state: "awaiting", gate: null, items: { waiting: 3 }, proof: null },
    ["Deliver: 0 of 3 settled [before 0 %]", "Prove convergence: 3 messages first [before 0 %]"],
  ],
  [
    "of a zone that nothing compares: told at once, neither waited for nor a success",
    { items: { succeeded: 2, waiting: 1 }, proof: { uncovered: 2, undelivered: 1 } },
    ["Deliver: 2 of 3 settled [now 67 %]", "Prove convergence: nothing compares the 2 orders delivered [none 0 %]"],
  ],
  [
    "over, with orders that still diverge",
    { state: "done", gate: null, items: { succeeded: 5 }, proof: { proven: 2, diverging: 2, waits: 1 } },
    ["Deliver: 5 of 5 settled [done 100 %]", "Prove convergence: 2 of 5 orders; 1 waits and 2 still diverge [failed 40 %]"],
  ],
  [
    "over, with one that nothing compares: no success either",
    { state: "done", gate: null, items: { succeeded: 2 }, proof: { proven: 1, uncovered: 1 } },
    ["Deliver: 2 of 2 settled [done 100 %]", "Prove convergence: 1 of 2 orders; nothing compares 1 [off 50 %]"],
  ],
  [
    "that discards: there is nothing to prove",
    { kind: "discard", items: { discarded: 1, waiting: 1 }, proof: null },
    ["Discard: 1 of 2 settled [now 50 %]"],
  ],
])("the steps of an operation %s", (_what, story, expected) => {
  expect(steps(story)).toEqual(expected);
});
