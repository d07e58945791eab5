import type { Ctx } from "../context";
import { zoneFilter } from "../permissions";
import { Refusal } from "../refusal";
import type { Instant } from "../time";
import type { Approval } from "./rules";
import { selectApproval, selectApprovals } from "./sql";

const PAGE = 50;

/** A page of what was asked for in the actor's zones, the newest first. */
export async function listApprovals(
  ctx: Ctx,
  page: { after?: string | undefined; state?: string | undefined },
): Promise<{ now: Instant; approvals: Approval[]; after: string | null }> {
  const after = page.after === undefined ? null : Number(page.after);
  const found = await selectApprovals(ctx.db, { after, state: page.state ?? null }, zoneFilter(ctx.actor), PAGE + 1);
  return {
    now: ctx.now,
    approvals: found.slice(0, PAGE),
    after: found.length > PAGE ? found[PAGE - 1]!.approvalId : null,
  };
}

/** One request for a further person: what it is for, who asked, and who said what. */
export async function readApproval(ctx: Ctx, { approvalId }: { approvalId: number }): Promise<Approval & { now: Instant }> {
  return { now: ctx.now, ...(await inScope(ctx, approvalId)) };
}

export async function inScope(ctx: Ctx, approvalId: number): Promise<Approval> {
  const approval = await selectApproval(ctx.db, approvalId, zoneFilter(ctx.actor));
  if (!approval) throw new Refusal("not_found", `There is no request ${approvalId}, or it is not in your zones.`);
  return approval;
}
