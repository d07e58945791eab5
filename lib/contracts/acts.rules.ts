import type { Contract, PayloadSchema } from "./rules";

/** How many messages may be retried without a second person in these zones; null where no contract says. The strictest counts. */
export function retryAbove(contracts: readonly Contract[], zones: readonly string[]): number | null {
  const most = contracts
    .filter((contract) => zones.includes(contract.zoneId))
    .map((contract) => contract.recovery.approvals.retryAbove);
  return most.length === 0 ? null : Math.min(...most);
}

/**
 * How many more messages may be retried without a second person in these zones, by somebody who has retried so many in each within the
 * hour; null where no contract says. The strictest counts: several small retries are one large one.
 */
export function retryLeft(
  contracts: readonly Contract[],
  zones: readonly string[],
  retried: ReadonlyMap<string, number>,
): number | null {
  const left = contracts
    .filter(({ zoneId }) => zones.includes(zoneId))
    .map(({ zoneId, recovery }) => Math.max(0, recovery.approvals.retryAbove - (retried.get(zoneId) ?? 0)));
  return left.length === 0 ? null : Math.min(...left);
}

/** Every consumer that the contracts oblige to read events of these types. */
export function othersObliged(contracts: readonly Contract[], eventTypes: readonly string[]): string[] {
  const types = new Set(eventTypes);
  const events = contracts.flatMap((contract) => contract.semantics.events).filter((event) => types.has(event.eventType));
  return [...new Set(events.flatMap((event) => event.to))].sort();
}

/** The schemas that contracts of these zones name for an event's payload. */
export const payloadSchemas = (contracts: readonly Contract[], zones: readonly string[], eventType: string): PayloadSchema[] =>
  contracts
    .filter(({ zoneId }) => zones.includes(zoneId))
    .flatMap(({ semantics }) => semantics.events)
    .flatMap((event) => (event.eventType === eventType && event.payloadSchema !== undefined ? [event.payloadSchema] : []));
