import { auditedOnce, type Entry } from "../../audited";
import { actorId, type Ctx, callerOf } from "../../context";
import type { Db } from "../../db/pool";
import { assignable } from "../../operators/assigning";
import type { Action } from "../../permissions";
import { Refusal } from "../../refusal";
import { type Instant, windowWords } from "../../time";
import { counted, type Part } from "../../words";
import { visibleGroup } from "../group-rows";
import { selectGroup } from "../sql";
import { endingOf, recordEnding } from "./ending";
import type { GroupAssignInput, GroupNoteInput, GroupStateInput, GroupTicketInput } from "./input";
import { type StateChange, type Triage, type TriageState, triageLimits } from "./rules";
import {
  type GroupBy,
  type GroupEventKind,
  insertGroupEvent,
  lockTriage,
  markGroupAssignee,
  markState,
  markTicket,
  selectTriage,
} from "./sql";
import { changedBefore, groupEventWords } from "./words";

/** What every act on a group answers with. */
export type GroupAnswer = { groupId: string; state: TriageState; stateN: number };

type Group = NonNullable<Awaited<ReturnType<typeof selectGroup>>>;
type Acted = { group: Group; one: Triage; by: GroupBy & { id: string } };
type Act = { action: Action; kind: GroupEventKind; entry?: Entry<GroupAnswer> };

/** One change of one group: in scope, allowed in all its zones, under its lock, once per key, with its entry in history and audit. */
async function act(
  ctx: Ctx,
  { action, kind, entry = {} }: Act,
  request: { groupId: number; key: string },
  change: (tx: Db, acted: Acted) => Promise<Part[]>,
): Promise<GroupAnswer> {
  const caller = callerOf(ctx);
  const by = { id: actorId(caller), name: caller.name };
  const { groupId } = request;
  const { value } = await auditedOnce(ctx, action, request, async () => {
    const { zones } = await visibleGroup(ctx, groupId);
    return {
      target: { kind: "dead_letter_group", id: String(groupId), zones },
      change: async (tx) => {
        await lockTriage(tx, groupId);
        const [one] = await selectTriage(tx, [groupId]);
        const group = (await selectGroup(tx, groupId))!;
        const text = await change(tx, { group, one: one!, by });
        const n = await insertGroupEvent(tx, groupId, { kind, by, at: ctx.now, text });
        const [after] = await selectTriage(tx, [groupId]);
        if (kind === "state" && after!.state === "resolved")
          await recordEnding(tx, group, {
            ...(await endingOf(tx, group, { by: by.name, reason: entry.reason ?? null, at: ctx.now })),
            n,
          });
        return { groupId: String(groupId), state: after!.state, stateN: after!.stateN };
      },
      entry,
    };
  });
  return value;
}

/** Says where a group stands. Who changes it second is told who was first. Resolved is only what has nothing parked. */
export const setGroupState = (ctx: Ctx, request: GroupStateInput): Promise<GroupAnswer> => {
  const { change, from } = request;
  const { state, ...detail } = change;
  return act(
    ctx,
    {
      action: "group.state",
      kind: "state",
      entry: { reason: change.state === "resolved" ? change.reason : undefined, detail: { state, ...detail } },
    },
    request,
    async (tx, { group, one, by }) => {
      if (one.stateN !== from) throw new Refusal("conflict", changedBefore(one, ctx.now), { stateN: one.stateN });
      refuseChange(change, one, group.openN, ctx.now);
      await markState(tx, group.groupId, from, change, { by: by.name, at: ctx.now, totalN: group.totalN });
      return groupEventWords.state(change, ctx.now);
    },
  );
};

function refuseChange(change: StateChange, one: Triage, openN: number, now: Instant): void {
  if (change.state === one.state && (change.state === "new" || change.state === "investigating" || change.state === "resolved"))
    throw new Refusal("conflict", changedBefore(one, now));
  if (change.state === "resolved" && openN > 0)
    throw new Refusal(
      "conflict",
      `${counted(openN, "message")} ${openN === 1 ? "is" : "are"} still parked: retry or discard ${openN === 1 ? "it" : "them"} first, or mute the group.`,
    );
  if (change.state !== "muted" || change.mutedUntil === null) return;
  if (change.mutedUntil <= now) throw new Refusal("invalid", "until: lies in the past.", { field: "until" });
  if (change.mutedUntil > now + triageLimits.muteMsMax)
    throw new Refusal("invalid", `until: is more than ${windowWords(triageLimits.muteMsMax)} ahead.`, { field: "until" });
}

/** Takes a group, gives it to an operator of its zones, or gives it back. Who takes it second is told who was first. */
export const assignGroup = (ctx: Ctx, request: GroupAssignInput): Promise<GroupAnswer> =>
  act(ctx, { action: "group.assign", kind: "assigned", entry: { detail: { to: request.to } } }, request, async (tx, acted) => {
    const { group, one, by } = acted;
    if (one.assignee !== request.from)
      throw new Refusal(
        "conflict",
        one.assignee === null ? "Nobody has this group any more." : `${one.assigneeName} has this group.`,
        {
          assignee: one.assignee,
        },
      );
    if (request.to === request.from)
      throw new Refusal(
        "conflict",
        request.to === null ? "Nobody has this group." : `${one.assigneeName} has this group already.`,
      );
    const to =
      request.to === null ? null : await assignable(tx, request.to, "group.assign", group.zones, "groups of these zones");
    await markGroupAssignee(tx, group.groupId, request.from, to, { by: by.name, at: ctx.now });
    return groupEventWords.assigned(to?.name ?? null, to?.id === by.id);
  });

/** Adds a note to a group's history; it is never edited. */
export const noteGroup = (ctx: Ctx, request: GroupNoteInput): Promise<GroupAnswer> =>
  act(ctx, { action: "group.note", kind: "noted" }, request, async () => groupEventWords.noted(request.text));

/** Sets the ticket that a group is worked on under, or takes it away. */
export const setGroupTicket = (ctx: Ctx, request: GroupTicketInput): Promise<GroupAnswer> =>
  act(
    ctx,
    { action: "group.ticket", kind: "ticket", entry: { detail: { ticket: request.ticket } } },
    request,
    async (tx, acted) => {
      const { group, one, by } = acted;
      if (one.ticket !== request.from || request.ticket === request.from)
        throw new Refusal(
          "conflict",
          one.ticket === null ? "The group has no ticket any more." : `${one.ticketByName} set the ticket ${one.ticket}.`,
          { ticket: one.ticket },
        );
      await markTicket(tx, group.groupId, request.from, request.ticket, by.name);
      return groupEventWords.ticket(request.ticket);
    },
  );
