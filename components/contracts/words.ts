import type { Contract, FactMigration, ReconciliationContract, RetryContract, SagaContract } from "@/lib/contracts/rules";
import type { WatchedDelivery } from "@/lib/contracts/watched.rules";
import type { MaskingSeen } from "@/lib/dead-letters/views";
import { windowWords } from "@/lib/time";
import { counted, listed } from "@/lib/words";

const percent = (ratio: number): string => `${Number((ratio * 100).toFixed(3))} %`;

/** `99.9 % of keys, 30 d` */
export function sloWords(slo: Contract["expectation"]["slo"]): string {
  if (slo === null) return "no share of keys is promised";
  const days = slo.overMs / 86_400_000;
  return `${percent(slo.target)} of keys, over ${Number.isInteger(days) && days > 1 ? `${days} d` : windowWords(slo.overMs)}`;
}

export const atRiskWords = (ratio: number): string => `from ${percent(ratio)} of the window`;

const orderings: Record<Contract["semantics"]["ordering"], string> = {
  "by-key": "by version, per key",
  strict: "strict, a gap stops what follows",
  none: "none is promised",
};
export const orderingWords = (contract: Contract): string => orderings[contract.semantics.ordering];

const propagations: Record<Contract["semantics"]["propagation"], string> = {
  outbox: "outbox",
  cdc: "change data capture",
  "self-read": "the producer reads its own event",
};
export const propagationWords = (name: Contract["semantics"]["propagation"]): string => propagations[name];

export function retryWords(retry: RetryContract | null): string {
  if (retry === null) return "not stated";
  return `${counted(retry.attempts, "attempt")}, ${retry.backoff} from ${windowWords(retry.firstMs)} to ${windowWords(retry.maxMs)}, then parked`;
}

/** `authorize-payment, undone by void-payment within 5 min` for each step. */
export const sagaStepWords = (saga: SagaContract): string[] =>
  saga.steps.map((step) => {
    if (step.compensation === null) return `${step.step}, nothing to undo`;
    return `${step.step}, undone by ${step.compensation}${step.withinMs === null ? "" : ` within ${windowWords(step.withinMs)}`}`;
  });

export const reconciliationWords = (rule: ReconciliationContract): string =>
  `every ${windowWords(rule.everyMs)}: ${rule.authority.sourceId}.${rule.authority.relation} against ${rule.projection.sourceId}.${rule.projection.relation}; ${rule.repair === "auto" ? "to be repaired automatically, which is not in force yet: a person decides" : "a difference becomes a case"}`;

export const migrationWords = (move: FactMigration): string =>
  `${move.from} to ${move.to}, ${move.stage}${move.cutOverBy ? `, cut over by ${move.cutOverBy}` : ""}`;

/** Who else must agree. */
export function approvalWords({ discard, editAndRetry, retryAbove }: Contract["recovery"]["approvals"]): string {
  const people = (n: number) => (n === 0 ? "alone" : `with ${counted(n, "further person", "further people")}`);
  return listed([
    `discard ${people(discard)}`,
    `edit and retry ${people(editAndRetry)}`,
    `retry alone up to ${counted(retryAbove, "message")}`,
  ]);
}

/** What is wrong with a path of masking; null when it led to something, or nothing came that it could. */
export function unmatchedWords({ matchedN }: MaskingSeen["paths"][number], { lookedAtN }: MaskingSeen): string | null {
  if (matchedN > 0 || lookedAtN === 0) return null;
  return `No message matched this path in the last ${lookedAtN}: it masks nothing of them.`;
}

function watchWords(by: WatchedDelivery["by"]): string {
  if (by === null) return "nothing";
  if (by.kind === "rules") return `${by.rules.length === 1 ? "the rule" : "the rules"} ${listed(by.rules)}`;
  return by.kind === "inbox" ? "its inbox" : "its queue";
}

/** By what each consumer's delivery is watched; without names where all are watched alike. */
export function watchedWords(deliveries: readonly WatchedDelivery[]): { text: string; nothing: boolean }[] {
  const ways = [...new Set(deliveries.map(({ by }) => watchWords(by)))];
  if (ways.length === 0) return [{ text: "nobody is obliged", nothing: false }];
  return ways.map((way) => {
    const whose = listed(deliveries.filter(({ by }) => watchWords(by) === way).map(({ consumer }) => consumer));
    return { text: ways.length === 1 ? way : `${whose}: ${way}`, nothing: way === "nothing" };
  });
}
