import { setImmediate } from "node:timers/promises";
import type { ContractMap } from "../contracts/map.rules";
import type { DeadLetterRow } from "../sources/observable";
import { maskingHash, shownFailure } from "./failure.rules";
import { fingerprintOf, type Name } from "./fingerprint.rules";

export type Names = ReadonlyMap<DeadLetterRow, Name>;

// A fraction of a millisecond: what records the page before asks the store some twenty small questions meanwhile, and waits for each answer.
const NAMED_AT_ONCE = 8;

/** Whether nobody owes anything by this row any more. */
export const isSettled = ({ state }: DeadLetterRow): boolean => state === "resolved" || state === "discarded";

/** Names the letters of a page that are open, which asks nothing of a database, and so is done while one is busy. */
export async function namesOf(sourceId: string, page: readonly DeadLetterRow[], map: ContractMap): Promise<Names> {
  const names = new Map<DeadLetterRow, Name>();
  const known = new Map<string, Place>();
  for (const row of page) {
    if (isSettled(row)) continue;
    const event = JSON.stringify([row.consumer, row.eventType]);
    const place = known.get(event) ?? placeOf(row, map);
    known.set(event, place);
    names.set(row, nameOf(sourceId, row, place));
    if (names.size % NAMED_AT_ONCE === 0) await setImmediate();
  }
  return names;
}

type Place = { zones: string[]; paths: string[]; namedUnder: string };

function placeOf({ consumer, eventType }: DeadLetterRow, map: ContractMap): Place {
  const zones = map.zonesOfConsumed(consumer, eventType);
  const paths = map.maskingOf(zones);
  return { zones, paths, namedUnder: maskingHash(paths) };
}

// A group is named after its first message: what the contract masks may not become its name.
function nameOf(sourceId: string, row: DeadLetterRow, { zones, paths, namedUnder }: Place): Name {
  const { mask, errorType, errorMessage, errorStack } = shownFailure(row.payload, paths, row);
  const { consumer, eventType } = row;
  return {
    ...fingerprintOf({ sourceId, consumer, eventType, errorType, errorMessage, errorStack }, mask),
    errorType,
    zones,
    namedUnder,
  };
}
