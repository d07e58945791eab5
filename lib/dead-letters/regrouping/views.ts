import type { Instant } from "../../time";

/** A merge or split of a group, as its page tells it. */
export type RouteView = {
  routeId: string;
  kind: "merged_in" | "split_off" | "part_of";
  otherId: string;
  /** Which messages, of a split. */
  rule: string | null;
  by: string;
  at: Instant;
  /** Messages that stand elsewhere by it are still being moved. */
  moving: boolean;
};

/** Where the messages of a group are that is no group of its own any more. */
export type LedTo = { groupId: string; by: string; at: Instant; routeId: string | null };

export type Regrouped = { ledTo: LedTo | null; routes: RouteView[] };

/** How many a rule means now, of how many, and what some of them say. */
export type SplitPreview = { meantN: number; ofN: number; rule: string; samples: string[] };
