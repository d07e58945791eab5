import type { Db } from "../../db/pool";
import type { Instant } from "../../time";
import { arrivedBy, destination, homeOf, movedBy, selectHomes } from "./rule.sql";
import { type Route, regroupLimits } from "./rules";
import { lockPlaces, markMoved, moveLetters, selectRoute, selectRoutesFrom, selectUnsettled } from "./sql";

/** Moves what a route leads elsewhere, or back, as far as one transaction may; true when nothing is left. The places of the source are locked. */
export async function advance(tx: Db, route: Route, now: Instant): Promise<boolean> {
  const to = destination(route);
  const movedN = await moveLetters(tx, movedBy(route, now), to, regroupLimits.movedAtOnce, now);
  const settled = movedN < regroupLimits.movedAtOnce;
  await markMoved(tx, route.routeId, to, movedN, settled ? now : null);
  return settled;
}

/** Finishes merges and splits of groups with more messages than are moved at once. Two workers at once move nothing twice. */
export async function settleRoutes(db: Db, now: Instant = Date.now()): Promise<void> {
  for (const { routeId, sourceId } of await selectUnsettled(db, regroupLimits.groupsMost))
    for (let round = 0; round < regroupLimits.roundsMost; round++)
      if (await db.transaction((tx) => step(tx, routeId, sourceId, now))) break;
}

async function step(tx: Db, routeId: number, sourceId: string, now: Instant): Promise<boolean> {
  await lockPlaces(tx, sourceId);
  const route = await selectRoute(tx, routeId);
  return route === null || route.settledAt !== null || (await advance(tx, route, now));
}

/** Puts letters that were just opened where people said that they belong. `holdPlaces` was called before they were. */
export async function placeArrived(
  tx: Db,
  sourceId: string,
  sourceDeadLetterIds: readonly string[],
  groupIds: readonly number[],
  now: Instant,
): Promise<void> {
  const arrived = { sourceId, sourceDeadLetterIds };
  for (let from = [...new Set(groupIds)]; from.length > 0; ) {
    const routes = await selectRoutesFrom(tx, from);
    const reached = new Set<number>();
    for (const route of routes) {
      const n = await moveLetters(tx, arrivedBy(route, now, arrived), route.toId, sourceDeadLetterIds.length, now);
      if (n > 0) reached.add(route.toId);
    }
    from = [...reached];
  }
}

/** Puts letters where they belong by now that were closed and are open again: first to the group that their failure names, then as if they arrived. */
export async function placeReturned(
  tx: Db,
  sourceId: string,
  sourceDeadLetterIds: readonly string[],
  now: Instant,
): Promise<void> {
  const arrived = { sourceId, sourceDeadLetterIds };
  const homes = await selectHomes(tx, arrived);
  for (const { homeId, elsewhere } of homes)
    if (elsewhere) await moveLetters(tx, homeOf(homeId, arrived), homeId, sourceDeadLetterIds.length, now);
  await placeArrived(
    tx,
    sourceId,
    sourceDeadLetterIds,
    homes.map(({ homeId }) => homeId),
    now,
  );
}
