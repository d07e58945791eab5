import type { VoteInput } from "../approvals/input";
import { type Approval, whyEnded, whyNoVote } from "../approvals/rules";
import { inScope } from "../approvals/service";
import { endApproval, insertVote, lockApproval, selectExpired, selectWaitingCases } from "../approvals/sql";
import { auditedOnce } from "../audited";
import { type Acceptance, acceptCase, dropAcceptance, whyDifferent } from "../cases/acceptance";
import { type Actor, actorId, type Ctx, type Person } from "../context";
import type { Db } from "../db/pool";
import { dropOperation, releaseOperation } from "../operations/approved";
import { Refusal } from "../refusal";
import type { Instant } from "../time";

type Answer = { approvalId: string; state: Approval["state"] };

/** Says yes, as a further person in all its zones; with the last one that is needed it is carried out, in the same transaction. */
export const approve = (ctx: Ctx, request: VoteInput): Promise<Answer> => decide(ctx, "approve", request);
/** Says no: what was asked for is dropped, and what it held is free. */
export const refuse = (ctx: Ctx, request: VoteInput): Promise<Answer> => decide(ctx, "refuse", request);

async function decide(ctx: Ctx, vote: "approve" | "refuse", request: VoteInput): Promise<Answer> {
  const { value } = await auditedOnce(ctx, `approval.${vote}`, request, async () => {
    const asked = await inScope(ctx, request.approvalId);
    return {
      target: targetOf(asked),
      change: async (tx): Promise<Answer> => {
        const person = personOf(ctx);
        const approval = await lockApproval(tx, request.approvalId);
        const why = whyNoVote(approval, person, ctx.now) ?? (vote === "approve" ? await whyOutdated(tx, approval) : null);
        if (why !== null) throw new Refusal("conflict", why);
        await insertVote(tx, request.approvalId, person, vote, { at: ctx.now, reason: request.reason });
        const yes = approval.votes.filter((one) => one.vote === "approve").length + 1;
        if (vote === "approve" && yes < approval.neededN) return { approvalId: approval.approvalId, state: "waiting" };
        const state = vote === "approve" ? "approved" : "refused";
        await endApproval(tx, request.approvalId, state, { at: ctx.now, by: person.name, why: request.reason });
        await (state === "approved"
          ? carryOut(tx, approval, person, ctx.now)
          : drop(tx, approval, ctx.now, `Refused by ${person.name}`));
        return { approvalId: approval.approvalId, state };
      },
      entry: { reason: request.reason ?? undefined, detail: detailOf(asked) },
    };
  });
  return value;
}

/** Takes a request back, by who asked for it; what it held is free. */
export async function withdraw(ctx: Ctx, request: VoteInput): Promise<Answer> {
  const who = nameOf(ctx.actor);
  const { value } = await auditedOnce(ctx, "approval.withdraw", request, async () => {
    const asked = await inScope(ctx, request.approvalId);
    return {
      target: targetOf(asked),
      change: async (tx): Promise<Answer> => {
        const approval = await lockApproval(tx, request.approvalId);
        if (approval.requestedBy !== actorId(ctx.actor))
          throw new Refusal("forbidden", `Only ${approval.requestedByName}, who asked, can withdraw this; refuse it instead.`);
        const why = whyEnded(approval, ctx.now);
        if (why !== null) throw new Refusal("conflict", why);
        await endApproval(tx, request.approvalId, "withdrawn", { at: ctx.now, by: who, why: request.reason });
        await drop(tx, approval, ctx.now, `Withdrawn by ${who}`);
        return { approvalId: approval.approvalId, state: "withdrawn" };
      },
      entry: { reason: request.reason ?? undefined, detail: detailOf(asked) },
    };
  });
  return value;
}

/** Ends what nobody decided in time, and what asks about a difference that is another one by now. Done again it does nothing. */
export async function expireApprovals(db: Db, now: Instant): Promise<void> {
  const expired = { at: now, by: null, why: null };
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

async function carryOut(tx: Db, approval: Approval, by: Person, now: Instant): Promise<void> {
  const subject = Number(approval.subjectId);
  if (approval.subjectKind === "operation") return releaseOperation(tx, subject, now, `Approved by ${by.name}`);
  await acceptCase(tx, subject, { asked: acceptanceOf(approval), askedBy: approval.requestedByName }, by, now);
}

function drop(tx: Db, { subjectKind, subjectId }: Approval, now: Instant, words: string): Promise<void> {
  return subjectKind === "operation"
    ? dropOperation(tx, Number(subjectId), now, words)
    : dropAcceptance(tx, Number(subjectId), now, words);
}

const acceptanceOf = ({ detail }: Approval): Acceptance => detail as Acceptance;
const whyOutdated = (tx: Db, approval: Approval): Promise<string | null> =>
  approval.subjectKind === "case" ? whyDifferent(tx, Number(approval.subjectId), acceptanceOf(approval)) : Promise.resolve(null);

function personOf(ctx: Ctx): Person {
  if (ctx.actor.kind !== "operator") throw new Refusal("forbidden", "Only a person may decide about this.");
  return ctx.actor;
}

const nameOf = (actor: Actor): string => (actor.kind === "worker" ? "Accord" : actor.name);

const targetOf = ({ approvalId, zones }: Approval) => ({ kind: "approval", id: approvalId, zones });
const detailOf = ({ subjectKind, subjectId, summary }: Approval) => ({
  subject: `${subjectKind === "case" ? "CASE" : "OP"}-${subjectId}`,
  summary,
});
