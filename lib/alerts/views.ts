import type { Instant } from "../time";
import type { ZoneTag } from "../verdicts/views";
import type { Part } from "../words";
import type { AlertState, Severity } from "./rules";
import type { SilenceKind, SilenceState } from "./silence.rules";

export type SilenceRow = {
  silenceId: string;
  kind: SilenceKind;
  state: SilenceState;
  /** Null: every zone. */
  zone: ZoneTag | null;
  condition: string | null;
  cause: string | null;
  startsAt: Instant;
  endsAt: Instant;
  reason: string;
  by: string;
  createdAt: Instant;
  endedAt: Instant | null;
  endedBy: string | null;
};

export type AlertRow = {
  alertId: string;
  zone: ZoneTag;
  /** As the contract writes it. */
  condition: string;
  /** The same in words. */
  words: string;
  /** The source or group that it is about, with the way there. */
  cause: { id: string; name: string; href: string } | null;
  severity: Severity;
  state: AlertState;
  since: Instant;
  raisedAt: Instant | null;
  quietSince: Instant | null;
  clearedAt: Instant | null;
  acknowledged: { at: Instant; by: string } | null;
  level: number;
  escalateAt: Instant | null;
  inhibitedBy: string | null;
  previousId: string | null;
  /** The figure when it was raised, in words; null where the condition says all. */
  figure: string | null;
  notify: string[];
  /** Nobody is told until then, and by whose word. */
  silenced: { silenceId: string; kind: SilenceKind; until: Instant; by: string; reason: string } | null;
};

/** Conditions that could not be evaluated, and since when. */
export type UnknownView = { zone: ZoneTag; condition: string; since: Instant; why: string };

export type AlertsView = {
  now: Instant;
  alerts: AlertRow[];
  counts: { raised: number; acknowledged: number; pending: number };
  /** When the conditions of these zones were last evaluated; null where one never was. */
  evaluatedAt: Instant | null;
  unknown: UnknownView[];
  silences: SilenceRow[];
  zones: ZoneTag[];
  /** Null at the end; open alerts come in one page of at most OPEN_MAX. */
  after: string | null;
};
export const OPEN_MAX = 500;

export type AlertView = {
  now: Instant;
  one: AlertRow;
  /** What the zone says of itself now. */
  sentence: Part[];
  runbook: { title: string; when: string; steps: string[] } | null;
  owner: string;
  onCall: string | null;
  history: { n: number; at: Instant; by: string; person: boolean; kind: string; text: Part[] }[];
};

/** What is open for whoever looks: in every screen's bar. */
export type BellView = { now: Instant; raisedN: number; first: AlertRow[] };

/** When a condition would have been raised over the readings that are kept. */
export type ReplayView = {
  now: Instant;
  words: string;
  from: Instant;
  to: Instant;
  /** How much of that span has readings, and of how much the condition could not be told: parts of one. */
  seen: number;
  unknown: number;
  raised: { cause: string; raisedAt: Instant; clearedAt: Instant | null; figure: string }[];
  /** More than are listed. */
  raisedN: number;
};
export const RAISED_MAX = 200;
