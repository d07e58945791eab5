import type { Contract } from "../contracts/rules";
import type { Db } from "../db/pool";
import type { Instant } from "../time";
import type { MissedCause, WaitingCause } from "./rules";
import { selectHeldLacks, selectMissed } from "./upstream.sql";

type InZone<T> = T & { zoneId: string };

/**
 * What several consumers went past without is one cause, named by its producer: none of them can have lost it. What remains are consumers
 * that stand still or fall behind, and what is held or unpublished, the held with what it lacks.
 */
export async function withUpstream(
  db: Db,
  contracts: readonly Contract[],
  waiting: readonly InZone<WaitingCause>[],
  beforeOf: (zoneId: string) => Instant,
): Promise<{ waiting: InZone<WaitingCause>[]; missed: InZone<MissedCause>[] }> {
  const passed = waiting.filter(({ throughput }) => throughput?.state === "passed_over");
  const rest = waiting.filter((one) => !passed.includes(one));
  const asked = contracts.flatMap(({ zoneId, semantics }) => {
    const consumers = passed.filter((one) => one.zoneId === zoneId).map(({ consumer }) => consumer);
    if (consumers.length === 0) return [];
    return [...new Set(semantics.events.map(({ from }) => from))].map((from) => ({
      zoneId,
      from,
      consumers,
      eventTypes: semantics.events.filter((event) => event.from === from).map(({ eventType }) => eventType),
      before: beforeOf(zoneId),
    }));
  });
  const [found, lacks] = await Promise.all([
    Promise.all(asked.map((one) => selectMissed(db, one))),
    selectHeldLacks(
      db,
      rest.filter(({ reason }) => reason === "held"),
    ),
  ]);
  const missed = found.flatMap((one, i) => (one ? [{ ...one, zoneId: asked[i]!.zoneId, sourceId: asked[i]!.from }] : []));
  const lacksOf = ({ zoneId, consumer }: InZone<WaitingCause>) =>
    lacks.find((one) => one.zoneId === zoneId && one.consumer === consumer)?.lacks ?? null;
  return { waiting: rest.map((one) => (one.reason === "held" ? { ...one, lacks: lacksOf(one) } : one)), missed };
}
