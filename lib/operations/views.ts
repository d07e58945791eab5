import type { Approval } from "../approvals/rules";
import type { ClosingPreview } from "../dead-letters/views";
import type { ProofCounts } from "../proofs/rules";
import type { Instant } from "../time";
import type { ZoneTag } from "../verdicts/views";
import type { Part } from "../words";
import type { Misfit } from "./edit.rules";
import type { ForecastOutcome } from "./forecast.rules";
import type { Rate } from "./headroom.rules";
import type { CanaryThen, Gate, Limits } from "./plan.rules";
import type { ReadinessAnswer, ReadinessQuestion } from "./readiness.rules";
import type { ItemState, OperationKind, OperationState } from "./rules";
import type { EffectView } from "./zone-effect.rules";

/** Items per state; the sum is `total`. */
export type OperationCounts = Record<ItemState, number> & { total: number };

export type OperationRow = {
  operationId: string;
  kind: OperationKind;
  state: OperationState;
  /** "Retry of 448 OrderSubmitted". */
  title: string;
  reason: string;
  ticket: string | null;
  requestedBy: string;
  requestedAt: Instant;
  endedAt: Instant | null;
  counts: OperationCounts;
  /** Where it stands in its plan: before its time, at its canary, at the rest; null for what is not under way. */
  gate: Gate | null;
  /** Why it paused by itself. */
  stopReason: string | null;
  zones: ZoneTag[];
};

export type OperationsView = { now: Instant; operations: OperationRow[]; after: string | null };

export type ItemRow = {
  item: number;
  businessKey: string | null;
  messageId: string;
  consumer: string;
  state: ItemState;
  detail: string | null;
  /** The group it failed into, where that is another one. */
  failedInto: string | null;
  sentAt: Instant | null;
  finishedAt: Instant | null;
};

export type OperationView = {
  now: Instant;
  operation: OperationRow;
  sentence: Part[];
  /** What its zones call a business key. */
  keyName: string;
  /** How many of its keys are proven converged, of a retry that may begin; null for what delivers nothing. */
  proof: ProofCounts | null;
  effect: EffectView;
  consumers: string[];
  keysN: number;
  /** One letter per item in order, at most 2,000 (itemLetter); above that, null and the counts tell. */
  grid: string | null;
  /** Failed again, held, uncertain: at most 50; the list has the rest. */
  offTrack: ItemRow[];
  record: {
    who: string;
    when: Instant;
    why: string;
    /** The code in words, and what shows that it is so; null for what closes nothing. */
    code: string | null;
    evidence: string | null;
    /** Whose tables were written for it; null for a retry, and while nothing was carried out. */
    written: string | null;
    ticket: string | null;
    ticketHref: string | null;
    scope: string;
    auditEntry: string;
  };
  plan: PlanView;
  /** Messages the consumer answered per second over the last 30 s; null when nothing was answered. */
  answeredPerSecond: number | null;
  activity: { at: Instant; text: string }[];
  /** The request for a second person, where it took one. */
  approval: Approval | null;
  /** Whether it changes its messages before it sends them again. */
  edits: boolean;
  /** Whether anything that it closed stands closed still. */
  canTakeBack: boolean;
};

/** What the operation keeps to, and how far it is in that. */
export type PlanView = Limits & {
  /** All of it in words. */
  words: string;
  canaryN: number | null;
  canaryThen: CanaryThen;
  watchMs: number;
  canaryEndedAt: Instant | null;
  canaryPassedAt: Instant | null;
  /** Answers that the stop rule looks at: since it began, or was resumed after a stop. */
  judgedN: number;
  failedN: number;
  inFlightN: number;
  opensAt: Instant | null;
  undoUntil: Instant | null;
  retryOf: string | null;
};

/** One message before and after an edit, as text on lines of its own, masked. */
export type EditSample = { id: string; messageId: string; businessKey: string; before: string; after: string };

/** What an edit makes of the messages of a selection. */
export type EditView = {
  /** Why the patch is none, in words. */
  problem: string | null;
  changeN: number;
  /** Left as they were: it changes nothing in them. */
  sameN: number;
  /** It does not fit them: they stay parked as they were. */
  misfitN: number;
  /** Accord does not keep their payloads, so nobody could see what it makes of them. */
  unseenN: number;
  /** Whether a contract names a schema that some were held against. */
  schema: boolean;
  misfits: { id: string; messageId: string; businessKey: string; misfits: Misfit[] }[];
  samples: EditSample[];
  /** The first message of them, masked: what to begin with. */
  first: { id: string; businessKey: string; payload: unknown } | null;
};
export type EditPreviewView = PreviewView & { edit: EditView };

/** What an operation changed; `texts` null: its payload is kept no longer, or the contract masks by now what was edited. */
export type EditedView = {
  now: Instant;
  patch: string;
  samples: {
    item: number;
    messageId: string;
    businessKey: string;
    editedMessageId: string;
    texts: { before: string; after: string } | null;
  }[];
  after: string | null;
};

export type ItemsView = { now: Instant; items: ItemRow[]; after: string | null };

export const itemLetter: Record<ItemState, string> = {
  succeeded: "s",
  failed_again: "f",
  duplicate: "d",
  stale: "t",
  held: "h",
  discarded: "x",
  by_hand: "m",
  taken_back: "k",
  cancelled: "c",
  behind: "b",
  waiting: "w",
  uncertain: "u",
};

/** Every state that an item can have. */
export const itemStates = Object.keys(itemLetter) as ItemState[];

/** One of the questions before a retry, with the fact that its answer rests on and where that stands. */
export type ReadinessView = { question: ReadinessQuestion; answer: ReadinessAnswer; words: string; href: string | null };

/** Whether a group may be retried, asked before anybody opens a preview; no answers where nothing of it is parked. */
export type GroupReadinessView = { now: Instant; answers: ReadinessView[] };

/** What would come of each message of a preview, as a worker found it in their sources. */
export type ForecastView = {
  now: Instant;
  forecastId: string;
  /** lost: no worker answered. */
  state: "waiting" | "done" | "lost";
  /** Messages that were looked at so far. */
  lookedN: number;
  /** That was all of them; else it was the first of too many. */
  whole: boolean;
  /** By what would come of them, with some of their keys; empty until it is done. Their sum is `lookedN`. */
  outcomes: { outcome: ForecastOutcome; n: number; keys: string[] }[];
  /** Sources that could not be asked. */
  unasked: { sourceId: string; n: number; why: string }[];
  /** What matches by now and has arrived since; never part of what is asked for. */
  arrivedN: number;
};

/** What a retry or discard would act on now: exact, and who may not be touched, with why. */
export type PreviewView = {
  /** For a discard and a resolution by hand. */
  closing: ClosingPreview | null;
  now: Instant;
  messagesN: number;
  keysN: number;
  groups: { groupId: string; title: string; messagesN: number }[];
  consumers: string[];
  receiveNothing: string[];
  zones: ZoneTag[];
  /** Left out, and why. */
  excluded: { outcome: ForecastOutcome; n: number; why: string }[];
  /** Messages that somebody may retry within an hour without a second person, and how many of them are left to who asks; null where no contract says. */
  retryAbove: number | null;
  retryLeft: number | null;
  /** Further people whose approval it takes; 0 is none. */
  approvals: number;
  /** When the first of them will be deleted by its source; null where nothing says so. */
  expiresAt: Instant | null;
  /** What the frameworks of their sources do that a person should know before, and how each carries a retry out. */
  hazards: string[];
  /** When a delivery to each of their sources counts as uncertain, in whole sentences. */
  answers: string[];
  /** How fast their consumers are, as far as is known. */
  rates: Rate[];
  /** The questions before a retry; empty before a discard. */
  readiness: ReadinessView[];
  /** What a worker foretells of each message meanwhile; null where there is nothing to act on. */
  forecastId: string | null;
  /** Why it would be refused, in words; null when it may go ahead. */
  refusal: string | null;
};
