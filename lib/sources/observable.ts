import type { Abilities } from "../presets/abilities.rules";
import type { Instant } from "../time";
import type { Redelivery, RedeliveryState } from "./redeliverable";

/** Instants are the source's own clock, epoch ms; null, absurd and infinite ones come as they are and are judged by `lib/observation/rules`. */
export type OutboxRow = {
  messageId: string;
  eventType: string;
  businessKey: string;
  occurredAt: Instant | null;
  writtenAt: Instant | null;
  publishedAt: Instant | null;
  producerVersion: string | null;
  schemaVersion: number | null;
  /** Its source never records when an event came to be: nothing is odd about a row without it. */
  untold?: true;
  /** new: first seen by this poll · maybe: perhaps seen by the poll before · old: seen before · again: open rows are being read anew. */
  seen: "new" | "maybe" | "old" | "again";
};
export type InboxRow = {
  consumer: string;
  messageId: string;
  eventType: string;
  businessKey: string;
  occurredAt: Instant | null;
  processedAt: Instant | null;
  consumerVersion: string | null;
  /** applied · stale: an older version than the one applied · ignored. */
  outcome: string;
  /** Perhaps told before: it ends what waits for it, and counts nothing. */
  again?: true;
  /** Another message with the same consumer, type, key and version was applied before. */
  semanticDuplicate: boolean;
};
export type HeldRow = {
  consumer: string;
  messageId: string;
  eventType: string;
  businessKey: string;
  waitsFor: number | null;
  occurredAt: Instant | null;
};
export type DeadLetterRow = {
  sourceDeadLetterId: string;
  consumer: string;
  consumerVersion: string;
  messageId: string;
  eventType: string;
  schemaVersion: number | null;
  aggregateType: string | null;
  businessKey: string;
  version: string | null;
  /** JSON text; null when larger than Accord keeps. */
  payload: string | null;
  payloadBytes: number;
  headers: string | null;
  correlationId: string | null;
  causationId: string | null;
  traceparent: string | null;
  occurredAt: Instant | null;
  errorType: string;
  errorMessage: string;
  errorStack: string;
  attempts: number;
  attemptLog: string;
  firstFailedAt: Instant | null;
  parkedAt: Instant | null;
  state: string;
  /** What tells this version of the row from a later one; left out where redeliveries have ids of their own in the source. */
  mark?: string;
  /** When the source will delete it by itself. */
  expiresAt?: Instant | null;
  /** Times that its source never records: nothing is odd about a row without them. */
  untold?: readonly ("occurredAt" | "parkedAt")[];
};
export type SagaRow = {
  sagaId: string;
  sagaType: string;
  businessKey: string;
  correlationId: string | null;
  state: string;
  step: string | null;
  startedAt: Instant | null;
  updatedAt: Instant | null;
  deadlineAt: Instant | null;
  endedAt: Instant | null;
  holdUntil: Instant | null;
};
export type CompensationRow = {
  sagaId: string;
  sagaType: string;
  position: number;
  name: string;
  state: string;
  attempts: number;
  deadlineAt: Instant | null;
  startedAt: Instant | null;
  endedAt: Instant | null;
  errorType: string | null;
  errorMessage: string | null;
  /** What its saga works on, as JSON in text, where there is an error of which some may have to be masked; null also where it is too long. */
  sagaData: string | null;
};
export type StepRow = Omit<CompensationRow, "sagaType" | "sagaData"> & {
  kind: "forward" | "compensation";
  compensates: number | null;
};
/** A step as a source tells it. */
export type ReadStep = StepRow & Pick<CompensationRow, "sagaType" | "sagaData">;

/** What a poll found since the cursor, a page at most of each kind. Nothing is lost between polls, nothing comes twice. */
export type Poll = {
  /** Which database answered; another one than last time means that the cursor meant nothing and open rows were read anew. */
  identity: string;
  sourceNow: Instant;
  /** Why open rows are being read anew; null in the ordinary case. */
  reread: string | null;
  cursor: unknown;
  /** More is waiting: look again at once. */
  more: boolean;
  /** How much was open when the poll was taken, counted along the indexes of open rows; null where it was not counted this time. */
  openN: OpenCounts | null;
  /** Rows whose bytes are no text: left out, so that they keep no other from being seen. */
  unreadableN: number;
  /** The poll ended a reading of everything that is open. */
  readAnew: boolean;
  /** What was known of open rows was lost with its process: what left them meanwhile, no poll tells any more. */
  resumed?: boolean;
  /** How long the oldest open transaction has kept the cursor from moving. */
  longTransactionMs: number | null;
  outbox: OutboxRow[];
  inbox: InboxRow[];
  duplicates: { consumer: string; eventType: string; n: number }[];
  deadLetters: DeadLetterRow[];
  sagas: SagaRow[];
  compensations: CompensationRow[];
  /** All of them, oldest first; `heldAll` false when there were more than a poll reads. */
  held: HeldRow[];
  heldAll: boolean;
  /** Open rows that are in their source no longer, with what that means there; null where it means nothing. Left out where deletes are never seen. */
  gone?: {
    deadLetters: Rechecked["deadLetters"];
    sagas: Rechecked["sagas"];
    /** Events that wait no more and were not published. */
    events: string[];
  };
  /** Which shape of its framework's tables was found, and what of them is not read as it could be, in whole sentences. */
  variant?: string | null;
  notes?: string[];
  /** What this shape of them records; left out where the preset alone tells. */
  abilities?: Abilities;
};

/** Open rows of a source: what its store has less of, became visible without being written. Counted up to a bound; null beyond it. */
export type OpenCounts = { deadLetters: number | null; sagas: number | null };

export type OpenRefs = {
  unpublished: string[];
  deliveries: { consumer: string; messageId: string }[];
  deadLetters: string[];
  sagas: string[];
};
/** What of the open ids is not open any more, asked by primary key. */
export type Rechecked = {
  /** Events that wait no more. */
  published: string[];
  /** Of those: whose rows say that they were published. */
  markedPublished: string[];
  /** Of those that were not published: their rows are gone. */
  unpublishedGone: string[];
  processed: { consumer: string; messageId: string; processedAt: Instant | null }[];
  deadLetters: { sourceDeadLetterId: string; state: string | null }[];
  sagas: { sagaId: string; state: string | null }[];
};

/** What a source has of one letter beside its row; the payload null where it is larger than was asked for, or there is none. */
export type LetterBody = { payload: string | null; headers: string | null; payloadBytes: number };

/** A source that can be read: what changed, what became of what was open, and how redeliveries stand. Every preset has it. */
export interface Observable {
  /** A page of what changed since the cursor (null: everything that is open). Rows a page at most of each kind. */
  poll(cursor: unknown, pageSize: number): Promise<Poll>;
  recheck(refs: OpenRefs): Promise<Rechecked>;
  /** One letter's payload by primary key, as JSON in text, of so many bytes at most; null: it is not there any more, or the number is another message's. */
  body(letter: { sourceDeadLetterId: string; messageId: string; consumer: string }, bytesMax: number): Promise<LetterBody | null>;
  /** Every step of these sagas by primary key, in their order; a long saga's first fifty. */
  steps(sagaIds: readonly string[]): Promise<ReadStep[]>;
  /** How redeliveries stand, with the source's clock; also where no more are written. */
  redeliveries(requests: readonly Redelivery[]): Promise<{ sourceNow: Instant; states: RedeliveryState[] }>;
}
