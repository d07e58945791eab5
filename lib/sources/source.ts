import type { Instant } from "../time";

/** What a preset can tell and do; a screen leaves out what a source lacks, it never shows it as zero. */
export type Capabilities = {
  outbox: boolean;
  inbox: boolean;
  held: boolean;
  deadLetters: boolean;
  sagas: boolean;
  redeliver: boolean;
  discard: boolean;
  hold: boolean;
};

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
  /** new: first seen by this look · maybe: perhaps seen by the look before · old: seen before · again: open rows are being read anew. */
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
  sourceSeq: string;
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
};
export type StepRow = Omit<CompensationRow, "sagaType"> & { kind: "forward" | "compensation"; compensates: number | null };

/** What a look found since the cursor, a page at most of each kind. Nothing is lost between looks, nothing comes twice. */
export type Look = {
  /** Which database answered; another one than last time means that the cursor meant nothing and open rows were read anew. */
  identity: string;
  sourceNow: Instant;
  /** Why open rows are being read anew; null in the ordinary case. */
  reread: string | null;
  cursor: unknown;
  /** More is waiting: look again at once. */
  more: boolean;
  /** How long the oldest open transaction has kept the cursor from moving. */
  longTransactionMs: number | null;
  outbox: OutboxRow[];
  inbox: InboxRow[];
  duplicates: { consumer: string; eventType: string; n: number }[];
  deadLetters: DeadLetterRow[];
  sagas: SagaRow[];
  compensations: CompensationRow[];
  /** All of them, oldest first; `heldAll` false when there were more than a look reads. */
  held: HeldRow[];
  heldAll: boolean;
};

export type OpenRefs = {
  unpublished: string[];
  deliveries: { consumer: string; messageId: string }[];
  deadLetters: string[];
  sagas: string[];
};
/** What of the open ids is not open any more, asked by primary key. */
export type Rechecked = {
  published: string[];
  processed: { consumer: string; messageId: string; processedAt: Instant | null }[];
  deadLetters: { sourceSeq: string; state: string | null }[];
  sagas: { sagaId: string; state: string | null }[];
};

export type Redelivery = { redeliveryId: string; sourceSeq: string; consumer: string; messageId: string; requestedBy: string };
/** Where a redelivery stands; `state` null: there is no such row, and `deadLetterState` tells why (null: gone). */
export type RedeliveryState = {
  redeliveryId: string;
  state: string | null;
  takenAt: Instant | null;
  finishedAt: Instant | null;
  errorType: string | null;
  errorMessage: string | null;
  errorStack: string | null;
  deadLetterState: string | null;
};

/** A relation of the service's own as a rule compares it: which column names a row, and which of its columns matter. */
export type Relation = {
  /** May be qualified by a schema. */
  relation: string;
  key: string;
  columns: string[];
  changedAt: string | null;
  version: string | null;
};
/** Everything as text, times in UTC; `values` in the order of the columns. */
export type RelationRow = { key: string; version: string | null; changedAt: string | null; values: (string | null)[] };
export type ColumnKind = "number" | "time" | "text";

/** What a database says of a relation before it is compared. */
export type RelationShape = {
  /** Why it cannot be compared, in words that say what to change; null when it can. */
  problem: string | null;
  /** What makes comparing it weaker. */
  notes: string[];
  /** By what pages are sorted: as numbers, by the bytes of the text, or in an order that only this database knows. */
  order: "number" | "bytes" | "own";
  keyType: string;
  /** The order is that of an index with a collation of its own. */
  collated: boolean;
  /** The last change of the whole relation can be read from an index. */
  changedAtIndexed: boolean;
  kinds: ColumnKind[];
  /** As the server's statistics say; null before they were gathered. */
  estimatedN: number | null;
};

/** Reads of a service's own relations, each a short statement of its own on a connection that nothing else uses. */
export interface Compared {
  describe(relation: Relation): Promise<RelationShape>;
  /** Rows whose key comes after `after` in the shape's order, whole keys only; `more` tells that others follow. */
  page(
    relation: Relation,
    shape: RelationShape,
    after: string | null,
    most: number,
  ): Promise<{ rows: RelationRow[]; more: boolean }>;
  /** The rows of these keys, the source's clock before they were read, and, where an index knows, the relation's last change. */
  byKey(
    relation: Relation,
    shape: RelationShape,
    keys: readonly string[],
  ): Promise<{ now: Instant; rows: RelationRow[]; changedUpTo: string | null }>;
}

/** To hold a saga's compensations until then, or to let them go; a release with `standing` only takes back the hold that ends then. Source's clock. */
export type HoldWish = { sagaId: string; kind: "hold" | "release"; until: Instant | null; standing: Instant | null };
/** How a saga stands; `state` null: it is gone. */
export type HoldState = { sagaId: string; state: string | null; holdUntil: Instant | null };

/** How Accord reads and drives one service's database. Reads are bounded and timed out; only `redeliver`, `discard` and `hold` write. */
export interface Source {
  readonly capabilities: Capabilities;
  /** A page of what changed since the cursor (null: everything that is open). Rows a page at most of each kind. */
  look(cursor: unknown, pageSize: number): Promise<Look>;
  recheck(refs: OpenRefs): Promise<Rechecked>;
  /** Every step of these sagas by primary key, in their order; a long saga's first fifty. */
  steps(sagaIds: readonly string[]): Promise<StepRow[]>;
  /** Writes the wishes under their ids, in one transaction; a repeat writes nothing. Answers how each stands. */
  redeliver(wishes: readonly Redelivery[]): Promise<RedeliveryState[]>;
  /** Marks parked dead letters as discarded, in one transaction; a repeat changes nothing. Answers the state of each (null: gone). */
  discard(
    letters: readonly { sourceSeq: string; messageId: string }[],
    reason: string,
  ): Promise<{ sourceSeq: string; state: string | null }[]>;
  /**
   * Carries out wishes over open sagas, one for each, in one transaction; a repeat changes nothing, and a hold never shortens another.
   * A saga that its service works on at that moment is left as it is. Answers how each stands.
   */
  hold(wishes: readonly HoldWish[]): Promise<{ sourceNow: Instant; states: HoldState[] }>;
  /** How redeliveries stand, with the source's clock. */
  redeliveries(wishes: readonly Redelivery[]): Promise<{ sourceNow: Instant; states: RedeliveryState[] }>;
  readonly compared: Compared;
  close(): Promise<void>;
}
