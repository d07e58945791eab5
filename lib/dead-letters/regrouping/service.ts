import { auditedOnce, permitted, type Target } from "../../audited";
import { actorId, type Ctx, callerOf } from "../../context";
import type { Db } from "../../db/pool";
import { Refusal } from "../../refusal";
import { durationWords } from "../../time";
import { withinTime } from "../bounded.sql";
import { visibleGroup } from "../group-rows";
import { type GroupBy, type GroupEventKind, insertGroupEvent, lockTriage } from "../triage/sql";
import type { MergeInput, SplitInput, UndoRegroupInput } from "./input";
import { allowed } from "./reading";
import { countMeant } from "./rule.sql";
import { mergeWrong, type Placed, type Route, standsWrong } from "./rules";
import { advance } from "./settle";
import { endRoute, insertPart, insertRoute, lockPlaces, selectPlaced, selectRoute, selectRoutesOf } from "./sql";
import { regroupWords, ruleWords } from "./words";

/** What a merge, a split or its undo answers with; `moving` says that messages are still on their way. */
export type RegroupAnswer = { groupId: string; routes: string[]; moving: boolean };

type Found = Awaited<ReturnType<typeof visibleGroup>>;
const targetOf = (groups: readonly Found[]): Target => ({
  kind: "dead_letter_group",
  id: String(groups[0]!.groupId),
  zones: [...new Set(groups.flatMap(({ zones }) => zones))].sort(),
});

/** Merges groups into one: their messages, those that are parked and those that come later, belong to it until that is undone. */
export async function mergeGroups(ctx: Ctx, request: MergeInput): Promise<RegroupAnswer> {
  const { value } = await auditedOnce(ctx, "group.merge", request, async () => {
    const { groupId, groups } = request;
    const found = await visible(ctx, [groupId, ...groups]);
    return {
      target: targetOf(found),
      change: (tx) => merge(tx, ctx, found[0]!, groups),
      entry: { detail: { groups: groups.map(String) } },
    };
  });
  return value;
}

/** Splits messages off a group by a rule, those that are parked and those that come later, into a group of their own. */
export async function splitGroup(ctx: Ctx, request: SplitInput): Promise<RegroupAnswer> {
  const { value } = await auditedOnce(ctx, "group.split", request, async () => {
    const found = await visibleGroup(ctx, request.groupId);
    return {
      target: targetOf([found]),
      change: (tx) => split(tx, ctx, found, request),
      entry: { detail: { rule: ruleWords(request.rule) } },
    };
  });
  return value;
}

/** Undoes a merge or a split: what it moved, and what came since, goes back to where it would have been. */
export async function undoRegroup(ctx: Ctx, request: UndoRegroupInput): Promise<RegroupAnswer> {
  const { value } = await auditedOnce(ctx, "group.undo", request, async () => {
    const { groupId, routeId } = request;
    await permitted(ctx, "group.undo", targetOf([await visibleGroup(ctx, groupId)]));
    const route = await selectRoute(ctx.db, routeId);
    if (!route || (route.fromId !== groupId && route.toId !== groupId))
      throw new Refusal("not_found", "This group has no such merge or split.");
    const found = await visible(ctx, [groupId, route.fromId === groupId ? route.toId : route.fromId]);
    return {
      target: targetOf(found),
      change: (tx) => undo(tx, ctx, route, groupId),
      entry: { detail: { of: route.rule === null ? "merge" : "split", from: String(route.fromId), to: String(route.toId) } },
    };
  });
  return value;
}

const visible = (ctx: Ctx, groupIds: readonly number[]) => Promise.all(groupIds.map((id) => visibleGroup(ctx, id)));

async function merge(tx: Db, ctx: Ctx, { groupId, sourceId }: Found, groups: readonly number[]): Promise<RegroupAnswer> {
  const placed = await locked(tx, sourceId, [groupId, ...groups]);
  const into = placed.get(groupId)!;
  refuse(standsWrong(into, "merged into"));
  for (const other of groups) refuse(mergeWrong(into, placed.get(other)!));
  const tell = teller(tx, ctx, "merged");
  let moving = false;
  const routes: string[] = [];
  for (const fromId of groups) {
    const route = await made(tx, ctx, { sourceId, fromId, toId: groupId, rule: null });
    moving = !(await advance(tx, route, ctx.now)) || moving;
    routes.push(String(route.routeId));
    await tell(groupId, regroupWords.tookIn(fromId));
    await tell(fromId, regroupWords.mergedAway(groupId));
  }
  return { groupId: String(groupId), routes, moving };
}

async function split(tx: Db, ctx: Ctx, group: Found, { rule }: SplitInput): Promise<RegroupAnswer> {
  const { groupId, sourceId } = group;
  const placed = await locked(tx, sourceId, [groupId]);
  const one = placed.get(groupId)!;
  refuse(standsWrong(one, "split off"));
  const same = one.routes.find(
    (each) => each.endedAt === null && each.fromId === groupId && each.rule && ruleWords(each.rule) === ruleWords(rule),
  );
  if (same)
    throw new Refusal(
      "conflict",
      `${same.madeByName} was first: messages ${ruleWords(rule)} are split off into group ${same.toId}.`,
      {
        groupId: String(same.toId),
      },
    );
  await allowed({ ...ctx, db: tx }, group, rule);
  const meantN = await withinTime(tx, (within) => countMeant(within, groupId, rule, ctx.now));
  if (meantN === 0) throw new Refusal("conflict", `No message of this group that is parked is ${ruleWords(rule)}.`);
  if (meantN === one.openN)
    throw new Refusal("conflict", `All messages of this group are ${ruleWords(rule)}: nothing would be left.`);
  const partId = await insertPart(tx, groupId);
  await lockTriage(tx, partId);
  const route = await made(tx, ctx, { sourceId, fromId: groupId, toId: partId, rule });
  const settled = await advance(tx, route, ctx.now);
  const tell = teller(tx, ctx, "split");
  await tell(groupId, regroupWords.splitOff(partId, rule));
  await tell(partId, regroupWords.became(groupId, rule));
  return { groupId: String(partId), routes: [String(route.routeId)], moving: !settled };
}

async function undo(tx: Db, ctx: Ctx, { routeId, sourceId, fromId, toId }: Route, groupId: number): Promise<RegroupAnswer> {
  await locked(tx, sourceId, [fromId, toId]);
  const route = (await selectRoute(tx, routeId))!;
  if (route.endedAt !== null)
    throw new Refusal("conflict", `${route.endedByName} was first: it was undone ${durationWords(ctx.now - route.endedAt)} ago.`);
  await endRoute(tx, routeId, callerOf(ctx).name, ctx.now);
  const settled = await advance(tx, { ...route, endedAt: ctx.now }, ctx.now);
  const kind = route.rule === null ? "merge" : "split";
  const tell = teller(tx, ctx, "regrouped");
  await tell(fromId, regroupWords.undone(toId, kind));
  await tell(toId, regroupWords.undone(fromId, kind));
  return { groupId: String(groupId), routes: [String(routeId)], moving: !settled };
}

/** Groups of one source with what was said of them, and nobody else parks, closes, moves or triages in them until the transaction ends. */
async function locked(tx: Db, sourceId: string, groupIds: readonly number[]): Promise<Map<number, Placed>> {
  await lockPlaces(tx, sourceId);
  for (const id of [...new Set(groupIds)].sort((a, b) => a - b)) await lockTriage(tx, id);
  const groups = await selectPlaced(tx, groupIds);
  const routes = await selectRoutesOf(tx, groupIds);
  return new Map(
    groups.map((one) => [
      one.groupId,
      { ...one, routes: routes.filter(({ fromId, toId }) => fromId === one.groupId || toId === one.groupId) },
    ]),
  );
}

async function made(tx: Db, ctx: Ctx, one: Pick<Route, "sourceId" | "fromId" | "toId" | "rule">): Promise<Route> {
  const routeId = await insertRoute(tx, { ...one, madeAt: ctx.now, madeByName: callerOf(ctx).name });
  if (routeId === null) throw new Refusal("conflict", "Somebody else was first: look at the group again.");
  return (await selectRoute(tx, routeId))!;
}

function teller(tx: Db, ctx: Ctx, kind: GroupEventKind) {
  const caller = callerOf(ctx);
  const by: GroupBy = { id: actorId(caller), name: caller.name };
  return (groupId: number, text: Parameters<typeof insertGroupEvent>[2]["text"]) =>
    insertGroupEvent(tx, groupId, { kind, by, at: ctx.now, text });
}

function refuse(why: string | null): void {
  if (why !== null) throw new Refusal("conflict", why);
}
