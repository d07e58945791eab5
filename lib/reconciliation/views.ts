import type { Kind } from "../facts/rules";
import type { Instant } from "../time";
import type { ZoneTag } from "../verdicts/views";
import type { Compared } from "./compared.rules";
import type { Detail, DivergenceState, FieldDifference, Moment, Resolution, ShapeNote } from "./rules";

/** A side as people know it: the service, and its relation. */
export type SideTag = { sourceId: string; service: string; relation: string };

export type DivergenceRow = {
  divergenceId: string;
  key: string;
  zone: ZoneTag;
  rule: string;
  /** Null when the contract has no such rule any more. */
  authority: SideTag | null;
  projection: SideTag | null;
  kind: Kind;
  detail: Detail | null;
  state: DivergenceState;
  /** Columns that differ, by the authority's names. */
  columns: string[];
  since: Instant;
  windowMs: number;
  firstSeenAt: Instant;
  seenN: number;
  resolvedAt: Instant | null;
  resolution: Resolution | null;
  acceptedUntil: Instant | null;
  /** What is known that explains it; such a key is no cause of its own. */
  explainedBy: string | null;
  /** The open case that people work on because of it. */
  caseId: string | null;
};

export type DivergencesView = {
  now: Instant;
  divergences: DivergenceRow[];
  /** Open ones of each kind, under the other filters. */
  counts: Record<Kind, number>;
  /** Over how many keys these are: several rules may see the same one. */
  openKeysN: number;
  candidatesN: number;
  acceptedN: number;
  compared: Compared;
  /** What can be chosen. */
  zones: { zoneId: string; title: string }[];
  rules: { zoneId: string; rule: string }[];
  /** Rules that cannot run, and so tell nothing. */
  failing: { zoneId: string; rule: string; error: string; since: Instant }[];
  /** The oldest of the rules' last runs; null when one has never run. */
  ranAt: Instant | null;
  after: string | null;
};

export type DivergenceView = {
  now: Instant;
  divergence: DivergenceRow;
  fields: FieldDifference[];
  history: Moment[];
  /** The authority's version when this was first seen, and when it changed, as the authority writes it. */
  version: string | null;
  changedAt: string | null;
  lastSeenAt: Instant;
  dueAt: Instant;
  confirmedAt: Instant | null;
};

export type RuleView = {
  zone: ZoneTag;
  rule: string;
  authority: SideTag;
  projection: SideTag;
  everyMs: number;
  repair: "auto" | "case";
  nextRunAt: Instant;
  /** A run that is under way; `share` of the keys when it is known how many there are. */
  running: { startedAt: Instant; keysN: number; share: number | null } | null;
  ranAt: Instant | null;
  runMs: number | null;
  keysN: number | null;
  /** The projection's rows that agree with the authority. */
  matched: { n: number; of: number } | null;
  coverage: number | null;
  openN: number;
  candidatesN: number;
  sourceMs: number | null;
  bytesN: number | null;
  error: { message: string; since: Instant } | null;
  notes: ShapeNote[];
  mass: { since: Instant; n: number } | null;
};

export type RulesView = { now: Instant; rules: RuleView[] };
