import { expect, test } from "vitest";
import { parseContract } from "../contracts/input";
import { contractText } from "../contracts/testing";
import { withQueues } from "./queues.rules";
import type { WaitingCause } from "./rules";

const read = parseContract(
  contractText
    .replace("to: [payment-service]", "to: [order-service]")
    .replace("to: [order-service, order-view]", "to: [order-view]"),
  "contracts/order-commitment.yaml",
);
if (!read.ok) throw new Error(JSON.stringify(read.problems));
const cause = { reason: "unpublished", sourceId: "orders", consumer: "", eventTypes: ["OrderSubmitted"] } as WaitingCause;
const isQueue = (over: Partial<WaitingCause>, preset = "pg-boss") =>
  withQueues(
    [{ ...cause, ...over }],
    [read.contract],
    [
      { sourceId: "orders", preset, consumers: ["order-service"] },
      { sourceId: "payments", preset, consumers: ["payment-service"] },
    ],
  )[0]!.queue === true;

test("what a framework's own service is obliged to process waits in its queue; what goes to others is to be published", () => {
  expect(isQueue({})).toBe(true);
  expect(isQueue({ sourceId: "payments", eventTypes: ["PaymentAuthorized"] })).toBe(false);
  expect(isQueue({ eventTypes: ["OrderSubmitted", "Other"] })).toBe(false);
  expect(isQueue({ reason: "held" })).toBe(false);
  expect(isQueue({}, "native")).toBe(false);
});
