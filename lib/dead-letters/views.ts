import type { LetterRecords } from "../presets/abilities.rules";
import type { Instant } from "../time";
import type { ZoneTag } from "../verdicts/views";
import type { Part } from "../words";
import type { Regrouped } from "./regrouping/views";
import type { GroupTriageView, TriageView } from "./triage/views";

export type { ZoneTag } from "../verdicts/views";

export type GroupRow = {
  groupId: string;
  sourceId: string;
  consumer: string;
  eventType: string;
  errorType: string;
  /** The message with its literals replaced. */
  template: string;
  /** The innermost cause that the stack names, its literals replaced. */
  cause: string | null;
  /** What of its producer the failures began with, in a few words; null where nothing tells of that. */
  origin: string | null;
  /** Open messages by consumer version, most first. */
  versions: { version: string; openN: number }[];
  /** Empty: no contract names this event; only an administrator may act. */
  zones: ZoneTag[];
  openN: number;
  /** Of the open: what the filter asks for; null where that is all of them. */
  matchedN: number | null;
  /** More than that match: where very many do, each group is looked at only so far. */
  matchedMore: boolean;
  /** Of the open: claimed by an operation that is carried out and not done with them. */
  busyN: number;
  /** Of the open: claimed by an operation that waits for a second person. */
  askedN: number;
  /** Parked a minute, the last 60 minutes, oldest first. */
  arrivals: number[];
  growingPerMinute: number;
  firstAt: Instant;
  lastAt: Instant;
  oldestOccurredAt: Instant | null;
  /** What its source records of a message, where that is not everything. */
  records: LetterRecords | null;
  triage: TriageView;
  /** Put together or apart by hand: by which rule it was split off, and how many groups are merged into it. */
  regrouped: { rule: string | null; mergedN: number };
};

export type GroupsView = {
  now: Instant;
  sentence: Part[];
  groups: GroupRow[];
  /** Over the whole filter, not only the page: exact, unless there are at least so many. */
  groupsN: number;
  messagesN: number;
  atLeast: boolean;
  /** Of what else is asked for, how many groups are muted; null where messages are asked for one by one. */
  mutedN: number | null;
  after: string | null;
};

/** A letter in a list of letters, open or closed, with what it failed with. */
export type LetterRow = Omit<MessageRow, "state" | "attempts"> & {
  /** Null where its framework records none. */
  attempts: number | null;
  groupId: string;
  errorType: string;
  consumer: string;
  eventType: string;
  /** What of it is so: parked, redelivering, or as what it was closed. */
  state: string;
  closedAt: Instant | null;
  /** Why an operator closed it, by `operationId`; null where its consumer or its source did. */
  code: string | null;
};

/** What is told of a message that is closed, beside the sentence. */
export type ClosedDetail = {
  now: Instant;
  groupId: string;
  sourceId: string;
  businessKey: string;
  zones: string[];
  closedAt: Instant;
  closedAs: string;
  /** The operation that closed it, and by whom, why and with which evidence; null where no operator did. */
  operationId: string | null;
  code: string | null;
  by: string | null;
  reason: string | null;
  evidence: string | null;
  written: boolean | null;
  /** Why it cannot be parked again; null when that can be asked for. */
  final: string | null;
};

export type LettersView = {
  now: Instant;
  letters: LetterRow[];
  /** How many match, with the first page only: exact, unless there are at least so many. */
  lettersN: number | null;
  atLeast: boolean;
  after: string | null;
};

/** What messages are summed by, the most first. */
export type GroupedView = { rows: { value: string; groupsN: number; messagesN: number }[]; atLeast: boolean };

/** Views that somebody kept; `search` is what stands in the address. */
export type SavedViews = {
  views: { viewId: string; name: string; search: string; shared: boolean; pinned: boolean; own: boolean; by: string }[];
};

export type GroupView = {
  now: Instant;
  group: GroupRow;
  sampleId: string | null;
  frame: string | null;
  fingerprint: string;
  /** Formed by an older version of the fingerprint: new messages of this failure form a new group. */
  formedBefore: boolean;
  attemptsMax: number;
  closedN: number;
  retryAbove: number | null;
  act: boolean;
  /** Other consumers that the contract obliges for this event: they receive nothing on a retry. */
  othersObliged: string[];
  arrivals: { at: Instant; n: number }[];
  marks: { at: Instant; kind: "deploy" | "rollback" | "operator"; label: string; href?: string }[];
  operations: { operationId: string; title: string; state: string; at: Instant }[];
  triage: GroupTriageView;
  /** Merges and splits by hand that hold, and where its messages are when not here. */
  placed: Regrouped;
  /** How far it reaches, in words: whether its cause is at work, its keys, what waits behind them, the versions it never happened on. */
  reach: { cause: Part[]; keys: string; behind: string; neverOn: string };
  /** Other tools that know more, where accord.yaml says where they are. */
  links: { ticket: string | null; logs: string | null; runbook: string | null };
  nextHint: Part[];
  /** That it began with the producer, and what to do there; empty where nothing tells of that. */
  origin: Part[];
};

export type MessageRow = {
  id: string;
  businessKey: string | null;
  version: number | null;
  messageId: string;
  occurredAt: Instant | null;
  parkedAt: Instant;
  attempts: number;
  consumerVersion: string | null;
  state: "parked" | "redelivering";
  operationId: string | null;
  /** A time of this row was null, absurd or in the future; its age counts from when it was first seen. */
  flagged: boolean;
};

export type MessagesView = { now: Instant; messages: MessageRow[]; after: string | null };

export type Attempt = { at: Instant | null; errorType: string | null; errorMessage: string | null; durationMs: number | null };

/** A payload and headers that were asked for: larger than a page carries, or revealed until an instant and then never again. */
export type PayloadView = {
  now: Instant;
  payload: unknown;
  headers: unknown;
  payloadBytes: number;
  /** When what was revealed is to be hidden again; null for what is masked. */
  hideAt: Instant | null;
};

export type MessageView = {
  now: Instant;
  message: MessageRow;
  group: GroupRow;
  eventType: string;
  schemaVersion: number | null;
  aggregateType: string | null;
  correlationId: string | null;
  causationId: string | null;
  traceparent: string | null;
  /** Masked at the server; null when larger than Accord keeps (`payloadBytes` tells). */
  payload: unknown;
  headers: unknown;
  payloadBytes: number;
  /** How many paths of it are masked by the contracts of its zones. */
  maskedN: number;
  /** Payload and headers were taken out, since the contract keeps them no longer; how long it says now. */
  payloadRemoved: { at: Instant; keepMs: number | null } | null;
  errorType: string;
  errorMessage: string;
  stack: string[];
  attempts: Attempt[];
  /** Of a log that is too long to be kept: how many attempts stand between the first and the newest that are shown; null: how many nobody counted. */
  attemptsLeftOut: { afterN: number; n: number | null } | null;
  firstFailedAt: Instant | null;
  /** When its source will delete it by itself. */
  expiresAt: Instant | null;
  sourceDeadLetterId: string;
  links: { trace: string | null; logs: string | null };
  history: { at: Instant; text: string; href?: string }[];
};

/** What closing letters by hand means beyond themselves. */
export type ClosingPreview = {
  /** Of the messages that were named, so many are not parked any more. */
  goneN: number;
  /** Events that wait at the same consumers for an earlier one of the same keys, and go on waiting. */
  behindN: number;
  /** Services whose tables are written; others keep their rows as they are. */
  written: string[];
  alone: string[];
  /** Services in which what is closed can be taken back no more. */
  final: string[];
};

/** Of so many of a zone's newest messages, in how many each path of its masking led to something. */
export type MaskingSeen = { lookedAtN: number; paths: { path: string; matchedN: number }[] };
