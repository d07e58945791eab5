import { whyNoVote } from "../approvals/rules";
import { selectWaiting } from "../approvals/sql";
import type { Ctx } from "../context";
import { can, zoneFilter } from "../permissions";
import { selectCases } from "./read.sql";
import { rowsOf } from "./reading";
import type { WaitingView } from "./views";

// A panel shows a few; whoever has more opens the list.
const FEW = 5;
// Of these the person may decide about some; a zone with more open requests is not going to be read here.
const LOOKED_AT = 50;

/** What waits for the person who asks: decisions that they may give, cases that they have, cases that nobody has acknowledged. */
export async function readWaiting(ctx: Ctx): Promise<WaitingView> {
  const { db, actor, now } = ctx;
  const nothing: WaitingView = { now, approvals: [], mine: [], unacknowledged: [], more: false };
  if (actor.kind !== "operator") return nothing;
  const scope = zoneFilter(actor);
  const filter = { me: actor.operatorId, zone: null, kind: null, after: null };
  const [asked, mine, open] = await Promise.all([
    selectWaiting(db, scope, now, LOOKED_AT),
    selectCases(db, { ...filter, who: "mine", state: "unresolved" }, scope, now, FEW + 1),
    selectCases(db, { ...filter, who: "unassigned", state: "open" }, scope, now, FEW + 1),
  ]);
  const approvals = asked.filter((approval) => whyNoVote(approval, actor, now) === null);
  const mayWork = open.filter((one) => can(actor, "case.acknowledge", [one.zoneId]).ok);
  return {
    now,
    approvals: approvals.slice(0, FEW),
    mine: await rowsOf(ctx, mine.filter((one) => one.wakesAt === null || one.wakesAt <= now).slice(0, FEW)),
    unacknowledged: await rowsOf(ctx, mayWork.slice(0, FEW)),
    more: [approvals, mine, mayWork].some((list) => list.length > FEW),
  };
}
