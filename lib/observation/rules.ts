import { type Contract, contractOfSaga, type SourceConfig } from "../contracts/rules";
import { days, type Instant, seconds } from "../time";

export const limits = {
  /** Below this a measured clock offset is the round trip, not the clock; correcting by it would only add noise. */
  clockOffsetMsMin: 250,
  /** A time further ahead than this is no time. */
  futureMsMax: seconds(5),
  /** Older than this no message is: an epoch of zero, a default, a typo. */
  pastMsMax: days(3_650),
  /** A service's time that is off its database's clock by more than this was read from another clock. */
  timesOffMsMin: seconds(1),
  /** Further off is no clock: a date in the future, a typo. */
  timesOffMsMax: days(1),
  /** Rows a look reads of each kind; a page of dead letters holds at most 1,000 payloads of what Accord keeps. */
  pageSize: 1_000,
  /** Pages that one beat reads of a source before others have their turn. */
  pagesPerBeat: 8,
  lookBackoffMsMax: seconds(10),
  leaseMs: seconds(6),
  /** An inbox row waits this long for its outbox row. */
  tombstoneMs: 900_000,
  recheckPageSize: 1_000,
} as const;

/** Where an age counts from, on the store's clock. Null, absurd and future times count from when they were first seen, and are flagged. */
export function sinceOf(at: Instant | null, clockOffsetMs: number, now: Instant): { since: Instant; flagged: boolean } {
  if (at === null || !Number.isFinite(at)) return { since: now, flagged: true };
  const corrected = at - correction(clockOffsetMs);
  if (corrected > now + limits.futureMsMax || corrected < now - limits.pastMsMax) return { since: now, flagged: true };
  return { since: Math.min(corrected, now), flagged: false };
}

/**
 * A source's clock minus the store's. The source read its clock somewhere between two readings of the store's, which bounds the offset;
 * within the bounds the last estimate stands, so that a slow answer is no change of a clock.
 */
export function clockOffset(last: number | null, store: { before: Instant; after: Instant }, sourceNow: Instant): number {
  return Math.min(Math.max(last ?? 0, sourceNow - store.after), sourceNow - store.before);
}

/** What is taken off a source's times, given its clock minus the store's. */
export function correction(clockOffsetMs: number): number {
  return Math.abs(clockOffsetMs) >= limits.clockOffsetMsMin ? clockOffsetMs : 0;
}

/** A time with the offset of the clock that it was read from. */
export type Read = { at: Instant | null; offsetMs: number };

/** A lag that can be counted: both times known, neither of them yet to come, and in their order but for what clocks differ by anyway; never below zero. Null when it cannot. */
export function lagOf(from: Read, to: Read, now: Instant): number | null {
  if (from.at === null || to.at === null || !Number.isFinite(from.at) || !Number.isFinite(to.at)) return null;
  const [began, ended] = [from, to].map(({ at, offsetMs }) => at! - correction(offsetMs)) as [Instant, Instant];
  if (Math.max(began, ended) > now + limits.futureMsMax) return null;
  const lag = ended - began;
  return lag > limits.pastMsMax || lag < -limits.futureMsMax ? null : Math.max(0, lag);
}

/** How long to wait after failed looks: 1, 2, 4, 8 s, then 10. */
export function backoffMs(failures: number): number {
  return Math.min(limits.lookBackoffMsMax, 1_000 * 2 ** Math.max(0, failures - 1));
}

/** Why a source could not be read, in words; an address or a password never gets in. */
export function failureWords(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  switch (code) {
    case "ECONNREFUSED":
      return "The database refuses connections.";
    case "ENOTFOUND":
      return "The database's host name is not known.";
    case "28P01":
    case "28000":
      return "The database does not accept the observer's name or password.";
    case "3D000":
      return "The database does not exist.";
    case "55000":
    case "57P03":
      return "The database is not accepting connections.";
    case "57P01":
    case "57P02":
      return "The database closed the connection.";
    case "53300":
      return "The database has no connection left.";
    case "42P01":
    case "3F000":
      return "The native tables are missing: run npm run source:install for this source.";
    case "42703":
      return `The native tables lack a column (${message ?? ""}): run npm run source:install again.`;
    case "42501":
      return "The observer may not read the native tables: run npm run source:install again.";
    case "57014":
      return "A look took longer than 5 s and was given up.";
    default:
      return /timeout|terminated|ECONNRESET|EPIPE|closed/i.test(message ?? "")
        ? "The database did not answer in time."
        : `The look failed: ${(message ?? String(error)).replace(/postgres(ql)?:\/\/\S+/g, "…").slice(0, 300)}`;
  }
}

export type Obliged = { zoneId: string; consumer: string; sourceId: string };
/** What the contracts say about rows of a source: which zones they stand in, whom they oblige, whose clock stamped them. */
export type ContractMap = {
  zonesOfSource(sourceId: string): string[];
  zonesOfEvent(sourceId: string, eventType: string): string[];
  obliged(sourceId: string, eventType: string): Obliged[];
  /** Zones that oblige this consumer to process this event; else those that name the event at all; none is "no contract". */
  zonesOfConsumed(consumer: string, eventType: string): string[];
  /** The schema versions that contracts give this event; none: they do not say. */
  schemasOf(sourceId: string, eventType: string): number[];
  isObliged(consumer: string, eventType: string): boolean;
  producerOf(consumer: string, eventType: string): string | null;
  /** Paths that the contracts of these zones mask. */
  maskingOf(zoneIds: readonly string[]): string[];
  zoneOfSaga(sagaType: string): string;
  /** How long a compensation may take; null when the contract does not say. */
  compensationWithinMs(sagaType: string, compensation: string): number | null;
};

/** Builds the map once per configuration; every look asks it row by row. */
export function contractMap(
  contracts: readonly Contract[],
  sources: readonly Pick<SourceConfig, "sourceId" | "consumers">[],
): ContractMap {
  const sourceOfConsumer = new Map(
    sources.flatMap((source) => source.consumers.map((consumer) => [consumer, source.sourceId] as const)),
  );
  const byEvent = new Map<string, Obliged[]>();
  const zonesByEvent = new Map<string, Set<string>>();
  const zonesByConsumed = new Map<string, Set<string>>();
  const zonesByType = new Map<string, Set<string>>();
  const producers = new Map<string, string>();
  const zonesBySource = new Map<string, Set<string>>();
  const schemas = new Map<string, number[]>();
  const put = (map: Map<string, Set<string>>, key: string, zoneId: string) =>
    map.set(key, (map.get(key) ?? new Set()).add(zoneId));

  for (const contract of contracts) {
    for (const event of contract.semantics.events) {
      const key = `${event.from}\n${event.eventType}`;
      put(zonesByEvent, key, contract.zoneId);
      if (event.schema !== null) schemas.set(key, [...(schemas.get(key) ?? []), event.schema]);
      put(zonesByType, event.eventType, contract.zoneId);
      put(zonesBySource, event.from, contract.zoneId);
      for (const consumer of event.to) {
        const sourceId = sourceOfConsumer.get(consumer);
        if (sourceId === undefined) continue;
        byEvent.set(key, [...(byEvent.get(key) ?? []), { zoneId: contract.zoneId, consumer, sourceId }]);
        put(zonesByConsumed, `${consumer}\n${event.eventType}`, contract.zoneId);
        put(zonesBySource, sourceId, contract.zoneId);
        producers.set(`${consumer}\n${event.eventType}`, event.from);
      }
    }
    for (const { authority } of contract.facts) put(zonesBySource, authority, contract.zoneId);
  }
  const list = (set: Set<string> | undefined): string[] => [...(set ?? [])].sort();
  return {
    // Sagas may live in any source, and their zone's rows are locked with the rest.
    zonesOfSource: (sourceId) => list(zonesBySource.get(sourceId)),
    zonesOfEvent: (sourceId, eventType) => list(zonesByEvent.get(`${sourceId}\n${eventType}`)),
    obliged: (sourceId, eventType) => byEvent.get(`${sourceId}\n${eventType}`) ?? [],
    zonesOfConsumed: (consumer, eventType) =>
      list(zonesByConsumed.get(`${consumer}\n${eventType}`) ?? zonesByType.get(eventType)),
    schemasOf: (sourceId, eventType) => schemas.get(`${sourceId}\n${eventType}`) ?? [],
    isObliged: (consumer, eventType) => zonesByConsumed.has(`${consumer}\n${eventType}`),
    producerOf: (consumer, eventType) => producers.get(`${consumer}\n${eventType}`) ?? null,
    maskingOf: (zoneIds) =>
      contracts.filter((contract) => zoneIds.includes(contract.zoneId)).flatMap((contract) => contract.masking),
    zoneOfSaga: (sagaType) => contractOfSaga(contracts, sagaType)?.zoneId ?? "",
    compensationWithinMs: (sagaType, compensation) =>
      contractOfSaga(contracts, sagaType)
        ?.recovery.sagas.find((saga) => saga.sagaType === sagaType)
        ?.steps.find((step) => step.compensation === compensation)?.withinMs ?? null,
  };
}
