import type { Instant } from "../time";
import type { ZoneTag } from "../verdicts/views";
import type { Part } from "../words";
import type { HoldOutcome, SagaCause, SagaStage, SagaTarget, Success, SuccessSpan } from "./rules";

export type { ZoneTag } from "../verdicts/views";

export type SagaRow = {
  sourceId: string;
  sagaId: string;
  sagaType: string;
  /** Null: no contract names its type; only who sees all zones sees it. */
  zone: ZoneTag | null;
  businessKey: string;
  stage: SagaStage;
  /** As the service writes it. */
  state: string;
  step: string | null;
  stepNo: number | null;
  stepsN: number;
  startedAt: Instant;
  deadlineAt: Instant | null;
  endedAt: Instant | null;
  holdUntil: Instant | null;
  /** False: Accord only observes its source. */
  act: boolean;
};

/** Sagas of one type at one step that are to be seen, as judged last. */
export type SagaGroup = Omit<SagaCause, "lacks"> & {
  zone: ZoneTag;
  title: Part[];
  evidence: Part[];
  next: string;
  /** Of which the compensations can still be held; null when there are none. */
  hold: SagaTarget | null;
};

export type SagasView = {
  now: Instant;
  sentence: Part[];
  groups: SagaGroup[];
  sagas: SagaRow[];
  after: string | null;
  facets: { zone: string[]; type: string[]; step: string[] };
};

export type SagaStep = {
  position: number;
  name: string;
  state: string;
  attempts: number;
  deadlineAt: Instant | null;
  startedAt: Instant | null;
  endedAt: Instant | null;
  errorType: string | null;
  errorMessage: string | null;
};

/** A step with what reverses it; `plan`: as the contract has it, since nothing more is known yet. */
export type SagaStepPair = {
  step: SagaStep | null;
  plan: string;
  compensation: SagaStep | null;
  compensationPlan: string | null;
};

export type SagaView = {
  now: Instant;
  saga: SagaRow;
  sentence: Part[];
  correlationId: string | null;
  /** The steps were read then; null: they are read once a saga is held up, and until then the contract's are shown. */
  stepsAt: Instant | null;
  steps: SagaStepPair[];
  /** What its current step lacks; empty when it lacks nothing that is known. */
  waitsFor: Part[];
  /** What somebody can do about a compensation that failed or is late. */
  next: SagaNext | null;
  windowMs: number | null;
  holds: HoldRow[];
};

/** What can be done, where, and the steps that the contract has for it. */
export type SagaNext = {
  text: Part[];
  actions: { label: string; href: string }[];
  runbook: { when: string; title: string; steps: string[] } | null;
};

/** What one request did to one saga. */
export type HoldRow = {
  holdId: string;
  kind: "hold" | "release";
  by: string;
  at: Instant;
  until: Instant | null;
  reason: string | null;
  outcome: Part[];
};

/** What came of a request so far. `over`: it was held, and the hold has ended by itself. */
export type HoldView = {
  now: Instant;
  holdId: string;
  kind: "hold" | "release";
  by: string;
  at: Instant;
  until: Instant | null;
  reason: string | null;
  sagasN: number;
  outcomes: { outcome: HoldOutcome | "waiting" | "uncertain"; n: number }[];
  settled: boolean;
  over: boolean;
  sentence: Part[];
};

/** What a hold would do now: over how many, when the first of them would compensate, what cannot be held any more. */
export type HoldPreviewView = {
  now: Instant;
  sagasN: number;
  /** More match than one request may hold: these are the ones whose deadline comes first. */
  moreThan: number | null;
  groups: { sagaType: string; step: string | null; n: number; undo: string[] }[];
  firstDeadlineAt: Instant | null;
  /** Past their deadline: they compensate at any moment. */
  pastN: number;
  /** Have begun to compensate: what has begun goes on. */
  begunN: number;
  heldN: number;
  zones: ZoneTag[];
  /** Why it would be refused, in words; null when it may go ahead. */
  refusal: string | null;
};

/** How a zone's compensations ended in a span, and each of them. Nothing ended is no success. */
export type SuccessView = {
  now: Instant;
  since: Instant;
  span: SuccessSpan;
  zones: { zone: ZoneTag; ok: number; failed: number; openN: number; lateN: number; steps: Success[] }[];
};
