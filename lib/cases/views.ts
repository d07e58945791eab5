import type { Approval } from "../approvals/rules";
import type { Kind } from "../facts/rules";
import type { FieldDifference } from "../reconciliation/rules";
import type { Instant } from "../time";
import type { ZoneTag } from "../verdicts/views";
import type { Part } from "../words";
import type { CaseResolution, CaseState, CauseKind } from "./rules";

/** A case in a list. */
export type CaseRow = {
  caseId: string;
  title: string;
  zone: ZoneTag;
  causeKind: CauseKind;
  businessKey: string | null;
  state: CaseState;
  openedAt: Instant;
  /** When its time began: it was opened, or opened again. */
  clockAt: Instant;
  dueAt: Instant;
  assignee: { id: string; name: string } | null;
  tickedN: number;
  stepsN: number;
  snoozedUntil: Instant | null;
  causeGoneAt: Instant | null;
  /** Who has asked for a second person and waits. */
  askedBy: string | null;
  resolvedAt: Instant | null;
  resolution: CaseResolution | null;
};

/** Open cases in the actor's zones; each exact up to `COUNTED_MAX`. */
export type CaseCounts = { all: number; mine: number; unassigned: number; overdue: number };
export const COUNTED_MAX = 10_000;

export type CasesView = { now: Instant; cases: CaseRow[]; counts: CaseCounts; zones: ZoneTag[]; after: string | null };

/** What a cause is about: both sides of a difference, or facts with the way to their rows. */
export type CaseCause =
  | {
      kind: "difference";
      divergenceId: string;
      rule: string;
      key: string;
      differs: Kind;
      /** Nobody looks at it any more: it is resolved or accepted. */
      settled: boolean;
      detail: string | null;
      authority: string;
      projection: string;
      checkedAt: Instant;
      asOf: Instant;
      fields: FieldDifference[];
    }
  | { kind: "facts"; rows: { term: string; value: Part[] }[] };

export type CaseView = {
  now: Instant;
  one: CaseRow & {
    acknowledged: { at: Instant; by: string } | null;
    openedBy: string;
    resolvedBy: string | null;
    resolutionReason: string | null;
    acceptedUntil: Instant | null;
    reopenedN: number;
    owner: string;
    onCall: string | null;
    dueMs: number;
  };
  sentence: Part[];
  /** Null where the case was opened by hand, or nothing is left of its cause. */
  cause: CaseCause | null;
  runbook: { title: string; when: string; steps: { n: number; text: string; done: { at: Instant; by: string } | null }[] } | null;
  /** The latest first, at most HISTORY_MAX. */
  history: { n: number; at: Instant; by: string; person: boolean; kind: string; text: Part[] }[];
  resolutions: { resolution: CaseResolution; consequence: string; people: number; blocked: string | null }[];
  approval: Approval | null;
  /** Who may have this case. */
  people: { id: string; name: string }[];
  related: { caseId: string; title: string }[];
};
export const HISTORY_MAX = 300;

/** What waits for the person who looks: decisions they may give, their cases, and cases that nobody acknowledged. */
export type WaitingView = { now: Instant; approvals: Approval[]; mine: CaseRow[]; unacknowledged: CaseRow[]; more: boolean };

/** What would become of each of several cases: null is done, else why it is left as it is. */
export type BulkPreview = { now: Instant; cases: { caseId: string; title: string; why: string | null }[] };
/** What became of them. */
export type BulkAnswer = { done: string[]; refused: { caseId: string; why: string }[] };
