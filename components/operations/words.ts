import type { OperationState } from "@/lib/operations/rules";
import type { OperationCounts } from "@/lib/operations/views";

export const stateWord: Record<OperationState, string> = {
  running: "Running",
  paused: "Paused",
  cancelled: "Cancelled",
  done: "Done",
};

/** Items that have an end; uncertain and waiting have none yet. */
export const settledN = (counts: OperationCounts): number => counts.total - counts.waiting - counts.uncertain;

/** `441 of 448 settled, 2 failed again`: what a row says about its progress. */
export function progressWords(counts: OperationCounts): string {
  const parts = [
    `${settledN(counts).toLocaleString("en-US")} of ${counts.total.toLocaleString("en-US")}`,
    counts.failed_again > 0 && `${counts.failed_again.toLocaleString("en-US")} failed again`,
    counts.uncertain > 0 && `${counts.uncertain.toLocaleString("en-US")} uncertain`,
  ];
  return parts.filter(Boolean).join(", ");
}
