import type { Db } from "../db/pool";
import { withoutData } from "../sagas/masked.rules";
import { replaceSteps, selectWithoutSteps } from "../sagas/steps.sql";
import { correction } from "../sources/clocks.rules";
import { Fenced, fromSource } from "../sources/failures.rules";
import type { Observed } from "../sources/observed";
import { type Held, stillHeld } from "../sources/sql";
import { seconds } from "../time";

// An attempt may be counted without its saga's row changing; what is looked at in an incident should not be older than this.
const STALE_MS = seconds(20);
// By primary key, a few rows each: some milliseconds of a source's time, and nothing at all while every saga goes well.
const SAGAS_MAX = 200;

/**
 * Reads the steps of sagas that are not calm. Following every step of every saga would multiply what a poll reads and the store writes,
 * for rows that nobody opens; these are few, or it is an incident, and then some hundred at a poll are what people get to see.
 */
export async function readSagaSteps(db: Db, workerId: string, { sourceId, source, map }: Observed, held: Held): Promise<void> {
  const wanted = await selectWithoutSteps(db, sourceId, held.now, { staleMs: STALE_MS, most: SAGAS_MAX });
  if (wanted.length === 0) return;
  const off = correction(held.clockOffsetMs ?? 0);
  const shift = (at: number | null) => (at === null ? null : at - off);
  const steps = (await fromSource(source.steps(wanted))).map((step) => ({
    ...withoutData(step, map.maskingOf([map.zoneOfSaga(step.sagaType)])),
    deadlineAt: shift(step.deadlineAt),
    startedAt: shift(step.startedAt),
    endedAt: shift(step.endedAt),
  }));
  await db.transaction(async (tx) => {
    if (!(await stillHeld(tx, sourceId, workerId, held.epoch))) throw new Fenced();
    await replaceSteps(tx, sourceId, wanted, steps, held.now);
  });
}
