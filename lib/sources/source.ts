import type { Callable } from "./callable";
import type { Comparable } from "./comparable";
import type { Discardable } from "./discardable";
import type { Holdable } from "./holdable";
import type { Observable } from "./observable";
import type { Redeliverable } from "./redeliverable";
import type { Remembering } from "./remembering";
import type { Settleable } from "./settleable";

export type { ConnectionFacts, MapFacts, RightFact, SlotFacts, SourceFacts, TableFacts } from "./check.rules";
export { SourceProblem } from "./failures.rules";

/** The address leads to a standby, whose snapshots cannot be a cursor: nothing is read from it. */
export class Standby extends Error {
  readonly code = "standby";
}

/**
 * How Accord reads and drives one service's database, by ability: null is what its preset cannot do, or what `act: false` forbids. Reads are
 * bounded and timed out; only what is redeliverable, discardable, settleable and holdable writes.
 */
export interface Source extends Observable {
  readonly redeliverable: Redeliverable | null;
  /** Where nobody but its application retries: beside it there is no `redeliverable`. */
  readonly callable: Callable | null;
  /**
   * Within this time its framework takes up what it is asked for; "as agreed": nothing but the contracts says one; null: its consumers note
   * themselves that they took it.
   */
  readonly takesWithinMs: number | "as agreed" | null;
  /** What its consumers processed, by message and key; null where no table of its preset tells that before a retry. */
  readonly remembering: Remembering | null;
  readonly discardable: Discardable | null;
  /** Null where no row may be marked as done by hand: then Accord alone keeps it. */
  readonly settleable: Settleable | null;
  readonly holdable: Holdable | null;
  readonly comparable: Comparable | null;
  close(): Promise<void>;
}
