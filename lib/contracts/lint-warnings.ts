import { durationWords, type Instant } from "../time";
import { listed } from "../words";
import type { Add, Sources } from "./finding.rules";
import type { Contract } from "./rules";
import { dayEnd } from "./values";

/** A contract that says more is a second agreement in disguise. */
const FACTS_MAX = 8;

/** What makes a contract weak. */
export function warnings(contract: Contract, sources: Sources, now: Instant, add: Add): void {
  warnOfSagas(contract, add);
  warnOfRetry(contract, sources, add);
  warnOfFacts(contract, sources, add);
  warnOfCouplings(contract, now, add);
  warnOfRunbooks(contract, sources, add);
}

function warnOfSagas(contract: Contract, add: Add): void {
  const { windowMs } = contract.expectation;
  for (const saga of contract.recovery.sagas) {
    const path = ["recovery", "sagas", saga.sagaType];
    saga.steps.forEach((step, i) => {
      if (step.compensation === null)
        add(
          "warning",
          [...path, "steps", i],
          `The step ${step.step} has no compensation: nothing undoes it when a later step fails.`,
        );
    });
    if (saga.deadlineMs > windowMs)
      add(
        "warning",
        [...path, "deadline"],
        `The deadline (${durationWords(saga.deadlineMs)}) is longer than the window (${durationWords(windowMs)}): the zone is breached before the saga is late.`,
      );
  }
}

function warnOfRetry(contract: Contract, sources: Sources, add: Add): void {
  if (!contract.recovery.retry) return;
  const without = sources.filter((source) => source.abilities.inbox === null);
  const obliged = new Set(contract.semantics.events.flatMap((event) => event.to));
  for (const source of without)
    for (const consumer of source.consumers.filter((name) => obliged.has(name)))
      add(
        "warning",
        ["recovery", "retry"],
        `${consumer} keeps no inbox that Accord knows of (preset ${source.preset}): a retry may have its effect twice.`,
      );
}

function warnOfFacts(contract: Contract, sources: Sources, add: Add): void {
  if (contract.facts.length > FACTS_MAX)
    add(
      "warning",
      ["facts"],
      `The zone has ${contract.facts.length} facts; with more than ${FACTS_MAX} it is probably two agreements.`,
    );
  const reconciled = new Set(contract.recovery.reconciliation.map((rule) => rule.authority.sourceId));
  contract.facts.forEach(({ fact, authority }, i) => {
    const own = new Set(sources.find((source) => source.sourceId === authority)?.consumers);
    const copied = contract.semantics.events.some(
      (event) => event.from === authority && event.to.some((consumer) => !own.has(consumer)),
    );
    if (copied && !reconciled.has(authority))
      add(
        "warning",
        ["facts", i],
        `The fact "${fact}" is copied by events, and no reconciliation rule has ${authority} as its authority.`,
      );
  });
}

function warnOfCouplings(contract: Contract, now: Instant, add: Add): void {
  contract.migration.forEach((entry, i) => {
    if (entry.kind === "coupling" && now >= dayEnd(entry.removeBy)!)
      add(
        "warning",
        ["migration", i, "remove_by"],
        `The coupling "${entry.coupling}" should have been removed by ${entry.removeBy}.`,
      );
  });
}

const divergenceKinds = ["missing", "unexpected", "mismatch", "duplicate"];

function warnOfRunbooks(contract: Contract, sources: Sources, add: Add): void {
  const { semantics, recovery } = contract;
  const steps = recovery.sagas.flatMap((saga) => [
    saga.sagaType,
    ...saga.steps.flatMap((step) => [step.step, step.compensation ?? step.step]),
  ]);
  const places = placesOf(contract, sources);
  contract.accountability.runbooks.forEach(({ when, title }, i) => {
    const { cause, kind, at } = when;
    const never = (why: string) =>
      add("warning", ["accountability", "runbooks", i, "when"], `No condition reaches the runbook "${title}": ${why}.`);
    if (at !== null && !places.has(at)) never(`the contract names no source or consumer "${at}"`);
    else if (cause === "divergence" && recovery.reconciliation.length === 0) never("the contract has no reconciliation rule");
    else if (cause === "divergence" && kind !== null && !divergenceKinds.includes(kind))
      never(`divergences are ${listed(divergenceKinds)}`);
    else if ((cause === "saga" || cause === "compensation") && recovery.sagas.length === 0) never("the contract has no saga");
    else if ((cause === "saga" || cause === "compensation") && kind !== null && !steps.includes(kind))
      never(`no saga has a step "${kind}"`);
    else if (["unpublished", "undelivered"].includes(cause) && semantics.events.length === 0) never("the contract has no event");
  });
}

function placesOf(contract: Contract, sources: Sources): Set<string> {
  const { facts, semantics, recovery } = contract;
  const ids = [
    ...facts.map((fact) => fact.authority),
    ...semantics.events.map((event) => event.from),
    ...recovery.reconciliation.flatMap((rule) => [rule.authority.sourceId, rule.projection.sourceId]),
  ];
  const consumers = semantics.events.flatMap((event) => event.to);
  const touched = sources.filter(
    (source) => ids.includes(source.sourceId) || source.consumers.some((consumer) => consumers.includes(consumer)),
  );
  return new Set([...consumers, ...touched.flatMap((source) => [source.sourceId, source.service])]);
}
