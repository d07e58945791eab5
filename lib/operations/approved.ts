import type { Db } from "../db/pool";
import type { Instant } from "../time";
import { cancelWaiting, insertEvent, moveState } from "./sql";

/** Lets an operation run that waited for a second person; its list is the one that was approved. */
export async function releaseOperation(tx: Db, operationId: number, now: Instant, words: string): Promise<void> {
  if (await moveState(tx, operationId, ["awaiting"], "running")) await insertEvent(tx, operationId, now, words);
}

/** Calls an operation off that waited for a second person: nothing was carried out, and its messages are free. */
export async function dropOperation(tx: Db, operationId: number, now: Instant, words: string): Promise<void> {
  if (!(await moveState(tx, operationId, ["awaiting"], "cancelled"))) return;
  await cancelWaiting(tx, operationId, now);
  await insertEvent(tx, operationId, now, words);
}
