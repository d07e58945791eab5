import { expect, test } from "vitest";
import { loadConfiguration } from "../contracts/files";
import type { Contract } from "../contracts/rules";
import { accordText, contractText, environment, testFiles } from "../contracts/testing";
import { hours, minutes } from "../time";
import { textOf } from "../words";
import { type CaseFacts, caseState, runbookFor, wakesAt } from "./rules";
import { titleOf } from "./title-words";
import { type CauseNow, caseSentence } from "./words";

const runbooks = `  runbooks:
    - { when: parked, title: Something is parked, steps: [Look] }
    - { when: parked.OrderSubmitted at payment-service, title: Orders are parked, steps: [Look, Retry] }
    - { when: divergence at orders, title: Views differ, steps: [Compare] }
    - { when: divergence.missing at orders, title: Views lack a row, steps: [Replay] }
    - { when: compensation.void-payment at orders, title: A void was refused, steps: [Call the provider] }
`;
async function contractWith(): Promise<Contract> {
  const text = contractText.replace("  runbooks:\n", runbooks);
  const files = await testFiles({ "accord.yaml": accordText, "contracts/a.yaml": text });
  const loaded = await loadConfiguration(files.path, environment);
  await files.remove();
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.configuration.contracts[0]!.contract;
}
const contract = await contractWith();

const group = {
  kind: "group",
  sourceId: "payments",
  consumer: "payment-service",
  eventType: "OrderSubmitted",
  errorType: "TypeError",
} as const;
const differs = (kind: string) => ({ kind: "divergence", rule: "payment-agrees", key: "ORD-1", differs: kind }) as const;
const saga = { kind: "saga", sourceId: "orders", sagaType: "order-commitment", step: "authorize-payment", failedN: 0 } as const;
const sides = { wrong: "order-service", right: "payment-service" };

test.each<[Exclude<CaseFacts, { kind: "manual" }>, string]>([
  [group, "order-service cannot process OrderSubmitted"],
  [differs("mismatch"), "ORD-1 is wrong in order-service"],
  [differs("missing"), "ORD-1 is missing in order-service"],
  [differs("unexpected"), "ORD-1 should not be in order-service"],
  [differs("duplicate"), "ORD-1 is more than once in order-service"],
  [saga, "order-commitment is stuck at authorize-payment"],
  [{ ...saga, failedN: 2 }, "order-commitment could not undo what it did"],
  [{ kind: "lag", rule: "payment-agrees", explainedBy: "lag" }, "order-service lags behind payment-service"],
  [{ kind: "mass", rule: "payment-agrees", n: 9 }, "order-service differs from payment-service in nearly every key"],
])("a title says who is wrong: %j", (facts, title) => {
  expect(titleOf(facts, sides, "ORD-1")).toBe(title);
});

test.each<[CaseFacts, string | null]>([
  [group, "Orders are parked"],
  [{ ...group, eventType: "Another" }, "Something is parked"],
  [differs("missing"), "Views lack a row"],
  [differs("mismatch"), "Views differ"],
  [{ kind: "mass", rule: "payment-agrees", n: 9 }, "Views differ"],
  [{ ...saga, failedN: 1 }, "A void was refused"],
  [saga, null],
  [{ kind: "manual" }, null],
])("the runbook is the one that says most precisely when: %j", (facts, title) => {
  expect(runbookFor(contract, facts)?.title ?? null).toBe(title);
});

test("X14, X25: what several consumers went past without is titled by all of them, and has the runbook of what is missing where they stand", () => {
  const lost = (...consumers: string[]) => ({
    kind: "missed" as const,
    sourceId: "payments",
    consumers,
    eventTypes: ["OrderSubmitted"],
  });
  const titled = (...consumers: string[]) => titleOf(lost(...consumers), { wrong: "", right: "payment-service" }, null);
  expect(titled("order-view")).toBe("Events of payment-service did not reach order-view");
  expect(titled("a", "b")).toBe("Events of payment-service did not reach a or b");
  expect(titled("a", "b", "c")).toBe("Events of payment-service did not reach all of a, b and c");
  expect(runbookFor(contract, lost("order-view"), () => ["orders"])?.title).toBe("Views lack a row");
  expect(runbookFor(contract, lost("order-view"))).toBeNull();
});

const now = Date.UTC(2026, 5, 18, 3, 31);
const told = {
  title: "",
  resolution: null,
  resolvedAt: null,
  resolvedByName: null,
  causeGoneAt: null,
  askedBy: null,
  openedByName: "Accord",
};
const sentence = (facts: CaseFacts, found: CauseNow | null, over: Partial<typeof told> | Record<string, unknown> = {}) =>
  textOf(caseSentence({ ...told, facts, ...over } as Parameters<typeof caseSentence>[0], found, sides, contract, now));

test("a sentence says what is true, what it means to the business, and what it waits for", () => {
  expect(sentence(group, { kind: "group", openN: 37, oldest: now - minutes(7) })).toBe(
    "37 messages are parked at order-service, the oldest for 7m 00s. OrderSubmitted means: the customer committed to buy.",
  );
  expect(
    sentence(
      differs("mismatch"),
      { kind: "divergence", differs: 2, of: 5, versions: ["7", "5"], state: "open" },
      { askedBy: "M. Keller" },
    ),
  ).toBe(
    "order-service still holds v5; payment-service is at v7. The promise is not kept: an accepted order is paid for. M. Keller has asked for a second person.",
  );
  expect(sentence(saga, { kind: "saga", n: 1, failedN: 0, oldestKey: "ORD-1" })).toBe(
    "1 order is stuck, past its deadline. The promise is not kept: an accepted order is paid for.",
  );
  expect(sentence(group, null, { causeGoneAt: now - minutes(3) })).toBe("The cause is gone since 03:28 UTC.");
  expect(sentence(group, null, { resolution: "authority", resolvedAt: now, resolvedByName: "Jo" })).toBe(
    "Repaired at the authority. Jo resolved it 03:31 UTC.",
  );
});

test("a snooze is over by the clock alone, and at the latest when the case gets due", () => {
  const due = now + hours(1);
  expect(wakesAt(now + hours(6), due, now)).toBe(due);
  expect(wakesAt(now + minutes(5), due, now)).toBe(now + minutes(5));
  expect(wakesAt(now + hours(6), now - 1, now)).toBe(now + hours(6));
  const one = { resolvedAt: null, acknowledgedAt: null, wakesAt: due };
  expect([caseState(one, due - 1), caseState(one, due)]).toEqual(["snoozed", "open"]);
});
