import type { Contract } from "../contracts/rules";
import { isFor, type RunbookRequest } from "../contracts/runbooks.rules";
import type { SourceStatus } from "../sources/read.sql";
import { sourceState } from "../sources/rules";
import { type Instant, windowWords } from "../time";
import type { ZoneView } from "./views";

/** The contract as the zone's side panel tells it, with how the owner of each fact is doing. */
export function contractPanel(
  contract: Contract,
  statuses: readonly SourceStatus[],
  now: Instant,
): Omit<ZoneView["contract"], "revision" | "since"> {
  const { expectation, semantics, recovery } = contract;
  const { slo } = expectation;
  return {
    promise: contract.promise,
    class: expectation.class,
    windowMs: expectation.windowMs,
    keyName: contract.businessKey.name,
    slo: slo === null ? null : `${Number((slo.target * 100).toFixed(4))} % of keys, ${windowWords(slo.overMs)}`,
    ordering: { "by-key": `By version, per ${contract.businessKey.name}`, strict: "Strict sequence", none: "None" }[
      semantics.ordering
    ],
    undo: recovery.sagas.flatMap((saga) => saga.steps.flatMap((step) => step.compensation ?? [])),
    reconcile: recovery.reconciliation.map((rule) => `${rule.rule}, every ${windowWords(rule.everyMs)}`),
    facts: contract.facts.map(({ fact, authority }) => {
      const status = statuses.find((one) => one.sourceId === authority);
      const state = status ? sourceState(status, now) : "silent";
      return {
        fact,
        source: authority,
        service: status?.service ?? authority,
        verdict: state === "live" ? "ok" : state === "failing" ? "failing" : "silent",
        note: status?.error ?? (state === "live" ? "seen" : "not seen"),
      };
    }),
  };
}

export function peopleOf({ accountability }: Contract): ZoneView["people"] {
  return {
    owner: accountability.owner,
    onCall: accountability.onCall?.team ?? null,
    escalationMs: accountability.onCall?.escalationMs ?? null,
  };
}

/** The contract's runbooks, those first that are for what is wrong now: for the roots, since what follows from them ends with them. */
export function runbooksOf(contract: Contract, roots: readonly RunbookRequest[]): ZoneView["runbooks"] {
  return contract.accountability.runbooks
    .map(({ when, title, steps }) => ({ when: when.text, title, steps, matches: roots.some((root) => isFor(when, root)) }))
    .sort((a, b) => Number(b.matches) - Number(a.matches));
}
