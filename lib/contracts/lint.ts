import type { PublicChannel } from "../channels/rules";
import type { Instant } from "../time";
import { listed } from "../words";
import type { Add, Finding, Sources } from "./finding.rules";
import { nearest } from "./found-words";
import { lintAcross } from "./lint-across";
import { warnOfChannels } from "./lint-telling";
import { warnings } from "./lint-warnings";
import type { Contract, EventContract } from "./rules";

/** Everything the linter says about these contracts together; what no single file can know. No window and no owner are refused when a file is read. */
export function lint(
  contracts: readonly Contract[],
  sources: Sources,
  now: Instant,
  channels: readonly PublicChannel[] = [],
): Finding[] {
  const findings = contracts.flatMap((contract, i) => {
    const found: Finding[] = [];
    const add: Add = (severity, path, message) => found.push({ contract: i, path, message, severity });
    refuseStrangers(contract, sources, add);
    warnings(contract, sources, now, add);
    warnOfChannels(contract, channels, add);
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
    refuseMessagesOfTables(event, sources, path, add);
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

/** An event that leaves or reaches a source with business tables only would never be seen there. */
function refuseMessagesOfTables(event: EventContract, sources: Sources, path: (string | number)[], add: Add): void {
  const tables = sources.filter(({ preset }) => preset === "tables");
  const blind = (sourceId: string) =>
    `${sourceId} has business tables only (preset tables), so ${event.eventType} would never be seen there: compare its tables by a rule, or give it the native tables.`;
  if (tables.some(({ sourceId }) => sourceId === event.from)) add("error", [...path, "from"], blind(event.from));
  event.to.forEach((consumer, i) => {
    const at = tables.find(({ consumers }) => consumers.includes(consumer));
    if (at) add("error", [...path, "to", i], blind(at.sourceId));
  });
}
