import type { FaultName } from "../kit/faults";

/** Where a fault acts: one estate on one cluster. */
export type Place = { adminUrl: string; prefix: string };

/** Something that goes wrong on purpose. Services look for its name; what they cannot do themselves is done here. */
export type Fault = {
  name: FaultName;
  /** What happens, and what an operator will see, in one line. */
  story: string;
  begin?: (place: Place) => Promise<void>;
  /** Undoes `begin`; harmless when there is nothing to undo. */
  end?: (place: Place) => Promise<void>;
  /** What the teams put right when it is over; harmless when there is nothing to put right. */
  repair?: (place: Place) => Promise<void>;
};
