import type { Contract } from "../contracts/rules";
import type { Db } from "../db/pool";
import type { Instant } from "../time";
import type { MissedCause, ParkedCause, ProducerChange, WaitingCause } from "./rules";
import { type Origin, selectHeldLacks, selectMissed, selectOrigins } from "./upstream.sql";

type InZone<T> = T & { zoneId: string };
type Service = { sourceId: string; service: string };

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

/** Says of failures that no deploy of their consumer explains whether they began with their producer. */
export async function withProducers<P extends InZone<ParkedCause>>(
  db: Db,
  contracts: readonly Contract[],
  sources: readonly Service[],
  parked: readonly P[],
): Promise<P[]> {
  const asked = parked.flatMap((one) => {
    if (one.deploy) return [];
    const event = contracts
      .find(({ zoneId }) => zoneId === one.zoneId)
      ?.semantics.events.find(({ eventType }) => eventType === one.eventType);
    const producer = sources.find(({ sourceId }) => sourceId === event?.from);
    if (!event || !producer) return [];
    const { sourceId, service } = producer;
    return [
      { one, known: event.schema === null ? [] : [event.schema], groupId: one.groupId, sourceId, service, began: one.firstAt },
    ];
  });
  const origins = await selectOrigins(db, asked);
  return parked.map((one) => {
    const of = asked.find((each) => each.one === one);
    const origin = of && origins.find(({ groupId }) => groupId === of.groupId);
    return { ...one, producer: of && origin ? changeOf(of, origin) : null };
  });
}

/** What a producer changed, where all of a sample tell of it: a deploy is to blame only for what it sent. */
export function changeOf(
  { sourceId, known }: { sourceId: string; known: readonly number[] },
  { schemas, versions, deploy }: Pick<Origin, "schemas" | "versions" | "deploy">,
): ProducerChange | null {
  const [version] = schemas;
  const strange = schemas.length === 1 && version != null && known.length > 0 && !known.includes(version);
  const sentByIt = deploy !== null && versions.length === 1 && versions[0] === deploy.version;
  if (!strange && !sentByIt) return null;
  return { sourceId, deploy: sentByIt ? deploy : null, schema: strange ? { version, known: [...known] } : null };
}
