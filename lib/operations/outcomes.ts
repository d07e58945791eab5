import type { ContractMap } from "../contracts/map.rules";
import type { Db } from "../db/pool";
import { shownFailure } from "../dead-letters/failure.rules";
import { FINGERPRINT_VERSION, fingerprintOf } from "../dead-letters/fingerprint.rules";
import { selectItemFingerprints } from "../dead-letters/sql";
import { GIVEN_UP, REFUSED, type RedeliveryState, UNFIT, WITHDRAWN } from "../sources/redeliverable";
import type { Item } from "./dispatch.sql";
import { redeliveryId } from "./request";
import { outcomeOfRedelivery, outcomeWithoutRedelivery } from "./rules";
import type { Ended } from "./sql";

export const endedBehind = ({ item }: Item): Ended => ({
  item,
  outcome: "behind",
  detail: "An earlier message of its key did not get through; nothing was sent.",
});

/** Outcomes of a retry's items, with what is to be said of each. */
export async function endedWith(
  db: Db,
  map: ContractMap,
  operationId: number,
  items: readonly Item[],
  states: readonly RedeliveryState[],
  cancelled = false,
): Promise<Ended[]> {
  return failedAgainWords(db, map, operationId, items, endedOf(operationId, items, states, cancelled), states);
}

function endedOf(operationId: number, items: readonly Item[], states: readonly RedeliveryState[], cancelled: boolean): Ended[] {
  const stateOf = new Map(states.map((state) => [state.redeliveryId, state]));
  return items.flatMap(({ item }): Ended[] => {
    const state = stateOf.get(redeliveryId(operationId, item));
    if (!state) return [];
    if (state.state === null) {
      const other = outcomeWithoutRedelivery("retry", state.deadLetterState);
      if (cancelled) return [{ item, outcome: "cancelled", detail: other?.detail ?? "Nothing was sent for it." }];
      return other ? [{ item, ...other }] : [];
    }
    if (state.state === "stale" && state.errorType === REFUSED) return [{ item, outcome: "stale", detail: state.errorMessage }];
    if (state.state === "stale" && state.errorType === UNFIT)
      return [{ item, outcome: "cancelled", detail: `The edit does not fit it, so nothing was sent: ${state.errorMessage}` }];
    if (state.state === "stale" && state.errorType === WITHDRAWN)
      return [{ item, outcome: "cancelled", detail: "No consumer had taken it; it was withdrawn." }];
    if (state.state === "stale" && state.errorType === GIVEN_UP)
      return [{ item, outcome: "cancelled", detail: state.errorMessage }];
    const outcome = outcomeOfRedelivery(state.state);
    if (outcome === null) return [];
    return [{ item, outcome, detail: null }];
  });
}

/** Says of what failed again whether it failed in the same way: by the group it belongs to, not by its words. */
async function failedAgainWords(
  db: Db,
  map: ContractMap,
  operationId: number,
  items: readonly Item[],
  ended: Ended[],
  states: readonly RedeliveryState[],
): Promise<Ended[]> {
  const failed = ended.filter((e) => e.outcome === "failed_again");
  if (failed.length === 0) return ended;
  const before = await selectItemFingerprints(
    db,
    operationId,
    failed.map((e) => e.item),
  );
  const stateOf = new Map(states.map((state) => [state.redeliveryId, state]));
  const consumerOf = new Map(items.map((item) => [item.item, item.consumer]));
  return ended.map((e) => {
    const old = before.get(e.item);
    const state = stateOf.get(redeliveryId(operationId, e.item));
    if (e.outcome !== "failed_again" || !old || !state) return e;
    // As when it was parked.
    const { mask, ...failure } = shownFailure(old.payload, map.maskingOf(old.zones), {
      errorType: state.errorType ?? "",
      errorMessage: state.errorMessage ?? "",
      errorStack: state.errorStack ?? "",
    });
    const { fingerprint } = fingerprintOf(
      { sourceId: old.sourceId, consumer: consumerOf.get(e.item)!, eventType: old.eventType, ...failure },
      mask,
    );
    const words = [failure.errorType, failure.errorMessage].filter(Boolean).join(": ").slice(0, 500) || "no reason given";
    // Fingerprints of two versions of the algorithm cannot be compared, nor words of which nobody knows any more what is masked.
    const known = old.fingerprintVersion === FINGERPRINT_VERSION && !old.removed;
    const how = old.fingerprints.includes(fingerprint) ? "Same way" : "New way";
    return { ...e, detail: `${known ? how : "Failed again"}: ${words}` };
  });
}
