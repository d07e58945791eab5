import type { Instant } from "../time";
import type { Part } from "../words";
import type { ProofCounts, ProofState } from "./rules";

export type ProofRow = {
  zoneId: string;
  /** The zone's title; null where no contract names the message. */
  zone: string | null;
  businessKey: string;
  state: ProofState;
  /** What is in the way, or what the state rests on. */
  why: Part[];
  deliveredAt: Instant;
  checkedAt: Instant | null;
};

/** Whether the business keys of an operation converged since its messages were delivered. */
export type ProofView = {
  now: Instant;
  sentence: Part[];
  counts: ProofCounts;
  /** What the zones' rules compare, `order-service with stock-service`. */
  compared: string[];
  /** One letter per key in the order of their messages, at most 2,000 (proofLetter, `.` for undelivered); above that, null. */
  grid: string | null;
  rows: ProofRow[];
  after: string | null;
};

export const proofLetter: Record<ProofState, string> = { proven: "p", checking: "k", waits: "w", diverging: "d", uncovered: "n" };
