import type { BulkAct } from "@/lib/cases/bulk.rules";
import { caseLimits } from "@/lib/cases/rules";
import type { BulkPreview } from "@/lib/cases/views";
import { counted } from "@/lib/words";

/** An act over several cases: its verb, while it runs, and what has become of them. */
export const bulkWord: Record<BulkAct, { verb: string; busy: string; done: string; will: string }> = {
  assign: { verb: "Take", busy: "Taking", done: "taken", will: "will be yours." },
  acknowledge: { verb: "Acknowledge", busy: "Acknowledging", done: "acknowledged", will: "will be acknowledged by you." },
  snooze: {
    verb: "Snooze",
    busy: "Snoozing",
    done: "snoozed",
    will: "will be put aside; each wakes when it is due, if that is before.",
  },
  resolve: { verb: "Resolve", busy: "Resolving", done: "resolved", will: "will be resolved, each with this reason." },
};

export const bulkReason = {
  least: caseLimits.reasonLeast,
  short: "Say how you know.",
  placeholder: "How do you know that all of them end like this?",
};

/** Of a preview: how many would be done, and what keeps the others, alike ones together. */
export function leftOutOf({ cases }: BulkPreview): { doneN: number; leftOut: { why: string; cases: string[] }[] } {
  const leftOut = new Map<string, string[]>();
  for (const { caseId, why } of cases) if (why !== null) leftOut.set(why, [...(leftOut.get(why) ?? []), caseId]);
  return {
    doneN: cases.filter(({ why }) => why === null).length,
    leftOut: [...leftOut].map(([why, of]) => ({ why, cases: of })),
  };
}

/** `3 cases acknowledged`, and of how many were left as they were the first reason. */
export function bulkDone(act: BulkAct, { done, refused }: { done: string[]; refused: { why: string }[] }): string {
  const told = `${counted(done.length, "case")} ${bulkWord[act].done}`;
  const [first] = refused;
  return first
    ? `${told}; ${refused.length.toLocaleString("en-US")} left as ${refused.length === 1 ? "it was" : "they were"}: ${first.why}`
    : told;
}
