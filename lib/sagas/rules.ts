import type { Instant } from "../time";

/** What is wrong with a zone's sagas of one type at one step. */
export type SagaCause = {
  sagaType: string;
  step: string | null;
  n: number;
  oldest: Instant;
  failedN: number;
  lateN: number;
  /** The failed compensations' latest words. */
  errorMessage: string | null;
  oldestKey: string;
};
