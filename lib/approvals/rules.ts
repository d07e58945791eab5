import { can, type Standing } from "../permissions";
import { hours, type Instant } from "../time";
import { counted } from "../words";

export const approvalStates = ["waiting", "approved", "refused", "withdrawn", "expired"] as const;
export type ApprovalState = (typeof approvalStates)[number];
export type SubjectKind = "operation" | "case";
export type ApprovedAction =
  | "dead_letter.retry"
  | "dead_letter.edit"
  | "dead_letter.discard"
  | "dead_letter.resolve"
  | "case.accept";

/** Nobody answers for this long: the request is dropped, and what it held is free. */
export const APPROVAL_MS = hours(24);

/** What one person said of a request. */
export type Vote = { operatorId: string; name: string; vote: "approve" | "refuse"; at: Instant; reason: string | null };

/** Whoever refuses says why, so that who asked knows what to change. */
export const REFUSAL_CHARS_MIN = 12;

/** A request that takes further people, with what they said so far. */
export type Approval = {
  approvalId: string;
  subjectKind: SubjectKind;
  subjectId: string;
  action: ApprovedAction;
  zones: string[];
  neededN: number;
  requestedBy: string;
  requestedByName: string;
  /** Who made the service token that asked, and was shown its secret; null when a person asked. */
  tokenMadeBy: string | null;
  /** Whom who asked has invited, changed or given a password within 30 days, and whom these have. */
  broughtIn: string[];
  requestedAt: Instant;
  expiresAt: Instant;
  summary: string;
  detail: Record<string, unknown>;
  state: ApprovalState;
  endedAt: Instant | null;
  endedByName: string | null;
  endedWhy: string | null;
  votes: Vote[];
};

type Asked = Pick<
  Approval,
  "zones" | "requestedBy" | "requestedByName" | "tokenMadeBy" | "broughtIn" | "state" | "expiresAt" | "endedByName" | "votes"
>;
type Voter = Standing & { operatorId?: string };

/** Why this person may neither approve nor refuse, in words; null when they may. The buttons and the verbs obey it alike. */
export function whyNoVote(approval: Asked, voter: Voter, now: Instant): string | null {
  const permission = can(voter, "approval.approve", approval.zones);
  if (!permission.ok) return permission.reason;
  const ended = whyEnded(approval, now);
  if (ended !== null) return ended;
  if (voter.operatorId === approval.requestedBy) return "You asked for this yourself; a second person must decide.";
  if (voter.operatorId === approval.tokenMadeBy)
    return "You made the service token that asked for this; a second person must decide.";
  if (voter.operatorId !== undefined && approval.broughtIn.includes(voter.operatorId))
    return `${approval.requestedByName} invited or changed your account within the last 30 days; somebody else must decide.`;
  const own = approval.votes.find((vote) => vote.operatorId === voter.operatorId);
  return own ? `You have already ${own.vote === "approve" ? "approved" : "refused"} this; it takes another person.` : null;
}

/** Why nothing can be done about a request any more, in words; null while it waits. */
export function whyEnded(approval: Pick<Asked, "state" | "expiresAt" | "endedByName">, now: Instant): string | null {
  if (approval.state === "waiting")
    return approval.expiresAt <= now ? "Nobody decided within 24 h; this request has expired." : null;
  const by = approval.endedByName === null ? "" : ` by ${approval.endedByName}`;
  return `This request was already ${approval.state}${by}.`;
}

/** `a second person`, `two more people`: what is missing. */
export function stillNeeded(approval: Pick<Approval, "neededN" | "votes">): string {
  const missing = approval.neededN - approval.votes.filter(({ vote }) => vote === "approve").length;
  return approval.neededN === 1 ? "a second person" : `${counted(missing, "more person", "more people")}`;
}
