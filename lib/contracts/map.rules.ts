import { payloadSchemas } from "./acts.rules";
import { type Contract, contractOfSaga, type PayloadSchema, type SourceConfig, takeWithinMs } from "./rules";

export type Obliged = { zoneId: string; consumer: string; sourceId: string };

/** What the contracts say about rows of a source: which zones they stand in, whom they oblige, whose clock stamped them. */
export type ContractMap = {
  zonesOfSource(sourceId: string): string[];
  zonesOfEvent(sourceId: string, eventType: string): string[];
  /** Of these the zones in which the producer marks what it has published; change data capture marks nothing, and the inbox alone judges. */
  zonesOfRelay(sourceId: string, eventType: string): string[];
  obliged(sourceId: string, eventType: string): Obliged[];
  /** Zones that oblige this consumer to process this event; else those that name the event at all; none is "no contract". */
  zonesOfConsumed(consumer: string, eventType: string): string[];
  /** The schema versions that contracts give this event; none: they do not say. */
  schemasOf(sourceId: string, eventType: string): number[];
  /** The source whose consumer this is, as configured; null when none names it. */
  ownerOf(consumer: string): string | null;
  isObliged(consumer: string, eventType: string): boolean;
  producerOf(consumer: string, eventType: string): string | null;
  /** Paths that the contracts of these zones mask. */
  maskingOf(zoneIds: readonly string[]): string[];
  /** The schemas that contracts of these zones name for an event's payload. */
  payloadSchemasOf(zoneIds: readonly string[], eventType: string): PayloadSchema[];
  /** After how long a message that nobody has taken is told as such; the zone that waits least counts. */
  takeWithinMs(zoneIds: readonly string[]): number;
  /** The window of a zone's promise; null when no contract names the zone. */
  windowMs(zoneId: string): number | null;
  zoneOfSaga(sagaType: string): string;
  /** How long a saga may take; null when no contract names its type. */
  sagaDeadlineMs(sagaType: string): number | null;
  /** How long a compensation may take; null when the contract does not say. */
  compensationWithinMs(sagaType: string, compensation: string): number | null;
};

/** Who must process an event: whom the contract names, and the producer itself where it reads its own events. */
function readersOf(
  { from, to, propagation }: Contract["semantics"]["events"][number],
  sources: readonly Pick<SourceConfig, "sourceId" | "consumers">[],
): string[] {
  if (propagation !== "self-read") return to;
  const own = sources.find((source) => source.sourceId === from)?.consumers.slice(0, 1) ?? [];
  return [...new Set([...to, ...own])];
}

/** `abilities` left out: it records all that Accord's own tables do. */
type MappedSource = Pick<SourceConfig, "sourceId" | "consumers"> & { abilities?: SourceConfig["abilities"] | null };

/** Builds the map once per configuration; every look asks it row by row. */
export function contractMap(contracts: readonly Contract[], sources: readonly MappedSource[]): ContractMap {
  const recording = new Map(sources.map(({ sourceId, abilities }) => [sourceId, abilities?.inbox !== null]));
  const unmarked = new Set(
    sources.flatMap(({ sourceId, abilities }) => (abilities?.outbox?.published === false ? [sourceId] : [])),
  );
  const sourceOfConsumer = new Map(
    sources.flatMap((source) => source.consumers.map((consumer) => [consumer, source.sourceId] as const)),
  );
  const byEvent = new Map<string, Obliged[]>();
  const zonesByEvent = new Map<string, Set<string>>();
  const zonesByRelay = new Map<string, Set<string>>();
  const zonesByConsumed = new Map<string, Set<string>>();
  const zonesByType = new Map<string, Set<string>>();
  const producers = new Map<string, string>();
  const zonesBySource = new Map<string, Set<string>>();
  const schemas = new Map<string, number[]>();
  const windows = new Map(contracts.map(({ zoneId, expectation }) => [zoneId, expectation.windowMs]));
  const put = (map: Map<string, Set<string>>, key: string, zoneId: string) =>
    map.set(key, (map.get(key) ?? new Set()).add(zoneId));

  for (const contract of contracts) {
    for (const event of contract.semantics.events) {
      const key = `${event.from}\n${event.eventType}`;
      put(zonesByEvent, key, contract.zoneId);
      if (event.propagation !== "cdc" && !unmarked.has(event.from)) put(zonesByRelay, key, contract.zoneId);
      if (event.schema !== null) schemas.set(key, [...(schemas.get(key) ?? []), event.schema]);
      put(zonesByType, event.eventType, contract.zoneId);
      put(zonesBySource, event.from, contract.zoneId);
      for (const consumer of readersOf(event, sources)) {
        const sourceId = sourceOfConsumer.get(consumer);
        if (sourceId === undefined) continue;
        // What its source never records nobody can wait for: it would be undelivered for ever.
        if (recording.get(sourceId))
          byEvent.set(key, [...(byEvent.get(key) ?? []), { zoneId: contract.zoneId, consumer, sourceId }]);
        put(zonesByConsumed, `${consumer}\n${event.eventType}`, contract.zoneId);
        put(zonesBySource, sourceId, contract.zoneId);
        producers.set(`${consumer}\n${event.eventType}`, event.from);
      }
    }
    for (const { authority } of contract.facts) put(zonesBySource, authority, contract.zoneId);
    for (const { authority, projection } of contract.recovery.reconciliation)
      for (const { sourceId } of [authority, projection]) put(zonesBySource, sourceId, contract.zoneId);
  }
  const list = (set: Set<string> | undefined): string[] => [...(set ?? [])].sort();
  return {
    // Sagas may live in any source, and their zone's rows are locked with the rest.
    zonesOfSource: (sourceId) => list(zonesBySource.get(sourceId)),
    zonesOfEvent: (sourceId, eventType) => list(zonesByEvent.get(`${sourceId}\n${eventType}`)),
    zonesOfRelay: (sourceId, eventType) => list(zonesByRelay.get(`${sourceId}\n${eventType}`)),
    obliged: (sourceId, eventType) => byEvent.get(`${sourceId}\n${eventType}`) ?? [],
    zonesOfConsumed: (consumer, eventType) =>
      list(zonesByConsumed.get(`${consumer}\n${eventType}`) ?? zonesByType.get(eventType)),
    schemasOf: (sourceId, eventType) => schemas.get(`${sourceId}\n${eventType}`) ?? [],
    ownerOf: (consumer) => sourceOfConsumer.get(consumer) ?? null,
    isObliged: (consumer, eventType) => zonesByConsumed.has(`${consumer}\n${eventType}`),
    producerOf: (consumer, eventType) => producers.get(`${consumer}\n${eventType}`) ?? null,
    maskingOf: (zoneIds) =>
      contracts.filter((contract) => zoneIds.includes(contract.zoneId)).flatMap((contract) => contract.masking),
    payloadSchemasOf: (zoneIds, eventType) => payloadSchemas(contracts, zoneIds, eventType),
    takeWithinMs: (zoneIds) => takeWithinMs(contracts, zoneIds),
    windowMs: (zoneId) => windows.get(zoneId) ?? null,
    zoneOfSaga: (sagaType) => contractOfSaga(contracts, sagaType)?.zoneId ?? "",
    sagaDeadlineMs: (sagaType) =>
      contractOfSaga(contracts, sagaType)?.recovery.sagas.find((saga) => saga.sagaType === sagaType)?.deadlineMs ?? null,
    compensationWithinMs: (sagaType, compensation) =>
      contractOfSaga(contracts, sagaType)
        ?.recovery.sagas.find((saga) => saga.sagaType === sagaType)
        ?.steps.find((step) => step.compensation === compensation)?.withinMs ?? null,
  };
}
