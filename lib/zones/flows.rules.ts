import type { ContractMap, Obliged } from "../contracts/map.rules";
import type { Contract, Propagation } from "../contracts/rules";
import type { Abilities } from "../presets/abilities.rules";
import { type EventRow, type FlowRow, flowState, type OpenFlow, paceOf, shareOfWindow, worseFlow } from "../sources/flows.rules";
import { type SourceFigures, sourceState } from "../sources/rules";
import type { Instant } from "../time";

/** An event as a contract names it: who publishes it, and whom it obliges. */
export type Agreed = {
  zoneId: string;
  zoneTitle: string;
  windowMs: number;
  eventType: string;
  means: string | null;
  from: string;
  propagation: Propagation;
  to: Obliged[];
};

/** The events of some contracts, each with whom it obliges there. */
export function agreedOf(contracts: readonly Contract[], map: ContractMap): Agreed[] {
  return contracts.flatMap((contract) =>
    contract.semantics.events.map(({ eventType, means, from, propagation }) => ({
      zoneId: contract.zoneId,
      zoneTitle: contract.title,
      windowMs: contract.expectation.windowMs,
      eventType,
      means,
      from,
      propagation,
      to: map.obliged(from, eventType).filter(({ zoneId }) => zoneId === contract.zoneId),
    })),
  );
}

/** Where a message goes through: a consumer, or with '' the outbox of its source. */
export type Place = { sourceId: string; consumer: string };
/** An event at a place. */
export type EventAt = Place & { eventType: string };

/** The places that contracts name, with the event types that go through them. What change data capture reads is published by nobody. */
export function eventsAt(agreed: readonly Agreed[]): EventAt[] {
  const all = agreed.flatMap(({ from, eventType, propagation, to }) => [
    ...(propagation === "cdc" ? [] : [{ sourceId: from, consumer: "", eventType }]),
    ...to.map(({ sourceId, consumer }) => ({ sourceId, consumer, eventType })),
  ]);
  return [...new Map(all.map((one) => [`${one.sourceId}\n${one.consumer}\n${one.eventType}`, one])).values()];
}

type Status = {
  sourceId: string;
  service: string;
  consumers: string[];
  observedAt: Instant | null;
  error: string | null;
  figures: SourceFigures | null;
  /** Left out or null: it records all that Accord's own tables do. */
  abilities?: Abilities | null;
};
export type Count = Place & { at: Instant; n: number; lastAt: Instant };

export type Known = {
  /** Of the zones that the reader sees, all of them when `all`. */
  agreed: readonly Agreed[];
  all: boolean;
  statuses: readonly Status[];
  counts: readonly Count[];
  parked: readonly (Place & { n: number })[];
};

/** What goes through a source, worst first: a row for its outbox and for each consumer that the reader may know of. */
export function flowsOf(status: Status, known: Known, now: Instant): FlowRow[] {
  const places = placesOf(status, known);
  const rows = places.map((consumer) => rowOf(status, consumer, known, now));
  if (rows.length === 0) rows.push(noneOf(status, now));
  return rows.sort((a, b) => worseFlow(ranked(a, now), ranked(b, now)));
}

/** What a line is ordered by. */
export const ranked = (row: FlowRow, now: Instant) => ({
  state: row.state,
  waitingN: row.waitingN,
  share: shareOfWindow(row.oldestSince, row.windowMs, now),
  name: row.name,
});

function placesOf({ sourceId, consumers }: Status, { agreed, all }: Known): string[] {
  const named = eventsAt(agreed).filter((one) => one.sourceId === sourceId);
  // A consumer that no contract obliges is known to those who see all zones: else its name would tell of another's.
  return [...new Set([...named.map(({ consumer }) => consumer), ...(all ? consumers : [])])];
}

function rowOf(status: Status, consumer: string, known: Known, now: Instant): FlowRow {
  const { sourceId } = status;
  const counts = known.counts.filter((count) => count.sourceId === sourceId && count.consumer === consumer);
  const lastAt = counts.length === 0 ? null : Math.max(...counts.map((count) => count.lastAt));
  const mine = consumer === "" ? known.agreed.filter((one) => one.from === sourceId) : owedBy(known.agreed, sourceId, consumer);
  const recorded = isRecorded(status, consumer);
  const counted = isCounted(status, consumer);
  const waiting = recorded ? waitingOf(status.figures, consumer, known) : undefined;
  const producers = consumer === "" ? [] : mine.map(({ from }) => from);
  const parkedN =
    consumer === "" || status.abilities?.deadLetters === null
      ? null
      : (known.parked.find((one) => one.sourceId === sourceId && one.consumer === consumer)?.n ?? 0);
  const facts = {
    seen: isSeen(status, now),
    recorded,
    counted,
    waiting,
    lastAt,
    unpublishedSince: unpublishedSince(producers, known),
    parkedN: parkedN ?? 0,
  };
  const state = flowState(facts, now);
  const pace = paceOf(counts, now);
  return {
    kind: consumer === "" ? "outbox" : "consumer",
    name: consumer === "" ? status.service : consumer,
    state,
    waitingN: waiting === undefined ? null : (waiting?.n ?? 0),
    oldestSince: waiting?.oldest ?? null,
    windowMs: mine.length === 0 ? null : Math.min(...mine.map(({ windowMs }) => windowMs)),
    lastAt: counted ? lastAt : null,
    trend: counted ? pace.trend : [],
    // The mean of the last minutes is no rate of one that has stopped.
    perMinute: !counted ? null : state === "stopped" ? 0 : pace.perMinute,
    parkedN,
  };
}

const noneOf = (status: Status, now: Instant): FlowRow => ({
  kind: "none",
  name: status.service,
  state: isSeen(status, now) ? "idle" : "unseen",
  waitingN: null,
  oldestSince: null,
  windowMs: null,
  lastAt: null,
  perMinute: 0,
  trend: [],
  parkedN: null,
});

/** Whether a source keeps what its outbox has published, or what a consumer has processed. */
const isRecorded = ({ abilities }: Status, consumer: string): boolean =>
  !abilities || (consumer === "" ? (abilities.outbox?.published ?? false) : abilities.inbox !== null);

/** Whether all of it is seen: jobs that are gone when they are done were perhaps never seen waiting. */
const isCounted = ({ abilities }: Pick<Status, "abilities">, consumer: string): boolean =>
  consumer !== "" || abilities?.outbox?.counted !== false;

const isSeen = (status: Status, now: Instant): boolean => sourceState(status, now) === "live";

/** The events that oblige a consumer. */
export const owedBy = (agreed: readonly Agreed[], sourceId: string, consumer: string): Agreed[] =>
  agreed.filter(({ to }) => to.some((one) => one.sourceId === sourceId && one.consumer === consumer));

/** What waits at a place in the zones that the reader sees; undefined while it was not counted. */
function waitingOf(
  figures: SourceFigures | null,
  consumer: string,
  { agreed, all }: Known,
): { n: number; oldest: Instant; newest: Instant } | null | undefined {
  if (!figures?.flows) return undefined;
  const zones = new Set(agreed.map(({ zoneId }) => zoneId));
  const mine = figures.flows.filter((flow) => flow.consumer === consumer && (all || flow.zones.some((zone) => zones.has(zone))));
  return mine.length === 0 ? null : sumOf(mine);
}

const sumOf = (flows: readonly OpenFlow[]) => ({
  n: flows.reduce((sum, flow) => sum + flow.n, 0),
  oldest: Math.min(...flows.map((flow) => flow.oldest)),
  newest: Math.max(...flows.map((flow) => flow.newest)),
});

function unpublishedSince(producers: readonly string[], { statuses }: Known): Instant | null {
  const waiting = statuses
    .filter(({ sourceId }) => producers.includes(sourceId))
    .flatMap(({ figures }) => (figures?.flows ?? []).filter(({ reason }) => reason === "unpublished"));
  return waiting.length === 0 ? null : Math.min(...waiting.map(({ oldest }) => oldest));
}

export type EventCount = { consumer: string; eventType: string; n: number; lastAt: Instant };

const counted = (counts: readonly EventCount[], consumer: string, eventType: string) => {
  const found = counts.find((count) => count.consumer === consumer && count.eventType === eventType);
  return { n: found?.n ?? 0, lastAt: found?.lastAt ?? null };
};

/** What a source publishes, by zone. */
export function publishedOf(
  status: Pick<Status, "sourceId" | "abilities">,
  agreed: readonly Agreed[],
  counts: readonly EventCount[],
): EventRow[] {
  const { sourceId } = status;
  const of = (eventType: string) => (isCounted(status, "") ? counted(counts, "", eventType) : { n: null, lastAt: null });
  return agreed
    .filter(({ from }) => from === sourceId)
    .map((one) => ({
      ...aboutOf(one),
      consumer: "",
      others: one.to.map(({ consumer }) => consumer),
      ...of(one.eventType),
    }));
}

/** What the consumers of a source process, by zone. A producer that the reader may not know of is left out with its zone. */
export function consumedOf(
  sourceId: string,
  agreed: readonly Agreed[],
  counts: readonly EventCount[],
  services: ReadonlyMap<string, string>,
): EventRow[] {
  return agreed.flatMap((one) =>
    one.to
      .filter((to) => to.sourceId === sourceId)
      .map(({ consumer }) => ({
        ...aboutOf(one),
        consumer,
        others: [services.get(one.from) ?? one.from],
        ...counted(counts, consumer, one.eventType),
      })),
  );
}

const aboutOf = ({ zoneId, zoneTitle, eventType, means, propagation }: Agreed) => ({
  zoneId,
  zoneTitle,
  eventType,
  means,
  propagation,
});
