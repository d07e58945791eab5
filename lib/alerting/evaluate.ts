import { alertLimits, type Reading } from "../alerts/rules";
import {
  alertPlace,
  deletePending,
  insertAlerts,
  insertReadings,
  type OpenAlert,
  replaceUnknown,
  selectFlaps,
  selectOpen,
  selectUnfinished,
  setUnfinished,
  updateAlerts,
} from "../alerts/sql";
import { alertWords } from "../alerts/words";
import type { Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import type { Db } from "../db/pool";
import type { Instant } from "../time";
import { readZones } from "./reading";
import { emptyTodo, endAlert, evaluateZone, groupedBy, isFull, type Todo } from "./todo";

/**
 * Takes the zones' readings of this tick and does to their alerts what follows. Each zone's tick is evaluated once, in one transaction with its
 * reading: whoever comes second, or again after a crash, finds it taken, or finds nothing done. What is more than one transaction may change is
 * left to the next, before any later tick: true where something may be left.
 */
export async function evaluateAlerts(db: Db, now: Instant = Date.now()): Promise<boolean> {
  const at = Math.floor(now / alertLimits.tickMs) * alertLimits.tickMs;
  const contracts = await readContracts(db);
  if (await finishReadings(db, contracts)) return true;
  return evaluateReadings(db, contracts, await readZones(db, contracts, at), at);
}

export type ZoneReading = { zoneId: string; reading: Reading };

/** Keeps readings of one moment, and does to the zones' alerts what follows from them; true where something is left of it. */
export const evaluateReadings = (
  db: Db,
  contracts: readonly Contract[],
  readings: readonly ZoneReading[],
  at: Instant,
  most: number = alertLimits.changesMost,
): Promise<boolean> =>
  db.transaction(async (tx) => {
    const first = await insertReadings(tx, readings);
    if (first.size === 0 && readings.length > 0) return false;
    const own = readings.filter(({ zoneId }) => first.has(zoneId));
    const { left } = await evaluate(tx, contracts, own, { at, most, open: await selectOpen(tx) });
    if (left.length > 0) await setUnfinished(tx, left, at, true);
    return left.length > 0;
  });

/** Goes on with the oldest readings of which something is left; false where nothing was. */
export const finishReadings = (
  db: Db,
  contracts: readonly Contract[],
  most: number = alertLimits.changesMost,
): Promise<boolean> =>
  db.transaction(async (tx) => {
    const readings = portion(await selectUnfinished(tx), most);
    if (readings.length === 0) return false;
    const { at } = readings[0]!.reading;
    const zoneIds = readings.map(({ zoneId }) => zoneId);
    const { left } = await evaluate(tx, contracts, readings, { at, most, open: await selectOpen(tx, zoneIds) });
    const finished = zoneIds.filter((zoneId) => !left.includes(zoneId));
    if (finished.length > 0) await setUnfinished(tx, finished, at, false);
    return true;
  });

/** So many zones as have twice the alerts that may change, one at least: the others are not read again and again for nothing. */
function portion<T extends { openN: number }>(zones: readonly T[], most: number): T[] {
  let openN = 0;
  return zones.filter((zone, i) => {
    const room = i === 0 || openN < most * 2;
    openN += zone.openN;
    return room;
  });
}

type Tick = { at: Instant; most: number; open: readonly OpenAlert[] };

async function evaluate(
  tx: Db,
  contracts: readonly Contract[],
  readings: readonly ZoneReading[],
  { at, most, open }: Tick,
): Promise<{ left: string[] }> {
  const zoneIds = readings.map(({ zoneId }) => zoneId);
  const lately = await selectFlaps(tx, zoneIds, at - alertLimits.flapsWithinMs);
  const flaps = new Map(lately.map((one) => [alertPlace(one), one.n]));
  const byZone = groupedBy(open, ({ zoneId }) => zoneId);
  const todo = emptyTodo(most);
  const done: string[] = [];
  const left: string[] = [];
  const readingOf = new Map(readings.map(({ zoneId, reading }) => [zoneId, reading]));
  for (const contract of contracts) {
    const { zoneId } = contract;
    const reading = readingOf.get(zoneId);
    if (!reading) continue;
    const isDone = evaluateZone({ contract, reading, open: byZone.get(zoneId) ?? [], flaps, at }, todo);
    (isDone ? done : left).push(zoneId);
  }
  const known = new Set(contracts.map(({ zoneId }) => zoneId));
  // Those that are too many are found again at the next tick: nobody asks for them.
  for (const alert of open) if (!known.has(alert.zoneId) && !isFull(todo)) endAlert(alert, alertWords.notAsked, todo);
  await write(tx, todo, done, at);
  return { left };
}

async function write(tx: Db, { begin, change, drop, unknown }: Todo, zoneIds: readonly string[], at: Instant): Promise<void> {
  const first = begin.filter(({ below }) => below === null);
  const begun = first.length > 0 ? await insertAlerts(tx, first, at) : new Map<string, number>();
  // Who explains them has a number by now.
  const placed = <T extends { below: string | null; inhibitedBy: number | null }>(one: T): T =>
    one.below === null ? one : { ...one, inhibitedBy: begun.get(one.below) ?? null };
  const others = begin.filter(({ below }) => below !== null).map(placed);
  if (others.length > 0) await insertAlerts(tx, others, at);
  if (change.length > 0) await updateAlerts(tx, change.map(placed), at);
  if (drop.length > 0) await deletePending(tx, drop);
  await replaceUnknown(tx, zoneIds, unknown, at);
}
