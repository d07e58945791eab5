// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the braces are the files' own
import { describe, expect, test } from "vitest";
import { parseContract } from "./input";
import { contractText } from "./testing";

type Broken = [promise: string, from: string, to: string, at: string, words: string];

const contract = (from: string, to: string) => {
  if (!contractText.includes(from)) throw new Error(`the valid contract has no ${from}`);
  return parseContract(contractText.replace(from, to), "contract.yaml");
};

// The place is line:column in the broken text.
const contracts: Broken[] = [
  ["a tab is named", "  class: eventual", "\tclass: eventual", "9:1", "found a tab"],
  ["a second document is refused", "zone: order", "---\nzone: order", "2:1", "found the start of a second one (---)"],
  [
    "a key twice is found where the second stands",
    "title: Order Commitment",
    "title: A\ntitle: B",
    "4:1",
    'Expected "title" once',
  ],
  ["an unknown key brings the nearest known", "  at_risk: 60%", "  at_rsk: 60%", "11:3", 'did you mean "at_risk"?'],
  [
    "an unknown key far from any lists what is known",
    "  at_risk: 60%",
    "  colour: red",
    "11:3",
    'Expected one of class, window, at_risk and slo, found the unknown name "colour".',
  ],
  ["an unknown key inside braces has its own column", "schema: 2 }", "schemas: 2 }", "17:99", 'did you mean "schema"?'],
  ["no window makes a contract void", "  window: 10m\n", "", "8:1", "window is missing"],
  [
    "a window without a value is no window",
    "window: 10m",
    "window:",
    "10:10",
    "such as 5m; eventual without it is a wish, found nothing",
  ],
  ["a number is no duration", "window: 10m", "window: 600", "10:11", "such as 5m; eventual without it is a wish, found 600"],
  ["a duration has no words", "window: 10m", "window: 5 minutes", "10:11", 'found "5 minutes"'],
  ["a duration is not negative", "window: 10m", "window: -5m", "10:11", 'found "-5m"'],
  ["a duration is not zero", "window: 10m", "window: 0s", "10:11", 'found "0s"'],
  ["a duration of a century is a mistyped unit", "window: 10m", "window: 40000d", "10:11", 'found "40000d"'],
  ["a percentage carries its sign", "at_risk: 60%", "at_risk: 60", "11:12", "Expected a percentage such as 60%, found 60"],
  ["a percentage ends at 100", "target: 99.9%", "target: 999%", "12:18", 'found "999%"'],
  [
    "a class is one of four",
    "class: eventual",
    "class: soon",
    "9:10",
    'Expected strong, near-real-time, eventual or reconciliation-only, found "soon"',
  ],
  ["a pattern compiles", '"ORD-\\\\d+"', '"ORD-("', "5:39", "Expected a regular expression such as"],
  ["an unknown escape in double quotes is a syntax error", '"ORD-\\\\d+"', '"ORD-\\d+"', "5:44", "a backslash is written \\\\"],
  ["no owner makes a contract void", "  owner: checkout\n", "", "41:1", "owner is missing: expected the team that owns the zone"],
  ["an event without a producer is nobody's", "{ from: orders, to", "{ to", "17:5", "nobody owns it otherwise"],
  [
    "consumers are a list",
    "to: [payment-service]",
    "to: payment-service",
    "17:41",
    'Expected a list of the consumers that it obliges, found "payment-service"',
  ],
  ["a fact has an authority", ", authority: payments }", " }", "7:5", "authority is missing"],
  ["facts are a list", "facts:\n  - {", "facts:\n  a: {", "7:3", "Expected a list of facts"],
  [
    "an event's schema is a whole number",
    "schema: 2 }",
    "schema: v2 }",
    "17:107",
    'Expected a schema version such as 2, found "v2"',
  ],
  [
    "a propagation is one of three",
    "propagation: cdc",
    "propagation: kafka",
    "21:20",
    'Expected outbox, cdc or self-read, found "kafka"',
  ],
  ["attempts are counted", "attempts: 5", "attempts: five", "25:22", 'Expected a whole number from 1, found "five"'],
  ["a retry's max is its first at least", "max: 30s", "max: 10ms", "25:63", "Expected max to be first (1s) at least"],
  ["a saga has a deadline", "      deadline: 7m\n", "", "27:5", "deadline is missing: expected a duration"],
  [
    "a saga has steps",
    "        - { step: authorize-payment, compensation: void-payment, within: 5m }\n",
    "",
    "29:13",
    "one at least, found nothing",
  ],
  [
    "a relation is a name and nothing more",
    "relation: payment,",
    "relation: payment; drop table x,",
    "34:48",
    "Expected a table or view such as",
  ],
  [
    "a key is one column",
    "key: order_id, columns: [state",
    "key: [a], columns: [state",
    "34:62",
    "Expected a column's name such as order_id, found a list",
  ],
  ["a mapped column is one of authority's", "map: { state:", "map: { sttate:", "36:14", "Expected one of authority's columns"],
  [
    "every compared column has its counterpart",
    "[payment_state, amount_cents]",
    "[payment_state]",
    "35:83",
    'found no "amount_cents"; name it here or in map',
  ],
  [
    "a tolerance is for a compared column",
    "tolerance: { amount_cents:",
    "tolerance: { amount:",
    "37:20",
    "Expected one of authority's columns",
  ],
  ["a repair is auto or case", "repair: auto", "repair: maybe", "38:15", 'Expected auto or case, found "maybe"'],
  ["an approval is a number of people", "discard: 2", "discard: -1", "40:25", "Expected a whole number from 0, found -1"],
  [
    "an alert watches a known figure",
    "oldest_unresolved > window",
    "oldest > window",
    "45:15",
    "Expected one of the figures oldest_unresolved, publish_lag",
  ],
  [
    "an alert's bound has the figure's unit",
    "oldest_unresolved > window",
    "oldest_unresolved > 20",
    "45:15",
    "Expected oldest_unresolved to be compared with window",
  ],
  ["burn is over a span", "14.4x over 1h", "14.4x", "46:15", "to say over which span"],
  [
    "an alert without a comparison is none",
    "oldest_unresolved > window",
    "always",
    "45:15",
    "Expected a comparison such as oldest_unresolved > window",
  ],
  ["burn needs a service level", "  slo: { target: 99.9%, over: 30d }\n", "", "45:15", "Expected expectation.slo"],
  ["an alert tells somebody", "notify: [pager] }", "notify: [] }", "45:51", "one at least, found a list"],
  [
    "a runbook is for a known cause",
    "divergence.missing at orders",
    "panic at orders",
    "48:15",
    "causes are unpublished, undelivered",
  ],
  [
    "a masking path starts at the root",
    '"$.customer.email"',
    '"customer.email"',
    "49:11",
    'Expected a path such as "$.customer.email"',
  ],
  [
    "a migration stands at a known stage",
    "stage: dual-run",
    "stage: halfway",
    "51:71",
    "Expected planned, dual-run, cut-over or done",
  ],
  ["a day is in the calendar", "2027-01-31", "2027-02-31", "51:119", "Expected a day such as 2027-01-31"],
  ["a coupling has a date", ", remove_by: 2999-03-01", "", "52:5", "or a coupling with remove_by, found a mapping"],
  [
    "S19: payloads are kept an hour at least",
    "keep: 30d",
    "keep: 5m",
    "53:19",
    "Expected a duration from 1h to 400d, such as 30d",
  ],
  ["the version is 1", "version: 1", "version: 2", "1:10", "Expected 1, the version of this format, found 2"],
  [
    "a zone's name fits an address",
    "zone: order-commitment",
    "zone: Order Commitment",
    "2:7",
    "Expected the zone's name such as order-commitment",
  ],
  ["a contract takes no variable", "title: Order Commitment", "title: ${TITLE}", "3:8", "takes no environment variable"],
  ["a tag is refused", "title: Order Commitment", "title: !!binary aGVsbG8=", "3:17", "found a tag (!)"],
  ["an unknown alias is refused", "title: Order Commitment", "title: *none", "3:8", "Expected the name of an anchor"],
  ["a mapping cannot be a name", "title: Order Commitment", "? [a, b]\n: c", "3:3", "found something that cannot be one"],
  [
    "a prototype cannot be a name",
    "title: Order Commitment",
    "__proto__: { title: x }",
    "3:1",
    "found something that cannot be one",
  ],
  ["an open bracket is found at its end", "to: [payment-service]", "to: [payment-service", "17:108", "Expected"],
];

describe("a broken contract says where, what was expected and what was found", () => {
  test.each(contracts)("%s", (_, from, to, at, words) => {
    const parsed = contract(from, to);
    expect(parsed.ok).toBe(false);
    const said = parsed.ok ? [] : parsed.problems.map((problem) => `${problem.line}:${problem.column} ${problem.message}`);
    expect(
      said.filter((line) => line.startsWith(`${at} `) && line.includes(words)),
      said.join("\n"),
    ).toHaveLength(1);
  });
});
