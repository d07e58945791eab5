import type { Finding } from "./finding.rules";
import type { Contract } from "./rules";

type Said<T> = { contract: number; value: T };

/** What contracts say against each other: two zones of one name, two authorities, two owners of a saga type, one event name for two things. */
export function lintAcross(contracts: readonly Contract[]): Finding[] {
  return [...sameZone(contracts), ...twoAuthorities(contracts), ...sharedSagas(contracts), ...overloadedEvents(contracts)];
}

function sameZone(contracts: readonly Contract[]): Finding[] {
  return contracts.flatMap(({ zoneId }, i) =>
    contracts.findIndex((other) => other.zoneId === zoneId) === i
      ? []
      : [
          {
            contract: i,
            path: ["zone"],
            severity: "error" as const,
            message: `Expected one contract for the zone "${zoneId}", found a second one.`,
          },
        ],
  );
}

function twoAuthorities(contracts: readonly Contract[]): Finding[] {
  const first = new Map<string, Said<string>>();
  return contracts.flatMap(({ facts }, i) =>
    facts.flatMap(({ fact, authority }, n): Finding[] => {
      const said = first.get(fact);
      if (!said) first.set(fact, { contract: i, value: authority });
      if (!said || said.value === authority) return [];
      const where = said.contract === i ? "" : ` in the zone ${contracts[said.contract]!.zoneId}`;
      const message = `Expected one authority for the fact "${fact}", found ${authority} beside ${said.value}${where}.`;
      return [{ contract: i, path: ["facts", n, "authority"], message, severity: "error" }];
    }),
  );
}

function sharedSagas(contracts: readonly Contract[]): Finding[] {
  const first = new Map<string, number>();
  return contracts.flatMap(({ recovery }, i) =>
    recovery.sagas.flatMap(({ sagaType }): Finding[] => {
      const owner = first.get(sagaType);
      if (owner === undefined) first.set(sagaType, i);
      if (owner === undefined || owner === i) return [];
      const message = `Expected the saga type "${sagaType}" in one contract, found it also in the zone ${contracts[owner]!.zoneId}.`;
      return [{ contract: i, path: ["recovery", "sagas", sagaType], message, severity: "error" }];
    }),
  );
}

function overloadedEvents(contracts: readonly Contract[]): Finding[] {
  const first = new Map<string, Said<{ from: string; means: string | null }>>();
  return contracts.flatMap(({ semantics }, i) =>
    semantics.events.flatMap(({ eventType, from, means }): Finding[] => {
      const said = first.get(eventType);
      if (!said) first.set(eventType, { contract: i, value: { from, means } });
      if (!said || (said.value.from === from && (said.value.means === means || means === null || said.value.means === null)))
        return [];
      const how = said.value.from === from ? "means something else" : `comes from ${said.value.from}`;
      const message = `${eventType} ${how} in the zone ${contracts[said.contract]!.zoneId}: one name for two things.`;
      return [{ contract: i, path: ["semantics", "events", eventType], message, severity: "warning" }];
    }),
  );
}
