import type { Contract } from "../contracts/rules";
import { listed } from "../words";
import type { CaseFacts } from "./rules";
import type { Sides } from "./words";

/** Which service a cause finds wrong, and which one it is measured by. */
export function sidesOf(facts: CaseFacts, contract: Contract, serviceOf: (sourceId: string) => string): Sides {
  if (facts.kind === "manual") return { wrong: "the projection", right: null };
  if (facts.kind === "group") return { wrong: facts.consumer, right: null };
  if (facts.kind === "missed") return { wrong: listed(facts.consumers), right: serviceOf(facts.sourceId) };
  if (facts.kind === "saga") return { wrong: serviceOf(facts.sourceId), right: null };
  const rule = contract.recovery.reconciliation.find((one) => one.rule === facts.rule);
  if (!rule) return { wrong: facts.rule, right: "its authority" };
  const [wrong, right] = [serviceOf(rule.projection.sourceId), serviceOf(rule.authority.sourceId)];
  // Within one service a relation is what tells the sides apart.
  return wrong === right ? { wrong: rule.projection.relation, right: rule.authority.relation } : { wrong, right };
}
