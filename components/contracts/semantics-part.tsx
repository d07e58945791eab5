import type { ReactNode } from "react";
import { Facts } from "@/components/ui/panel";
import { Table, Td, Th } from "@/components/ui/table";
import type { Contract } from "@/lib/contracts/rules";
import type { WatchedDelivery } from "@/lib/contracts/watched.rules";
import { List, Part } from "./part";
import { orderingWords, propagationWords, watchedWords } from "./words";

const cell = "align-top py-2 text-12";

/** Part 3: what each event means, and whom it obliges. */
export function SemanticsPart({ contract, watched }: { contract: Contract; watched: readonly WatchedDelivery[] }) {
  const { events, states } = contract.semantics;
  return (
    <Part title="Semantics" note={`order ${orderingWords(contract)}; by ${propagationWords(contract.semantics.propagation)}`}>
      <Table label="Events of the contract" className="min-w-140">
        <thead>
          <tr>
            <Th>Event</Th>
            <Th>From</Th>
            <Th>Obliges</Th>
            <Th>Watched by</Th>
            <Th>Means</Th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={`${event.from}${event.eventType}`}>
              <Td className={cell}>
                <span className="mono">{event.eventType}</span>
                {event.schema !== null && <span className="text-ink-3"> v{event.schema}</span>}
                {event.schemaRef !== undefined && <span className="block text-12 text-ink-3">{event.schemaRef}</span>}
              </Td>
              <Td className={`${cell} mono`}>{event.from}</Td>
              <Td className={`${cell} mono`}>{event.to.length === 0 ? "nobody" : event.to.join(", ")}</Td>
              <Td className={cell}>
                <WatchedBy
                  deliveries={watched.filter(({ eventType, from }) => eventType === event.eventType && from === event.from)}
                />
              </Td>
              <Td className={`${cell} min-w-48 text-ink-2`}>
                {event.means ?? "not written down"}
                {event.derivedFrom.length > 0 && (
                  <span className="block text-ink-3">Only after {event.derivedFrom.join(" and ")}</span>
                )}
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
      {Object.keys(states).length > 0 && (
        <div className="border-t px-3.5 py-3">
          <Facts
            rows={Object.entries(states).map(([thing, transitions]): [string, ReactNode] => [
              `States of ${thing}`,
              <List
                key={thing}
                items={Object.entries(transitions).map(([from, to]) =>
                  to.length === 0 ? `${from}, the end` : `${from} to ${to.join(" or ")}`,
                )}
              />,
            ])}
          />
        </div>
      )}
    </Part>
  );
}

/** What would show that a delivery did not get through, said once where it is the same for all. */
function WatchedBy({ deliveries }: { deliveries: readonly WatchedDelivery[] }) {
  return watchedWords(deliveries).map(({ text, nothing }) => (
    <span key={text} className={nothing ? "block font-medium text-risk" : "block text-ink-2"}>
      {text}
    </span>
  ));
}
