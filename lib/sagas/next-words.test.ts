import { expect, test } from "vitest";
import { textOf } from "../words";
import { type LackedFact, sagaNext, waitsFor } from "./next-words";
import type { SagaStep } from "./views";

const step = (name: string, state: string): SagaStep => ({
  position: 1,
  name,
  state,
  attempts: 1,
  deadlineAt: null,
  startedAt: null,
  endedAt: null,
  errorType: null,
  errorMessage: null,
});
const running = { stage: "running", state: "running", step: "reserve-stock", endedAt: null } as const;
const parked: LackedFact = { reason: "parked", consumer: "stock-service", eventType: "Placed", groupId: 7 };

test("X18: a step has one state: what failed waits for no answer", () => {
  expect(textOf(waitsFor(running, [step("reserve-stock", "running")], []))).toBe("an answer from reserve-stock");
  const failed = [step("reserve-stock", "failed")];
  expect(textOf(waitsFor(running, failed, []))).toBe("its compensations to start: reserve-stock failed");
  expect(textOf(waitsFor({ ...running, stage: "held" }, failed, [parked]))).toBe("the end of its hold: reserve-stock failed");
  expect(textOf(waitsFor({ ...running, step: "bill" }, failed, [])), "another step failed, and this one goes on").toBe(
    "an answer from bill",
  );
});

test("a step that goes on waits for what its key lacks, a parked message first; an ended saga for nothing", () => {
  const undelivered = { ...parked, reason: "undelivered", groupId: null };
  expect(textOf(waitsFor(running, [], [undelivered, parked]))).toBe("Placed, parked at stock-service");
  expect(textOf(waitsFor(running, [], [undelivered]))).toBe("stock-service to process Placed");
  expect(waitsFor({ ...running, endedAt: 1 }, [], [undelivered])).toEqual([]);
});

const undone = { zoneId: "sales", steps: [step("void-payment", "failed")], lacked: [], runbook: null };

test("X19: a failed compensation says what somebody can do, and where", () => {
  const next = sagaNext({ stage: "failed" }, undone)!;
  expect(textOf(next.text)).toBe(
    "Accord cannot run void-payment again: the service that owns it can. Repair what its error names and have the service repeat it, or undo it by hand; then say in the case what was done.",
  );
  expect(next.actions).toEqual([{ label: "Cases of sagas", href: "/cases?zone=sales&kind=saga" }]);
});

test("X19: where the message that would repeat it is parked, retrying it is the way", () => {
  const next = sagaNext({ stage: "failed" }, { ...undone, lacked: [parked] })!;
  expect(textOf(next.text)).toContain("retry Placed, which stock-service has parked for this key");
  expect(next.actions[0]).toEqual({ label: "Open dead letters", href: "/dead-letters/groups/7" });
});

test("nothing is to be done about a saga of which nothing failed to be undone", () => {
  expect(sagaNext({ stage: "compensating" }, undone)).toBeNull();
});
