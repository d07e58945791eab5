import type { Db } from "../db/pool";
import { lockZones, refreshOpenKeys } from "../facts/sql";
import type { Instant } from "../time";
import { deleteFact, markAccepted, selectDivergence } from "./sql";

/** Lets an open difference stand until then: it counts no more, and again when the time is over. False when it is not open (any more). */
export async function acceptDivergence(tx: Db, divergenceId: number, until: Instant, now: Instant): Promise<boolean> {
  const found = await selectDivergence(tx, divergenceId);
  if (!found || until <= now) return false;
  await lockZones(tx, [found.zoneId]);
  if (!(await markAccepted(tx, divergenceId, until))) return false;
  await refreshOpenKeys(tx, await deleteFact(tx, found));
  return true;
}
