import type { Instant } from "../time";
import { type CaseResolution, caseState, type Resolvable, whyNotResolve } from "./rules";

/** What can be done with several cases in one go. */
export const bulkActs = ["assign", "acknowledge", "snooze", "resolve"] as const;
export type BulkAct = (typeof bulkActs)[number];

/** Cases that one request names at most. */
export const BULK_MAX = 200;

/** What is asked of each of the cases. */
export type BulkAsked =
  | { act: "assign"; to: string }
  | { act: "acknowledge" }
  | { act: "snooze"; until: Instant }
  | { act: "resolve"; resolution: Exclude<CaseResolution, "accepted"> };

/** A case as far as it decides what may be done with it. */
export type Workable = Resolvable & {
  assignee: string | null;
  assigneeName: string | null;
  acknowledgedByName: string | null;
  snoozedUntil: Instant | null;
};

/** What is said of a case that is resolved and was to be worked on; null while it is not. */
export const whyNotOpen = ({
  caseId,
  resolvedAt,
  resolvedByName,
}: Pick<Workable, "caseId" | "resolvedAt" | "resolvedByName">): string | null =>
  resolvedAt === null ? null : `CASE-${caseId} was resolved by ${resolvedByName}; reopen it first.`;

/** Why a case cannot be given to somebody who saw it as `from`'s; null when it can. */
export function whyNotAssign(
  { assignee, assigneeName }: Pick<Workable, "assignee" | "assigneeName">,
  to: string | null,
  from: string | null,
): string | null {
  if (assignee === to) return to === null ? "Nobody has this case." : `${assigneeName} has this case already.`;
  if (assignee === from || to === null) return null;
  return assignee === null ? "It was given back meanwhile." : `${assigneeName} was first and has this case.`;
}

/** Why a case cannot be acknowledged (again); null when it can. */
export const whyNotAcknowledge = (one: Pick<Workable, "caseId" | "acknowledgedAt" | "acknowledgedByName">): string | null =>
  one.acknowledgedAt === null ? null : `${one.acknowledgedByName} has already acknowledged CASE-${one.caseId}.`;

/** Why one of several cases would be left as it is, in the words of the act itself; null when it would be done. Several are only taken from nobody. */
export function whyLeftOut(one: Workable, asked: BulkAsked, now: Instant): string | null {
  if (asked.act === "resolve") return whyNotResolve(one, asked.resolution);
  const resolved = whyNotOpen(one);
  if (resolved !== null) return resolved;
  if (asked.act === "assign") return whyNotAssign(one, asked.to, null);
  if (asked.act === "acknowledge") return whyNotAcknowledge(one);
  return caseState(one, now) === "snoozed" && one.snoozedUntil === asked.until ? "It is snoozed until then." : null;
}
