import type { Instant } from "../time";
import { listed } from "../words";
import { nearest } from "./found-words";
import { lintAcross } from "./lint-across";
import { warnings } from "./lint-warnings";
import type { Contract, SourceConfig } from "./rules";
import type { Path } from "./yaml";

/** What the linter says, and where in which contract. An error makes a contract void, a warning makes it weak. */
export type Finding = { contract: number; path: Path; message: string; severity: "error" | "warning" };
/** Notes one finding about the contract at hand. */
export type Add = (severity: Finding["severity"], path: Path, message: string) => void;

/** What the linter knows of the sources; no address. */
export type Sources = readonly Omit<SourceConfig, "url" | "actUrl">[];

/** Everything the linter says about these contracts together; what no single file can know. No window and no owner are refused when a file is read. */
export function lint(contracts: readonly Contract[], sources: Sources, now: Instant): Finding[] {
  const findings = contracts.flatMap((contract, i) => {
    const found: Finding[] = [];
    const add: Add = (severity, path, message) => found.push({ contract: i, path, message, severity });
    refuseStrangers(contract, sources, add);
    warnings(contract, sources, now, add);
    return found;
  });
  return [...findings, ...lintAcross(contracts)];
}

function refuseStrangers(contract: Contract, sources: Sources, add: Add): void {
  const ids = sources.map((source) => source.sourceId);
  const consumers = [...new Set(sources.flatMap((source) => source.consumers))];
  const unknown = (name: string, known: string[]) => {
    const near = nearest(name, known);
    return near ? `did you mean "${near}"?` : `known are ${listed(known)}.`;
  };
  contract.facts.forEach(({ authority }, i) => {
    if (!ids.includes(authority))
      add(
        "error",
        ["facts", i, "authority"],
        `Expected a source as the fact's authority, found "${authority}"; ${unknown(authority, ids)}`,
      );
  });
  contract.recovery.reconciliation.forEach((rule, i) => {
    for (const side of ["authority", "projection"] as const)
      if (!ids.includes(rule[side].sourceId))
        add(
          "error",
          ["recovery", "reconciliation", i, side, "source"],
          `Expected a source as the rule's ${side}, found "${rule[side].sourceId}"; ${unknown(rule[side].sourceId, ids)}`,
        );
  });
  for (const event of contract.semantics.events) {
    const path = ["semantics", "events", event.eventType];
    if (!ids.includes(event.from))
      add(
        "error",
        [...path, "from"],
        `Expected the source that owns ${event.eventType}, found "${event.from}", so nobody owns it; ${unknown(event.from, ids)}`,
      );
    event.to.forEach((consumer, i) => {
      if (!consumers.includes(consumer))
        add(
          "error",
          [...path, "to", i],
          `Expected a consumer that a source declares, found "${consumer}"; ${unknown(consumer, consumers)}`,
        );
    });
  }
}
