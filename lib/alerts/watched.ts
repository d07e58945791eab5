import { readCondition } from "../contracts/conditions";
import type { Condition, Contract } from "../contracts/rules";
import { conditionKey } from "./condition.rules";
import type { Severity, Watched } from "./rules";

// Burn rates and spans as in Google's "Site Reliability Workbook" (2018), chapter 5, for a budget of 30 days.
const always: readonly [text: string, severity: Severity][] = [
  ["breached > 0", "page"],
  ["at_risk > 0 for 5m", "ticket"],
  // A worker that starts again looks at every source within seconds.
  ["sources_silent > 0 for 30s", "page"],
  ["compensations_failed > 0", "page"],
];
const withBudget: readonly [text: string, severity: Severity][] = [
  ["budget_burn > 14.4x over 1h", "page"],
  ["budget_burn > 6x over 6h", "page"],
  ["budget_burn > 1x over 3d", "ticket"],
];

const known = (text: string): Condition => {
  const read = readCondition(text);
  if (!read.ok) throw new Error(`${text}: expected ${read.expected}`);
  return read.value;
};

/** Every condition that is watched of a zone: the contract's own, and those that are right without being asked for. */
export function watchedConditions(contract: Contract): Watched[] {
  const own = new Map<string, Watched>();
  for (const { when, notify } of contract.accountability.alerts) {
    const key = conditionKey(when);
    const before = own.get(key);
    own.set(key, {
      condition: { ...when, text: key },
      severity: "page",
      notify: [...new Set([...(before?.notify ?? []), ...notify])],
      own: true,
    });
  }
  const usual = [...always, ...(contract.expectation.slo === null ? [] : withBudget)]
    .filter(([text]) => !own.has(text))
    .map(([text, severity]): Watched => ({ condition: known(text), severity, notify: [], own: false }));
  return [...own.values(), ...usual];
}
