import type { Abilities } from "../presets/abilities.rules";
import type { Contract } from "./rules";

/** What tells that an event reached a consumer: its inbox · the queue that both share, which it leaves when it is done · rules that compare both sides. */
export type Watch = { kind: "inbox" } | { kind: "queue" } | { kind: "rules"; rules: string[] };
export type WatchedDelivery = { eventType: string; from: string; consumer: string; by: Watch | null };

export type WatchSource = { sourceId: string; consumers: readonly string[]; abilities: Abilities | null };

/** For each event and each consumer that it obliges, what would show that it did not get through; null: nothing would. */
export function watchedDeliveries(contract: Contract, sources: readonly WatchSource[]): WatchedDelivery[] {
  return contract.semantics.events.flatMap((event) =>
    event.to.map((consumer) => {
      const at = sources.find(({ consumers }) => consumers.includes(consumer));
      const from = sources.find(({ sourceId }) => sourceId === event.from);
      return { eventType: event.eventType, from: event.from, consumer, by: watchOf(contract, from, at) };
    }),
  );
}

function watchOf(contract: Contract, from: WatchSource | undefined, at: WatchSource | undefined): Watch | null {
  if (!from || !at) return null;
  // Abilities are unknown only until configuration is applied anew; before that every source had tables of Accord's own.
  const records = (source: WatchSource, kind: "outbox" | "inbox") => source.abilities === null || source.abilities[kind] !== null;
  if (records(from, "outbox") && records(at, "inbox")) return { kind: "inbox" };
  if (from === at && from.abilities?.outbox?.published) return { kind: "queue" };
  const rules = contract.recovery.reconciliation
    .filter(({ authority, projection }) => authority.sourceId === from.sourceId && projection.sourceId === at.sourceId)
    .map(({ rule }) => rule);
  return rules.length > 0 ? { kind: "rules", rules } : null;
}
