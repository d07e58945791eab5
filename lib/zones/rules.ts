import type { ProducerChange } from "../dead-letters/origins.rules";
import type { Lacking } from "../facts/rules";
import type { Flow } from "../lag/rules";
import type { DivergenceCause } from "../reconciliation/rules";
import type { SagaCause } from "../sagas/rules";
import { type Instant, minutes, seconds } from "../time";

/** Unresolved keys by age: `bars` of `barMs`, the window is `windowBars` of them wide, the last bar takes everything older. */
export type KeysByAge = {
  barMs: number;
  windowBars: number;
  bars: number[];
  insideN: number;
  passingN: number;
  pastN: number;
  oldestKey: string | null;
};

// Counting the keys of one huge group exactly would cost more than the rest of the judgement; beyond this it is "at least".
export const KEYS_COUNTED_MAX = 10_000;

/** Facts about dead letters that explain a zone's unresolved keys; sentences are made of them when they are read. */
export type ParkedCause = {
  groupId: number;
  consumer: string;
  eventType: string;
  errorType: string;
  template: string;
  frame: string | null;
  openN: number;
  /** Of the first KEYS_COUNTED_MAX messages, as of `keysAt`: up to two minutes ago. */
  keysN: number;
  keysAt?: Instant;
  perMinute: number;
  firstAt: Instant;
  lastAt: Instant;
  versions: Record<string, number>;
  deploy: { version: string; at: Instant } | null;
  /** Of the open: claimed by an operation that is carried out. */
  busyN: number;
  /** What its producer changed when this began; null where nothing of it is known. What an older version stored has none. */
  producer?: ProducerChange | null;
  /** Of the open: claimed by an operation that waits for a second person. What an older version stored has none. */
  askedN?: number;
};

/** Facts about messages that are on their way too long, by who owes the next step. */
export type WaitingCause = {
  reason: "undelivered" | "unpublished" | "held";
  sourceId: string;
  consumer: string;
  eventTypes: string[];
  keysN: number;
  factsN: number;
  oldest: Instant;
  oldestKey: string;
  /** The version that the oldest held message waits for. */
  waitsFor?: number | null;
  /** How its consumer keeps up; only for what was published and is not processed. */
  throughput?: Throughput;
  /** Of what is not published: it is jobs, which its own service's workers are to take. */
  queue?: boolean;
  /** Of what is held: what most of its keys lack at the same consumer, or before it. */
  lacks?: Lacking | null;
};

/** What a producer published, and consumers went past without: lost between its outbox and them, or late on its way. */
export type MissedCause = {
  /** The producer's source. */
  sourceId: string;
  consumers: string[];
  eventTypes: string[];
  eventsN: number;
  keysN: number;
  oldest: Instant;
  oldestKey: string;
};

/** Whether a consumer that owes something works at all, fast enough, and in turn; with what it does and what comes to it. */
export type Throughput = {
  state: "stopped" | "slow" | "catching_up" | "passed_over";
  donePerMinute: number;
  camePerMinute: number;
};

// Ten seconds a sample, and a round or two until it is written.
const WORKED_MS = seconds(30);

/** Beside what a consumer finished: what of the rest has come in the flow's time, and whether it holds something newer than it owes. */
export type Coming = { youngN: number; holdsNewer: boolean };

/** How a consumer keeps up. Who goes on with newer messages, or holds them, has passed the older ones over: they are not on their way in turn. */
export function throughputOf(flow: Flow, { youngN, holdsNewer }: Coming, now: Instant): Throughput {
  const perMinute = (n: number) => Math.round((n * minutes(1)) / Math.max(1, now - flow.from));
  const donePerMinute = perMinute(flow.doneN);
  const camePerMinute = perMinute(flow.cameN + youngN);
  if (holdsNewer) return { state: "passed_over", donePerMinute, camePerMinute };
  if (flow.lastAt === null || now - flow.lastAt > WORKED_MS) return { state: "stopped", donePerMinute: 0, camePerMinute };
  const state = flow.newerN * 2 > flow.sinceN ? "passed_over" : donePerMinute > camePerMinute ? "catching_up" : "slow";
  return { state, donePerMinute, camePerMinute };
}

/** What a zone says of the last minutes beside its open keys: nothing waits for it, and somebody should know. */
export type Anomaly =
  | ({ kind: "effects"; consumer: string; sourceId: string } & Counted)
  | ({ kind: "duplicates" | "stale"; consumers: string[]; ofN: number } & Counted)
  | ({ kind: "schema"; sourceId: string; versions: string[]; known: number[] } & Counted)
  | ({ kind: "lost"; sourceId: string } & Counted)
  | { kind: "times"; sourceId: string; offMs: number; n: number; lastAt: Instant }
  | { kind: "clock"; sourceId: string; offMs: number };
type Counted = { eventTypes: string[]; n: number; lastAt: Instant };

/** Counts of a zone over the last hour that stand beside its open keys. */
export type AnomalyCounts = {
  duplicatesDropped: number;
  duplicatesApplied: number;
  staleSkipped: number;
  /** Of the skipped: what an operation redelivered. What an older version of Accord judged has none. */
  staleRetried?: number;
};

/** What a judgement keeps beside its facts: figures for the table, and causes as facts. */
export type StoredFigures = {
  publishLagMsP95: number | null;
  processingLagMsP95: number | null;
  publishTrend: (number | null)[];
  processingTrend: (number | null)[];
  sagasStuckN: number;
  /** Past their deadline and not ended; a failed one within it is none. What an older version of Accord judged has none. */
  sagasOverdueN?: number;
  compensatingN: number;
  compensationsOk24h: number;
  compensationsFailed24h: number;
  lastHour?: AnomalyCounts;
};
export type FoundCauses = {
  parked: ParkedCause[];
  waiting: WaitingCause[];
  /** What an older version of Accord stored has none. */
  missed?: MissedCause[];
  sagas: SagaCause[];
  divergences: DivergenceCause[];
  anomalies?: Anomaly[];
};
/** As stored, with when they were judged last. */
export type StoredCauses = FoundCauses & { at: Instant };
