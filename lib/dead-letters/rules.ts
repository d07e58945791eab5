import type { Instant } from "../time";

/** What the list of groups is narrowed to; each field is resolved on groups, before any message is read. `not` leaves out. */
export type GroupFilter = {
  zone: string[];
  consumer: string[];
  event: string[];
  error: string[];
  version: string[];
  not: { zone: string[]; consumer: string[]; event: string[]; error: string[]; version: string[] };
  /** A business key: exact, or the beginning of one. */
  key: string | null;
  /** Last parked within this. */
  lastMs: number | null;
  text: string | null;
  after: { openN: number; groupId: number } | null;
};

/** Which page of a group's messages; `after` is the end of the page before. */
export type MessagesPage = { groupId: number; key: string | null; after: { parkedAt: Instant; id: number } | null };
