import { expect, test } from "vitest";
import { contractMap } from "./map.rules";
import type { Contract } from "./rules";

const sources = [
  { sourceId: "shop", consumers: ["shop-service"] },
  { sourceId: "stock", consumers: ["stock-service"] },
];
const contract = (propagation: Contract["semantics"]["propagation"]) =>
  ({
    expectation: { windowMs: 60_000 },
    zoneId: "sales",
    facts: [],
    masking: [],
    semantics: {
      propagation,
      ordering: "by-key",
      events: [{ eventType: "Placed", from: "shop", to: ["stock-service"], schema: null, propagation }],
    },
    recovery: { sagas: [], reconciliation: [] },
  }) as unknown as Contract;
const obliged = (propagation: Contract["semantics"]["propagation"]) =>
  contractMap([contract(propagation)], sources)
    .obliged("shop", "Placed")
    .map(({ consumer, sourceId }) => `${consumer} at ${sourceId}`);

test("C4: change data capture marks nothing as published, so nothing is waited for at its producer; its consumers are obliged as ever", () => {
  const map = contractMap([contract("cdc")], sources);
  expect(map.zonesOfEvent("shop", "Placed")).toEqual(["sales"]);
  expect(map.zonesOfRelay("shop", "Placed")).toEqual([]);
  expect(obliged("cdc")).toEqual(["stock-service at stock"]);
  expect(contractMap([contract("outbox")], sources).zonesOfRelay("shop", "Placed")).toEqual(["sales"]);
});

test("C4: who reads its own events is obliged to", () => {
  expect(obliged("self-read")).toEqual(["stock-service at stock", "shop-service at shop"]);
  expect(obliged("outbox")).toEqual(["stock-service at stock"]);
});
