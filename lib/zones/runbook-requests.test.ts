import { expect, test } from "vitest";
import type { Contract, RunbookCondition } from "../contracts/rules";
import { isFor } from "../contracts/runbooks.rules";
import type { StoredCauses } from "./rules";
import { runbookRequests } from "./runbook-requests";
import type { Told } from "./told-words";

const now = 1_800_000_000_000;
const condition = (cause: RunbookCondition["cause"], kind: string | null, at: string | null): RunbookCondition => ({
  text: "",
  cause,
  kind,
  at,
});
const contract = {
  recovery: { sagas: [{ sagaType: "commit", steps: [{ step: "charge", compensation: "void-payment" }] }], reconciliation: [] },
} as unknown as Contract;
const zone = (causes: Partial<StoredCauses>) =>
  ({
    facts: { windowMs: 60_000, sources: [] },
    judgement: { verdict: "breached", reasons: [{ code: "past_window" }], silent: [] },
    causes: { parked: [], waiting: [], sagas: [], divergences: [], at: now, ...causes },
  }) as unknown as Told;
const places = [{ sourceId: "inventory", consumers: ["inventory-service"] }];

const missed = {
  sourceId: "orders",
  consumers: ["inventory-service"],
  eventTypes: ["Placed"],
  eventsN: 3,
  keysN: 3,
  oldest: now - 120_000,
  oldestKey: "K",
};
const late = { sagaType: "commit", step: "charge", n: 3, lateN: 3, failedN: 0, heldN: 0, dueN: 0, oldest: now - 120_000 };
const lacks = { reason: "undelivered", sourceId: "inventory", consumer: "inventory-service", groupId: null, n: 3, ofN: 3 };
const matches = (causes: object, when: RunbookCondition) =>
  runbookRequests(contract, zone(causes as Partial<StoredCauses>), places, now).some((wanted) => isFor(when, wanted));

test("X25: on lost events the runbook for what is missing matches, and not the one for the saga that is late because of it", () => {
  const causes = { missed: [missed], sagas: [{ ...late, lacks }] };
  expect(matches(causes, condition("divergence", "missing", "inventory"))).toBe(true);
  expect(matches(causes, condition("undelivered", null, "inventory-service"))).toBe(true);
  expect(matches(causes, condition("compensation", "void-payment", "payments"))).toBe(false);
});

test("X25: a compensation that is late by itself has its runbook, and no other", () => {
  const causes = { sagas: [{ ...late, lacks: null }] };
  expect(matches(causes, condition("compensation", "void-payment", "payments"))).toBe(true);
  expect(matches(causes, condition("compensation", "release-stock", null))).toBe(false);
  expect(matches(causes, condition("divergence", "missing", "inventory"))).toBe(false);
});

test("X25: a failed group is for a runbook of its event or error, at its consumer or its source", () => {
  const parked = {
    groupId: 1,
    consumer: "inventory-service",
    eventType: "Placed",
    errorType: "TypeError",
    keysN: 1,
    firstAt: now,
  };
  const causes = { parked: [parked] };
  for (const [kind, at] of [
    [null, null],
    ["Placed", "inventory"],
    ["TypeError", "inventory-service"],
  ] as const)
    expect(matches(causes, condition("parked", kind, at))).toBe(true);
  expect(matches(causes, condition("parked", "Placed", "payments"))).toBe(false);
  expect(matches(causes, condition("parked", "Other", null))).toBe(false);
});
