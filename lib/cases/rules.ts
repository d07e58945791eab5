import type { Contract } from "../contracts/rules";
import { bestRunbook, type Runbook, type RunbookRequest, sagaRunbookRequest } from "../contracts/runbooks.rules";
import { days, hours, type Instant, minutes } from "../time";

export const causeKinds = ["group", "saga", "divergence", "lag", "mass", "missed", "manual"] as const;
export type CauseKind = (typeof causeKinds)[number];
export const caseStates = ["open", "acknowledged", "snoozed", "resolved"] as const;
export type CaseState = (typeof caseStates)[number];

/** How a case ends: by itself, by a repair on either side, by undoing, or since people decide that nothing is to be done. */
export const resolutions = ["converged", "authority", "projection", "compensated", "accepted", "no_divergence"] as const;
export type CaseResolution = (typeof resolutions)[number];

export const caseLimits = {
  titleMost: 120,
  commentMost: 2_000,
  reasonLeast: 12,
  snoozeMsMax: days(7),
  acceptMsMax: days(90),
  /** Differences that one acceptance is about. */
  acceptedAtOnce: 500,
  /** A cause that returns this soon after a resolution opens the same case again. */
  sameCaseMs: hours(24),
  /** A cause stands for so long past its window before it opens a case: what is just about to converge opens none. */
  standsMs: minutes(1),
  /** Opened in one round: a store full of causes is gone through in turns. */
  openedAtOnce: 100,
} as const;

/** The contract's runbook as it was when the case was opened. */
export type CaseRunbook = Runbook;

/** What is known of a cause when it opens a case. */
export type CaseFacts =
  | { kind: "group"; sourceId: string; consumer: string; eventType: string; errorType: string }
  | { kind: "saga"; sourceId: string; sagaType: string; step: string | null; failedN: number }
  /** A rule and a kind of difference, whatever keys it has; with a key it is of that one alone, as older versions of Accord opened them. */
  | { kind: "divergence"; rule: string; key: string | null; differs: string }
  /** `behind`: the projection's source, where its consumer's backlog is what makes nearly every key differ. */
  | { kind: "lag"; rule: string; explainedBy: string; behind?: string }
  | { kind: "mass"; rule: string; n: number }
  /** What consumers went past without: of which producer. */
  | { kind: "missed"; sourceId: string; consumers: string[]; eventTypes: string[] }
  | { kind: "manual" };

/** What tells one cause of a kind from another in a zone: `ref` names a group, a rule, a type of saga or a producer, `part` a kind of difference or a step within it. */
export type CauseRef = { causeRef: string; causePart: string };

/** Something that opens a case: in which zone, over which key, since when. */
export type StandingCause = CauseRef & {
  zoneId: string;
  businessKey: string | null;
  since: Instant;
  facts: Exclude<CaseFacts, { kind: "manual" }>;
};

type Stated = { resolvedAt: Instant | null; acknowledgedAt: Instant | null; wakesAt: Instant | null };

/** Where a case stands as of an instant: a snooze ends by itself, whoever looks. */
export function caseState({ resolvedAt, acknowledgedAt, wakesAt }: Stated, now: Instant): CaseState {
  if (resolvedAt !== null) return "resolved";
  if (wakesAt !== null && wakesAt > now) return "snoozed";
  return acknowledgedAt === null ? "open" : "acknowledged";
}

/** When a snooze really ends: sooner where the case becomes overdue before. */
export const wakesAt = (until: Instant, dueAt: Instant, now: Instant): Instant => (dueAt > now ? Math.min(until, dueAt) : until);

/** Which of the zone's runbooks is for a cause: the one that says most precisely when; null when none does. */
export function runbookFor(contract: Contract, facts: CaseFacts, sourcesOf: SourcesOf = () => []): CaseRunbook | null {
  const wanted = runbookRequest(contract, facts, sourcesOf);
  return wanted && bestRunbook(contract, wanted);
}

/** The sources in which some consumers stand. */
type SourcesOf = (consumers: readonly string[]) => string[];

function runbookRequest(contract: Contract, facts: CaseFacts, sourcesOf: SourcesOf): RunbookRequest | null {
  switch (facts.kind) {
    case "group":
      return { causes: ["parked"], kinds: [facts.eventType, facts.errorType], at: [facts.consumer, facts.sourceId] };
    case "saga":
      return sagaRunbookRequest(contract, { ...facts, failed: facts.failedN > 0 });
    case "divergence":
      return { causes: ["divergence"], kinds: [facts.differs], at: sidesOf(contract, facts.rule) };
    case "missed":
      return {
        causes: ["undelivered", "divergence"],
        kinds: ["missing", ...facts.eventTypes],
        at: [facts.sourceId, ...facts.consumers, ...sourcesOf(facts.consumers)],
      };
    case "lag":
      return { causes: ["undelivered", "divergence"], kinds: [], at: sidesOf(contract, facts.rule) };
    case "mass":
      return { causes: ["divergence"], kinds: [], at: sidesOf(contract, facts.rule) };
    case "manual":
      return null;
  }
}

function sidesOf(contract: Contract, rule: string): string[] {
  const found = contract.recovery.reconciliation.find((one) => one.rule === rule);
  return found ? [found.projection.sourceId, found.authority.sourceId] : [];
}

export type Resolvable = Stated & {
  caseId: number;
  causeKind: CauseKind;
  resolvedByName: string | null;
  /** Whether its cause is there as of now; null where a case has none that Accord follows. */
  stands: boolean | null;
  /** Who has asked for a second person and waits. */
  askedBy: string | null;
};

/** Why a case may not be resolved in this way, in words; null when it may. The choices and the verb obey it alike. */
export function whyNotResolve(one: Resolvable, resolution: CaseResolution): string | null {
  if (one.resolvedAt !== null) return `CASE-${one.caseId} was already resolved by ${one.resolvedByName}.`;
  if (one.askedBy !== null) return `${one.askedBy} has asked for a second person; resolving waits for that.`;
  if (resolution === "converged" && one.stands) return "The cause still stands, so it has not converged.";
  if (resolution === "accepted" && one.causeKind !== "divergence")
    return "Only a difference between an authority and its projection can be accepted.";
  if (resolution === "accepted" && one.stands === false) return "The difference is gone; there is nothing to accept.";
  return null;
}

/** What a resolution claims to have repaired: when the cause still stands a window later, the case opens again. */
export const claimsRepair = (resolution: CaseResolution): boolean =>
  ["authority", "projection", "compensated"].includes(resolution);
