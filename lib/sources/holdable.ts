import type { Instant } from "../time";

/** To hold a saga's compensations until then, or to let them go; a release with `standing` only takes back the hold that ends then. Source's clock. */
export type HoldRequest = { sagaId: string; kind: "hold" | "release"; until: Instant | null; standing: Instant | null };
/** How a saga stands; `state` null: it is gone. */
export type HoldState = { sagaId: string; state: string | null; holdUntil: Instant | null };

/** A source whose sagas wait with their compensations when they are asked to. */
export interface Holdable {
  /**
   * Carries out requests over open sagas, one for each, in one transaction; a repeat changes nothing, and a hold never shortens another.
   * A saga that its service works on at that moment is left as it is. Answers how each stands.
   */
  hold(requests: readonly HoldRequest[]): Promise<{ sourceNow: Instant; states: HoldState[] }>;
}
