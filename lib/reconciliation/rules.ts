import type { Instant } from "../time";

/** How a key differs: not in the projection · only in the projection · other values · several rows where one is meant. */
export const kinds = ["missing", "unexpected", "mismatch", "duplicate"] as const;
export type Kind = (typeof kinds)[number];
/** What a mismatch is: the projection holds an older version · the same version with other values · a newer one than the authority. */
export type Detail = "older" | "other_values" | "newer";

export const divergenceStates = ["suspect", "open", "accepted", "resolved"] as const;
export type DivergenceState = (typeof divergenceStates)[number];
export type Resolution = "converged" | "superseded" | "rule gone";

/** A value as it may be shown: text, the shape of what is masked, or null. */
export type Shown = string | { $masked: string } | null;

/** One compared column of one key, both sides side by side; a side that has no row has null everywhere. */
export type FieldDifference = {
  column: string;
  projectionColumn: string;
  authority: Shown;
  projection: Shown;
  differs: boolean;
  /** Why two texts that are not the same agree, or by how much they differ. */
  why: string | null;
};

/** What looking at a divergence found that was new. */
export type Moment = { at: Instant; text: string };

/** Where a run stands, so that another worker can go on: the last key of each side, and what was counted up to there. */
export type RunPlace = {
  startedAt: Instant;
  after: string | null;
  authorityN: number;
  projectionN: number;
  matchedN: number;
  suspectsN: number;
  oldSuspectsN: number;
  sourceMs: number;
  bytesN: number;
};

/** What a relation lacks or does that makes comparing it weaker, in words. */
export type ShapeNote = { side: "authority" | "projection"; text: string };
