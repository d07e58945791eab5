import type { Abilities } from "../presets/abilities.rules";
import type { Instant } from "../time";
import type { SourceCheck } from "./check.rules";
import type { DiscoveryLook } from "./discovery.rules";
import type { EventRow, FlowRow } from "./flows.rules";
import type { SourceFigures } from "./rules";

export type { CheckState, SourceCheck, SourceCheckName } from "./check.rules";
export type { DiscoveryLook, Found, Recognised } from "./discovery.rules";
export type { EventRow, FlowRow, FlowState } from "./flows.rules";

/** How a source is set up, a row a check, as a worker found it; `checkedAt` null and no rows: none has looked yet. */
export type SourceCheckView = { sourceId: string; checkedAt: Instant | null; checks: SourceCheck[] };

/** What a source shows and what it cannot, in whole sentences; null for tables of which everything is known. */
export type Recorded = {
  title: string;
  variant: string | null;
  /** Tables that are read and what they tell. */
  seen: string[];
  /** What is not recorded there, and shown as such. */
  unseen: string[];
  /** What is recorded and not read, with what would change that. */
  notes: string[];
  /** What to know before a retry; and how it is carried out. */
  hazards: string[];
  beat: string | null;
};

export type SourceRow = {
  sourceId: string;
  service: string;
  preset: string;
  consumers: string[];
  act: boolean;
  /** What its tables record: null before configuration was applied, when nobody has said so. */
  abilities: Abilities | null;
  /** The same in sentences; null where everything is recorded, or nothing but business tables. */
  records: Recorded | null;
  state: "live" | "failing" | "silent" | "new";
  /** End of the last good poll; null before the first. */
  observedAt: Instant | null;
  error: { message: string; since: Instant; nextLookAt: Instant | null } | null;
  heldBy: string | null;
  lookMs: number | null;
  /** Source's clock minus the store's; shown above 1 s. */
  clockOffsetMs: number | null;
  /** Its service's times are off its database's clock by so much, ahead above zero, as of `at`; null when they were not lately. */
  timesOff: { ms: number; at: Instant } | null;
  /** A poll cannot move on because a transaction on the source has been open this long; null when none holds it. */
  longTransactionMs: number | null;
  backlog: boolean;
  figures: Omit<SourceFigures, "flows"> | null;
  /** Its outbox and its consumers, worst first; one row that says so where it has neither. */
  flows: FlowRow[];
  /** Rows whose times or states made no sense, since the source was first seen. */
  oddRowsN: number;
  /** Consumers whose rows stand in this source and are not taken, with the source that they belong to; null is one that the reader does not see. */
  foreign: { consumer: string; ownerId: string | null }[];
  versions: { consumer: string; version: string; since: Instant }[];
  /** Rules of contracts that cannot compare a relation of this source, and why. */
  notCompared: { zoneId: string; rule: string; problem: string; since: Instant }[];
  rereadAt: Instant | null;
  rereadWhy: string | null;
  /** How many checks of its set-up did not end well when a worker last made them; null before the first. */
  setUp: { checkedAt: Instant; failN: number; warnN: number; unknownN: number } | null;
};

export type ConfigurationProblem = {
  workerId: string;
  file: string;
  line: number;
  column: number;
  message: string;
  severity: "error" | "warning";
};

export type SourcesView = {
  now: Instant;
  sources: SourceRow[];
  /** `hiddenN`: problems that are not shown, since files name zones that the reader does not see. */
  configuration: { ok: boolean; at: Instant | null; problems: ConfigurationProblem[]; hiddenN: number };
  workers: { workerId: string; heartbeatAt: Instant }[];
};

export type FailingGroup = {
  groupId: string;
  consumer: string;
  eventType: string;
  errorType: string;
  template: string;
  openN: number;
  lastAt: Instant;
};

/** One source, and the service that it is of. */
export type SourceView = {
  now: Instant;
  source: SourceRow;
  publishes: EventRow[];
  consumes: EventRow[];
  /** The largest groups of what is parked here. */
  failing: FailingGroup[];
  /** The newest first. */
  deploys: { consumer: string; version: string; at: Instant; kind: "deploy" | "rollback" }[];
};

/** The last look, null before the first; and the sources of accord.yaml, whose databases may be looked at. */
export type DiscoveryView = { now: Instant; sources: { sourceId: string; service: string }[]; look: DiscoveryLook | null };
