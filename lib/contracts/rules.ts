import type { ChannelConfig, Telling } from "../channels/rules";
import type { Abilities } from "../presets/abilities.rules";
import type { ServiceCall } from "../presets/call.rules";
import type { PartialMap } from "../presets/map.rules";
import { type Instant, minutes, seconds } from "../time";
import type { LinkTemplates } from "./links.rules";

export const consistencyClasses = ["strong", "near-real-time", "eventual", "reconciliation-only"] as const;
export type ConsistencyClass = (typeof consistencyClasses)[number];

/** outbox: an outbox row with the state change. cdc: change data capture on the business table. self-read: the producer consumes its own event. */
export const propagations = ["outbox", "cdc", "self-read"] as const;
export type Propagation = (typeof propagations)[number];

export const orderings = ["by-key", "strict", "none"] as const;
export type Ordering = (typeof orderings)[number];

export const backoffs = ["exponential", "linear", "fixed"] as const;
export type Backoff = (typeof backoffs)[number];

/** Where a shift of authority stands. */
export const migrationStages = ["planned", "dual-run", "cut-over", "done"] as const;
export type MigrationStage = (typeof migrationStages)[number];

/** What an alert can watch, and in which unit its bound is given. */
export const alertMetrics = {
  oldest_unresolved: "duration",
  publish_lag: "duration",
  processing_lag: "duration",
  silence: "duration",
  unresolved: "count",
  divergences: "count",
  unpublished: "count",
  undelivered: "count",
  held: "count",
  parked: "count",
  sagas_overdue: "count",
  compensations_failed: "count",
  compensations_late: "count",
  cases: "count",
  cases_overdue: "count",
  breached: "count",
  at_risk: "count",
  sources_silent: "count",
  new_groups: "count",
  group_growth: "count",
  regressions: "count",
  coverage_age: "duration",
  budget_burn: "burn",
  budget_left: "percent",
  converged: "percent",
  match_rate: "percent",
} as const;
export type AlertMetric = keyof typeof alertMetrics;

/**
 * An alert's bound. unit ms: milliseconds · window: multiples of the contract's window · count · burn: multiples of the
 * even rate · ratio: 0 to 1. `forMs`: how long it must hold (0: at once). `overMs`: the span that it is taken over.
 */
export type Condition = {
  text: string;
  metric: AlertMetric;
  op: ">" | ">=" | "<" | "<=";
  value: number;
  unit: "ms" | "window" | "count" | "burn" | "ratio";
  forMs: number;
  overMs: number | null;
};

/** The causes that a runbook can be for: the reasons of an unresolved inconsistency, and what keeps one from resolving. */
export const runbookCauses = [
  "unpublished",
  "undelivered",
  "held",
  "parked",
  "saga",
  "compensation",
  "divergence",
  "silence",
] as const;
export type RunbookCause = (typeof runbookCauses)[number];

/** When a runbook helps: a cause, its kind (a divergence's kind, a saga's step, an event type), and the source or consumer where it shows. */
export type RunbookCondition = { text: string; cause: RunbookCause; kind: string | null; at: string | null };

/** A business fact, and the one source that owns it. */
export type Fact = { fact: string; authority: string };

/** A JSON Schema as its file says it. */
export type PayloadSchema = Record<string, unknown> | boolean;

/** One event type of one producer: what it means, and whom it obliges (`to` holds inbox.consumer values). */
export type EventContract = {
  eventType: string;
  /** The source whose outbox it leaves. */
  from: string;
  to: string[];
  means: string | null;
  schema: number | null;
  /** The file of its payload's JSON Schema, as the contract names it, and what that says; absent where none is named. */
  schemaRef?: string;
  payloadSchema?: PayloadSchema;
  propagation: Propagation;
  derivedFrom: string[];
};

export type RetryContract = {
  attempts: number;
  backoff: Backoff;
  firstMs: number;
  maxMs: number;
  /** What no consumer has taken after this long is shown as not taken. */
  takeWithinMs: number;
};
export const TAKE_WITHIN_MS = minutes(2);
export type SagaStepContract = { step: string; compensation: string | null; withinMs: number | null };
export type SagaContract = { sagaType: string; deadlineMs: number; steps: SagaStepContract[] };

/** One side of a comparison. `relation` may be qualified by a schema; `changedAt` and `version` name columns. */
export type RuleSide = {
  sourceId: string;
  relation: string;
  key: string;
  columns: string[];
  changedAt: string | null;
  version: string | null;
};

/** Of numbers the difference in the column's own unit, of times how far they may be apart, of text what does not count. */
export type Tolerance = number | { withinMs: number } | { ignore: ("trim" | "case")[] };

export type ReconciliationContract = {
  rule: string;
  everyMs: number;
  authority: RuleSide;
  projection: RuleSide;
  /** Authority's column to the projection's, for every compared column, also where both have the same name. */
  map: Record<string, string>;
  /** Authority's column to the difference that is still agreement. */
  tolerance: Record<string, Tolerance>;
  repair: "auto" | "case";
};

/** How many further people an act needs; a retry needs one more person only above `retryAbove` messages. */
export type Approvals = { discard: number; editAndRetry: number; retryAbove: number };

export type AlertContract = { when: Condition; notify: string[] };
export type RunbookContract = { when: RunbookCondition; title: string; steps: string[] };

export type FactMigration = {
  kind: "fact";
  fact: string;
  from: string;
  to: string;
  stage: MigrationStage;
  /** The reconciliation rule that compares the old authority with the new. */
  compare: string | null;
  /** A day, `2027-01-31`. */
  cutOverBy: string | null;
};
export type CouplingMigration = { kind: "coupling"; coupling: string; owner: string | null; removeBy: string };

/** A zone's contract with every default applied: durations in milliseconds, percents as ratios. */
export type Contract = {
  zoneId: string;
  title: string;
  promise: string;
  businessKey: { name: string; pattern: string | null };
  facts: Fact[];
  expectation: { class: ConsistencyClass; windowMs: number; atRisk: number; slo: { target: number; overMs: number } | null };
  semantics: {
    propagation: Propagation;
    ordering: Ordering;
    events: EventContract[];
    /** Thing to state to the states that may follow. */
    states: Record<string, Record<string, string[]>>;
  };
  recovery: {
    retry: RetryContract | null;
    sagas: SagaContract[];
    reconciliation: ReconciliationContract[];
    cases: { dueMs: number };
    approvals: Approvals;
  };
  accountability: {
    owner: string;
    onCall: { team: string; escalationMs: number } | null;
    alerts: AlertContract[];
    runbooks: RunbookContract[];
  };
  masking: string[];
  /** How long the payload of a message is kept after it was parked; null, or absent in a text from before: as long as the message. */
  payloads?: { keepMs: number } | null;
  migration: (FactMigration | CouplingMigration)[];
};

/** What a source's connections demand of TLS, in the words of PostgreSQL's own clients. */
export const tlsModes = ["disable", "require", "verify-ca", "verify-full"] as const;

/** What accord.yaml says of a source's TLS beside its addresses; `ca` relative to accord.yaml. */
export type TlsDemand = { sourceId: string; mode: (typeof tlsModes)[number] | undefined; ca: string | undefined };

/** A source as configured. `url` and `actUrl` hold passwords: they stay in the worker's memory, never in a log, a screen or the store. */
export type SourceConfig = {
  sourceId: string;
  service: string;
  preset: string;
  url: string;
  actUrl: string;
  consumers: string[];
  schema: string;
  observeEveryMs: number;
  act: boolean;
  timeZone: string;
  /** How tables are read that are not Accord's: all of them for preset generic, what is to be another for a framework's. */
  map: PartialMap;
  /** How its service is asked to retry, where nobody else can; its headers may hold secrets. */
  call?: ServiceCall | null;
  /** What can be told of it, as far as its configuration says. */
  abilities: Abilities;
};

/** A contract with the text that it was read from, its file relative to accord.yaml, and the text's SHA-256. */
export type ContractText = { contract: Contract; file: string; yaml: string; contentHash: string };

/** Everything the files say. `contentHash` covers the contracts, the links, whom Accord tells what, and the sources without their urls. */
export type Configuration = {
  environment: string;
  links: LinkTemplates;
  sources: SourceConfig[];
  contracts: ContractText[];
  channels: ChannelConfig[];
  telling: Telling;
  contentHash: string;
};

/** Something wrong or weak in a file; line and column count from 1. */
export type Problem = {
  file: string;
  line: number;
  column: number;
  path: string;
  message: string;
  severity: "error" | "warning";
};

/** The zones that name an event, as producer's or as consumer's side; empty is the bucket "no contract". */
export function zonesOfEvent(
  contracts: readonly Contract[],
  eventType: string,
  at: { sourceId?: string; consumer?: string },
): string[] {
  const names = (event: EventContract) =>
    event.eventType === eventType &&
    (event.from === at.sourceId || (at.consumer !== undefined && event.to.includes(at.consumer)));
  return contracts.filter((contract) => contract.semantics.events.some(names)).map((contract) => contract.zoneId);
}

/** After how long a message that no consumer has taken is told as such; the zone that waits least counts. */
export function takeWithinMs(contracts: readonly Contract[], zones: readonly string[]): number {
  const retries = contracts.filter(({ zoneId }) => zones.includes(zoneId)).flatMap(({ recovery }) => recovery.retry ?? []);
  return Math.min(TAKE_WITHIN_MS, ...retries.map((retry) => retry.takeWithinMs));
}

/** The contract that a saga type belongs to: one at most, since the linter refuses two. */
export function contractOfSaga(contracts: readonly Contract[], sagaType: string): Contract | null {
  return contracts.find((contract) => contract.recovery.sagas.some((saga) => saga.sagaType === sagaType)) ?? null;
}

/** A source without what may hold secrets: what may be stored, hashed and shown. */
export type PublicSource = Omit<SourceConfig, "url" | "actUrl" | "call">;
export function publicSource(source: SourceConfig): PublicSource {
  const { url: _url, actUrl: _actUrl, call: _call, ...rest } = source;
  return rest;
}

/** A worker that has not reported for this long does not hold its files against another's; workers report every ten seconds. */
export const reportLiveMs = seconds(30);

/**
 * Whether a worker's files, which are not in force, come into force: when they are its own change of what is in force, or
 * when no other live worker holds that. Otherwise two deployments would undo each other for ever.
 */
export function mayApply(
  workerId: string,
  inForce: string | null,
  reports: readonly { workerId: string; contentHash: string | null; at: Instant }[],
  now: Instant,
): boolean {
  if (inForce === null) return true;
  const holders = reports.filter((report) => report.contentHash === inForce);
  if (holders.some((report) => report.workerId === workerId)) return true;
  return !holders.some((report) => now - report.at <= reportLiveMs);
}
