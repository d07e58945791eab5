import { seconds } from "../time";

export const limits = {
  /** Rows a poll reads of each kind; a page of dead letters holds at most 1,000 payloads of what Accord keeps, and there are two at most: one that is written and the next one. */
  pageSize: 1_000,
  /** Pages that one poll reads of a source before it counts all that waits there, and whoever wants to stop can: about as long as until the next poll is due. */
  pagesPerPoll: 16,
  pollBackoffMsMax: seconds(10),
  /** An inbox row waits this long for its outbox row. */
  tombstoneMs: 900_000,
  recheckPageSize: 1_000,
} as const;

/** How long to wait after failed polls: 1, 2, 4, 8 s, then 10. */
export function backoffMs(failures: number): number {
  return Math.min(limits.pollBackoffMsMax, 1_000 * 2 ** Math.max(0, failures - 1));
}
