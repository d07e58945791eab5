import { audited } from "../audited";
import { type Acceptance, acceptCase, dropAcceptance, whyDifferent } from "../cases/acceptance";
import { type Actor, actorId, type Ctx, type Person } from "../context";
import type { Db } from "../db/pool";
import { dropOperation, releaseOperation } from "../operations/approved";
import { zoneFilter } from "../permissions";
import { Refusal } from "../refusal";
import type { Instant } from "../time";
import { shown } from "./ask";
import type { VoteInput } from "./input";
import { type Approval, whyEnded, whyNoVote } from "./rules";
import {
  endApproval,
  insertVote,
  lockApproval,
  type StoredApproval,
  selectApproval,
  selectApprovals,
  selectExpired,
  selectWaitingCases,
} from "./sql";

const PAGE = 50;
type Answer = { approvalId: string; state: Approval["state"] };

/** Says yes, as a further person in all its zones; with the last one that is needed it is carried out, in the same transaction. */
export const approve = (ctx: Ctx, wish: VoteInput): Promise<Answer> => decide(ctx, "approve", wish);
/** Says no: what was asked for is dropped, and what it held is free. */
export const refuse = (ctx: Ctx, wish: VoteInput): Promise<Answer> => decide(ctx, "refuse", wish);

async function decide(ctx: Ctx, vote: "approve" | "refuse", wish: VoteInput): Promise<Answer> {
  const asked = await inSight(ctx, wish.approvalId);
  try {
    return await audited(
      ctx,
      `approval.${vote}`,
      targetOf(asked),
      async (tx) => {
        const person = personOf(ctx);
        const approval = await lockApproval(tx, wish.approvalId);
        const own = approval.votes.find(({ operatorId }) => operatorId === person.operatorId);
        if (own?.key === wish.key && own.vote === vote) throw new Repeated(approval.state);
        const why = whyNoVote(approval, person, ctx.now) ?? (vote === "approve" ? await whyOutdated(tx, approval) : null);
        if (why !== null) throw new Refusal("conflict", why);
        await insertVote(tx, wish.approvalId, person, vote, { at: ctx.now, ...wish });
        const yes = approval.votes.filter((one) => one.vote === "approve").length + 1;
        if (vote === "approve" && yes < approval.neededN) return { approvalId: approval.approvalId, state: "waiting" as const };
        const state = vote === "approve" ? ("approved" as const) : ("refused" as const);
        await endApproval(tx, wish.approvalId, state, { at: ctx.now, by: person.name, why: wish.reason, key: null });
        await (state === "approved"
          ? carryOut(tx, approval, person, ctx.now)
          : drop(tx, approval, ctx.now, `Refused by ${person.name}`));
        return { approvalId: approval.approvalId, state };
      },
      { reason: wish.reason ?? undefined, detail: detailOf(asked) },
    );
  } catch (error) {
    if (!(error instanceof Repeated)) throw error;
    return { approvalId: String(wish.approvalId), state: error.state };
  }
}

/** Takes a wish back, by who asked for it; what it held is free. */
export async function withdraw(ctx: Ctx, wish: VoteInput): Promise<Answer> {
  const who = nameOf(ctx.actor);
  const asked = await inSight(ctx, wish.approvalId);
  try {
    return await audited(
      ctx,
      "approval.withdraw",
      targetOf(asked),
      async (tx) => {
        const approval = await lockApproval(tx, wish.approvalId);
        if (approval.requestedBy !== actorId(ctx.actor))
          throw new Refusal("forbidden", `Only ${approval.requestedByName}, who asked, can withdraw this; refuse it instead.`);
        if (approval.state === "withdrawn" && approval.endedKey === wish.key) throw new Repeated("withdrawn");
        const why = whyEnded(approval, ctx.now);
        if (why !== null) throw new Refusal("conflict", why);
        await endApproval(tx, wish.approvalId, "withdrawn", { at: ctx.now, by: who, why: wish.reason, key: wish.key });
        await drop(tx, approval, ctx.now, `Withdrawn by ${who}`);
        return { approvalId: approval.approvalId, state: "withdrawn" as const };
      },
      { reason: wish.reason ?? undefined, detail: detailOf(asked) },
    );
  } catch (error) {
    if (!(error instanceof Repeated)) throw error;
    return { approvalId: String(wish.approvalId), state: error.state };
  }
}

/** A page of what was asked for in the actor's zones, the newest first. */
export async function listApprovals(
  ctx: Ctx,
  page: { after?: string | undefined; state?: string | undefined },
): Promise<{ now: Instant; approvals: Approval[]; after: string | null }> {
  const after = page.after === undefined ? null : Number(page.after);
  const found = await selectApprovals(ctx.db, { after, state: page.state ?? null }, zoneFilter(ctx.actor), PAGE + 1);
  return {
    now: ctx.now,
    approvals: found.slice(0, PAGE).map(shown),
    after: found.length > PAGE ? found[PAGE - 1]!.approvalId : null,
  };
}

/** One request for a further person: what it is for, who asked, and who said what. */
export async function readApproval(ctx: Ctx, { approvalId }: { approvalId: number }): Promise<Approval & { now: Instant }> {
  return { now: ctx.now, ...shown(await inSight(ctx, approvalId)) };
}

/** Ends what nobody decided in time, and what asks about a difference that is another one by now. Done again it does nothing. */
export async function expireApprovals(db: Db, now: Instant): Promise<void> {
  const expired = { at: now, by: null, why: null, key: null };
  for (const approvalId of await selectExpired(db, now, 100))
    await db.transaction(async (tx) => {
      const approval = await lockApproval(tx, approvalId);
      if (await endApproval(tx, approvalId, "expired", expired)) await drop(tx, approval, now, "Nobody decided within 24 h");
    });
  for (const approvalId of await selectWaitingCases(db, 100))
    await db.transaction(async (tx) => {
      const approval = await lockApproval(tx, approvalId);
      const why = approval.state === "waiting" ? await whyOutdated(tx, approval) : null;
      if (why !== null && (await endApproval(tx, approvalId, "withdrawn", { ...expired, why })))
        await drop(tx, approval, now, why);
    });
}

async function carryOut(tx: Db, approval: StoredApproval, by: Person, now: Instant): Promise<void> {
  const subject = Number(approval.subjectId);
  if (approval.subjectKind === "operation") return releaseOperation(tx, subject, now, `Approved by ${by.name}`);
  await acceptCase(tx, subject, { asked: acceptanceOf(approval), askedBy: approval.requestedByName }, by, now);
}

function drop(tx: Db, { subjectKind, subjectId }: StoredApproval, now: Instant, words: string): Promise<void> {
  return subjectKind === "operation"
    ? dropOperation(tx, Number(subjectId), now, words)
    : dropAcceptance(tx, Number(subjectId), now, words);
}

const acceptanceOf = ({ detail }: StoredApproval): Acceptance => detail as Acceptance;
const whyOutdated = (tx: Db, approval: StoredApproval): Promise<string | null> =>
  approval.subjectKind === "case" ? whyDifferent(tx, Number(approval.subjectId), acceptanceOf(approval)) : Promise.resolve(null);

/** The same press again: the first one did it. */
class Repeated extends Error {
  constructor(readonly state: Approval["state"]) {
    super();
  }
}

function personOf(ctx: Ctx): Person {
  if (ctx.actor.kind !== "operator") throw new Refusal("forbidden", "Only a person may decide about this.");
  return ctx.actor;
}

const nameOf = (actor: Actor): string => (actor.kind === "worker" ? "Accord" : actor.name);

async function inSight(ctx: Ctx, approvalId: number): Promise<StoredApproval> {
  const approval = await selectApproval(ctx.db, approvalId, zoneFilter(ctx.actor));
  if (!approval) throw new Refusal("not_found", `There is no request ${approvalId}, or it is not in your zones.`);
  return approval;
}

const targetOf = ({ approvalId, zones }: StoredApproval) => ({ kind: "approval", id: approvalId, zones });
const detailOf = ({ subjectKind, subjectId, summary }: StoredApproval) => ({
  subject: `${subjectKind === "case" ? "CASE" : "OP"}-${subjectId}`,
  summary,
});
