import type { Contract } from "../contracts/rules";
import { type RunbookRequest, sagaRunbookRequest } from "../contracts/runbooks.rules";
import { kinds } from "../facts/rules";
import type { Instant } from "../time";
import { type Known, rankedOf } from "./ranked-words";
import type { Told } from "./told-words";

type Place = { sourceId: string; consumers: readonly string[] };

/** What a zone's roots ask of its runbooks, and what is silent. */
export function runbookRequests(contract: Contract, zone: Told, places: readonly Place[], now: Instant): RunbookRequest[] {
  const roots = rankedOf(zone, now).filter(({ follows }) => follows === null);
  return [
    ...roots.map((root) => requestOf(contract, root, places)),
    ...zone.judgement.silent.map(({ sourceId }): RunbookRequest => ({ causes: ["silence"], kinds: [], at: [sourceId] })),
  ];
}

function requestOf(contract: Contract, root: Known, places: readonly Place[]): RunbookRequest {
  const sourcesOf = (consumers: readonly string[]) =>
    places.filter((place) => place.consumers.some((consumer) => consumers.includes(consumer))).map(({ sourceId }) => sourceId);
  switch (root.kind) {
    case "parked": {
      const { consumer, eventType, errorType } = root.one;
      return { causes: ["parked"], kinds: [eventType, errorType], at: [consumer, ...sourcesOf([consumer])] };
    }
    case "saga":
      return sagaRunbookRequest(contract, { ...root.one, failed: root.one.failedN > 0 || root.one.lateN > 0 });
    case "waiting": {
      const { reason, consumer, sourceId, eventTypes } = root.one;
      return { causes: [reason], kinds: eventTypes, at: [sourceId, consumer] };
    }
    // What never came is missing at its projections.
    case "missed": {
      const { consumers, eventTypes, sourceId } = root.one;
      return {
        causes: ["undelivered", "divergence"],
        kinds: ["missing", ...eventTypes],
        at: [sourceId, ...consumers, ...sourcesOf(consumers)],
      };
    }
    case "divergence": {
      const rule = contract.recovery.reconciliation.find((one) => one.rule === root.one.rule);
      return {
        causes: ["divergence"],
        kinds: kinds.filter((kind) => root.one.byKind[kind] > 0),
        at: rule ? [rule.projection.sourceId, rule.authority.sourceId] : [],
      };
    }
  }
}
