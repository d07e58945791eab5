import { z } from "zod";
import { approvalStates } from "@/lib/approvals/rules";
import { caseStates, causeKinds, resolutions } from "@/lib/cases/rules";
import { count, cursor, instant, instantOrNull, textOrNull, zoneTag } from "./common";

export const approval = z.strictObject({
  approvalId: z.string(),
  subjectKind: z.enum(["operation", "case"]),
  subjectId: z.string(),
  action: z.enum(["dead_letter.retry", "dead_letter.edit", "dead_letter.discard", "dead_letter.resolve", "case.accept"]),
  zones: z.array(z.string()),
  neededN: count,
  requestedBy: z.string(),
  requestedByName: z.string(),
  tokenMadeBy: textOrNull,
  broughtIn: z.array(z.string()),
  requestedAt: instant,
  expiresAt: instant,
  summary: z.string(),
  detail: z.record(z.string(), z.unknown()),
  state: z.enum(approvalStates),
  endedAt: instantOrNull,
  endedByName: textOrNull,
  endedWhy: textOrNull,
  votes: z.array(
    z.strictObject({
      operatorId: z.string(),
      name: z.string(),
      vote: z.enum(["approve", "refuse"]),
      at: instant,
      reason: textOrNull,
    }),
  ),
});
export const approvals = z.strictObject({ now: instant, approvals: z.array(approval), after: cursor });
export const oneApproval = approval.extend({ now: instant });
export const voted = z.strictObject({ approvalId: z.string(), state: z.enum(approvalStates) });

const caseRow = z.strictObject({
  caseId: z.string(),
  title: z.string(),
  zone: zoneTag,
  causeKind: z.enum(causeKinds),
  businessKey: textOrNull,
  state: z.enum(caseStates),
  openedAt: instant,
  clockAt: instant,
  dueAt: instant,
  assignee: z.strictObject({ id: z.string(), name: z.string() }).nullable(),
  tickedN: count,
  stepsN: count,
  snoozedUntil: instantOrNull,
  causeGoneAt: instantOrNull,
  askedBy: textOrNull,
  resolvedAt: instantOrNull,
  resolution: z.enum(resolutions).nullable(),
});
export const cases = z.strictObject({
  now: instant,
  cases: z.array(caseRow),
  counts: z.strictObject({ all: count, mine: count, unassigned: count, overdue: count }),
  zones: z.array(zoneTag),
  after: cursor,
});
export const caseStep = z.strictObject({ caseId: z.string(), state: z.string() });
export const casesDone = z.strictObject({
  done: z.array(z.string()),
  refused: z.array(z.strictObject({ caseId: z.string(), why: z.string() })),
});
export const casesPreview = z.strictObject({
  now: instant,
  cases: z.array(z.strictObject({ caseId: z.string(), title: z.string(), why: textOrNull })),
});
export const caseOpened = caseStep.extend({ repeated: z.boolean() });
export const waiting = z.strictObject({
  now: instant,
  approvals: z.array(approval),
  mine: z.array(caseRow),
  unacknowledged: z.array(caseRow),
  more: z.boolean(),
});
