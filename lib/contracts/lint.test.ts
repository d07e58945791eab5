import { expect, test } from "vitest";
import { tablesAbilities } from "../presets/own.rules";
import { days } from "../time";
import type { Finding } from "./finding.rules";
import { parseAccord, parseContract } from "./input";
import { lint } from "./lint";
import type { Contract } from "./rules";
import { accordText, contractText, environment } from "./testing";

const now = Date.parse("2026-11-21T00:00:00Z");
const accord = parseAccord(accordText, "accord.yaml", environment);
const sources = accord.ok ? accord.sources : [];

function contract(from = "", to = ""): Contract {
  if (!contractText.includes(from)) throw new Error(`the valid contract has no ${from}`);
  const parsed = parseContract(contractText.replace(from, to), "contract.yaml");
  if (!parsed.ok) throw new Error(parsed.problems[0]!.message);
  return parsed.contract;
}

const said = (findings: Finding[]) =>
  findings.map(({ contract: n, path, message, severity }) => `${n} ${severity} ${path.join(".")} ${message}`);
const lintOne = (from: string, to: string) => said(lint([contract(from, to)], sources, now));

// Another zone that shares nothing with the first.
const other = (change: Partial<Contract> = {}): Contract => ({
  ...contract(),
  zoneId: "other",
  facts: [],
  semantics: { ...contract().semantics, events: [] },
  recovery: { ...contract().recovery, sagas: [] },
  ...change,
});

test("a sound contract is left alone", () => {
  expect(said(lint([contract(), other()], sources, now))).toEqual([]);
});

test.each([
  [
    "an authority that is no source",
    "authority: payments }",
    "authority: payment }",
    '0 error facts.0.authority Expected a source as the fact\'s authority, found "payment"; did you mean "payments"?',
  ],
  [
    "a rule's authority that is no source",
    "source: payments",
    "source: ledger",
    '0 error recovery.reconciliation.0.authority.source Expected a source as the rule\'s authority, found "ledger"; known are orders and payments.',
  ],
  [
    "a rule's projection that is no source",
    "source: orders",
    "source: ledger",
    '0 error recovery.reconciliation.0.projection.source Expected a source as the rule\'s projection, found "ledger"; known are orders and payments.',
  ],
  [
    "an event that nobody owns",
    "{ from: orders",
    "{ from: order",
    '0 error semantics.events.OrderSubmitted.from Expected the source that owns OrderSubmitted, found "order", so nobody owns it; did you mean "orders"?',
  ],
  [
    "a consumer that no source declares",
    "order-service, order-view",
    "order-service, order-vew",
    '0 error semantics.events.PaymentAuthorized.to.1 Expected a consumer that a source declares, found "order-vew"; did you mean "order-view"?',
  ],
  [
    "two authorities for one fact",
    "facts:\n",
    "facts:\n  - { fact: payment authorisation, authority: orders }\n",
    '0 error facts.1.authority Expected one authority for the fact "payment authorisation", found payments beside orders.',
  ],
])("%s is refused", (_, from, to, words) => {
  expect(lintOne(from, to)).toContain(words);
});

test.each([
  [
    "a step without a compensation",
    ", compensation: void-payment",
    "",
    "0 warning recovery.sagas.order-commitment.steps.0 The step authorize-payment has no compensation: nothing undoes it when a later step fails.",
  ],
  [
    "a saga deadline longer than the window",
    "deadline: 7m",
    "deadline: 11m",
    "0 warning recovery.sagas.order-commitment.deadline The deadline (11m 00s) is longer than the window (10m 00s): the zone is breached before the saga is late.",
  ],
  [
    "a fact that is copied and never reconciled",
    "authority: payments }",
    "authority: orders }",
    '0 warning facts.0 The fact "payment authorisation" is copied by events, and no reconciliation rule has orders as its authority.',
  ],
  [
    "a coupling past its date",
    "2999-03-01",
    "2026-11-20",
    '0 warning migration.1.remove_by The coupling "orders reads legacy.payment directly" should have been removed by 2026-11-20.',
  ],
  [
    "a runbook for a place that the contract does not know",
    "missing at orders",
    "missing at ledger",
    '0 warning accountability.runbooks.0.when No condition reaches the runbook "Consumer rejects an event type": the contract names no source or consumer "ledger".',
  ],
  [
    "a runbook for a kind that divergences do not have",
    "divergence.missing",
    "divergence.gone",
    '0 warning accountability.runbooks.0.when No condition reaches the runbook "Consumer rejects an event type": divergences are missing, unexpected, mismatch and duplicate.',
  ],
  [
    "a runbook for a step that no saga has",
    "divergence.missing at orders",
    "saga.ship",
    '0 warning accountability.runbooks.0.when No condition reaches the runbook "Consumer rejects an event type": no saga has a step "ship".',
  ],
])("%s is warned of", (_, from, to, words) => {
  expect(lintOne(from, to)).toEqual([words]);
});

test("a coupling is not past its date while its last day lasts", () => {
  expect(lintOne("2999-03-01", "2026-11-21")).toEqual([]);
  const late = lint([contract("2999-03-01", "2026-11-21")], sources, now + days(1));
  expect(late).toHaveLength(1);
});

test("a retry to a consumer without an inbox is warned of, by name", () => {
  const cap = sources.map((source) =>
    source.sourceId === "payments" ? { ...source, preset: "cap", abilities: tablesAbilities } : source,
  );
  expect(said(lint([contract()], cap, now))).toEqual([
    "0 warning recovery.retry payment-service keeps no inbox that Accord knows of (preset cap): a retry may have its effect twice.",
  ]);
});

test("C10: an event that leaves or reaches a source with business tables only is refused, with what to do", () => {
  const tables = sources.map((source) => (source.sourceId === "payments" ? { ...source, preset: "tables" } : source));
  const found = said(lint([contract()], tables, now)).filter((one) => one.startsWith("0 error"));
  expect(found.map((one) => one.split(" ")[2])).toEqual([
    "semantics.events.OrderSubmitted.to.0",
    "semantics.events.PaymentAuthorized.from",
  ]);
  expect(found[0]).toContain("compare its tables by a rule");
});

test("eight facts are a zone, nine are two agreements", () => {
  const facts = (n: number) => Array.from({ length: n }, (_, i) => ({ fact: `fact ${i}`, authority: "payments" }));
  expect(said(lint([{ ...contract(), facts: facts(8) }], sources, now))).toEqual([]);
  expect(said(lint([{ ...contract(), facts: facts(9) }], sources, now))).toEqual([
    "0 warning facts The zone has 9 facts; with more than 8 it is probably two agreements.",
  ]);
});

test("a zone, a fact's authority and a saga type belong to one contract only", () => {
  const twin = {
    ...contract("fact: payment authorisation, authority: payments", "fact: payment authorisation, authority: orders"),
    zoneId: "twin",
  };
  expect(said(lint([contract(), twin], sources, now)).filter((line) => line.includes("error"))).toEqual([
    '1 error facts.0.authority Expected one authority for the fact "payment authorisation", found orders beside payments in the zone order-commitment.',
    '1 error recovery.sagas.order-commitment Expected the saga type "order-commitment" in one contract, found it also in the zone order-commitment.',
  ]);
  expect(said(lint([contract(), other({ zoneId: "order-commitment" })], sources, now))).toEqual([
    '1 error zone Expected one contract for the zone "order-commitment", found a second one.',
  ]);
});

test("an event name that another zone defines differently is warned of; the same definition is not", () => {
  const { events } = contract().semantics;
  const shared = (change: object) => other({ semantics: { ...contract().semantics, events: [{ ...events[0]!, ...change }] } });
  expect(said(lint([contract(), shared({})], sources, now))).toEqual([]);
  expect(said(lint([contract(), shared({ means: "A cart was filled." })], sources, now))).toEqual([
    "1 warning semantics.events.OrderSubmitted OrderSubmitted means something else in the zone order-commitment: one name for two things.",
  ]);
  expect(said(lint([contract(), shared({ from: "payments", to: [] })], sources, now))).toEqual([
    "1 warning semantics.events.OrderSubmitted OrderSubmitted comes from orders in the zone order-commitment: one name for two things.",
  ]);
});
