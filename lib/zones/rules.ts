import type { SagaCause } from "../sagas/rules";
import type { Instant } from "../time";

export * from "../verdicts/rules";

export const chartRanges = ["30m", "1h", "6h", "24h", "7d"] as const;
export type ChartRange = (typeof chartRanges)[number];

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
  busyN: number;
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
};

/** What a judgement keeps beside its facts: figures for the table, and causes as facts. */
export type StoredFigures = {
  publishLagMsP95: number | null;
  processingLagMsP95: number | null;
  publishTrend: (number | null)[];
  processingTrend: (number | null)[];
  sagasStuckN: number;
  compensatingN: number;
  compensationsOk24h: number;
  compensationsFailed24h: number;
};
export type StoredCauses = { parked: ParkedCause[]; waiting: WaitingCause[]; sagas: SagaCause[]; at: Instant };
