import type { SagaCause } from "../sagas/sql";
import type { Instant } from "../time";
import type { ParkedCause, WaitingCause } from "./causes.sql";

/** What a judgement keeps beside its facts: figures for the table, and causes as facts, from which sentences are made when they are read. */
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
