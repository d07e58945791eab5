import type { ContractMap } from "../contracts/map.rules";
import type { SourceStatus } from "../sources/read.sql";
import { type RecentCount, timesOff } from "../sources/rules";
import { hours, type Instant, minutes, seconds } from "../time";
import type { Anomaly, AnomalyCounts } from "./rules";

const limits = {
  /** A duplicate that had an effect, and a schema that no contract knows, are news for so long. */
  newsMs: hours(1),
  /** What does no harm is anomalous while it goes on, and when it is more than this share: some of it is everyday. */
  habitMs: minutes(15),
  share: 0.05,
  fewestN: 5,
  clockMs: seconds(1),
} as const;

/** How far back the counts go that a zone calls anomalous: what is news, and what is a habit. */
export const anomalySpans = { newsMs: limits.newsMs, habitMs: limits.habitMs };

type Known = {
  /** What was counted in each of the spans. */
  news: readonly RecentCount[];
  habits: readonly RecentCount[];
  sources: readonly SourceStatus[];
  map: ContractMap;
  /** Consumers to which something is being redelivered: what they find old or done before is that operation's to tell. */
  retrying: readonly string[];
  now: Instant;
};
type Measure = RecentCount["measure"];

/** What there is anomalous in a zone, the worst first: copies with an effect, unknown schemas, wrong clocks, then what is only more than usual. */
export function anomaliesOf(zoneId: string, { news, habits, sources, map, retrying, now }: Known): Anomaly[] {
  const recent = ownCounts(zoneId, news, map);
  const lately = ownCounts(zoneId, habits, map);
  const byItself = lately.filter(({ consumer }) => !retrying.includes(consumer));
  return [
    ...effectsOf(only(recent, "semantic_duplicate")),
    ...lostOf(only(recent, "lost")),
    ...schemasOf(only(recent, "unknown_schema"), map),
    ...timesOf(only(lately, "misdated"), sources, now),
    ...sources
      .filter(
        (status) => Math.abs(status.clockOffsetMs ?? 0) > limits.clockMs && map.zonesOfSource(status.sourceId).includes(zoneId),
      )
      .map((status): Anomaly => ({ kind: "clock", sourceId: status.sourceId, offMs: status.clockOffsetMs! })),
    ...unusual("duplicates", without(byItself, "duplicate_dropped", "duplicate_retried"), lately),
    ...unusual("stale", without(byItself, "stale", "stale_retried"), lately),
  ];
}

/** The zone's counts of copies and of order, whether or not they are worth a mention. */
export function anomalyCountsOf(zoneId: string, { news, map }: Known): AnomalyCounts {
  const counts = ownCounts(zoneId, news, map);
  const n = (measure: Measure) => sumOf(only(counts, measure));
  return {
    duplicatesDropped: n("duplicate_dropped"),
    duplicatesApplied: n("semantic_duplicate"),
    staleSkipped: n("stale"),
    staleRetried: Math.min(n("stale"), n("stale_retried")),
  };
}

function ownCounts(zoneId: string, counts: readonly RecentCount[], map: ContractMap): RecentCount[] {
  return counts.filter(({ sourceId, consumer, eventType }) =>
    (consumer === "" ? map.zonesOfEvent(sourceId, eventType) : map.zonesOfConsumed(consumer, eventType)).includes(zoneId),
  );
}

const only = (counts: readonly RecentCount[], measure: Measure): RecentCount[] =>
  counts.filter((count) => count.measure === measure);
/** Counts of a measure without those of another, which are some of them. */
const without = (counts: readonly RecentCount[], measure: Measure, retried: Measure): RecentCount[] =>
  only(counts, measure).map((count) => {
    const own = ({ sourceId, consumer, eventType }: RecentCount) =>
      sourceId === count.sourceId && consumer === count.consumer && eventType === count.eventType;
    return { ...count, n: Math.max(0, count.n - sumOf(only(counts, retried).filter(own))) };
  });
const sumOf = (counts: readonly RecentCount[]): number => counts.reduce((sum, { n }) => sum + n, 0);

const distinct = (values: readonly string[]): string[] => [...new Set(values)];
const lastOf = (counts: readonly RecentCount[]): Instant => Math.max(...counts.map((count) => count.lastAt));
const summed = (counts: readonly RecentCount[]) => ({
  eventTypes: distinct(counts.map((count) => count.eventType)).slice(0, 4),
  n: sumOf(counts),
  lastAt: lastOf(counts),
});

function effectsOf(counts: readonly RecentCount[]): Anomaly[] {
  return distinct(counts.map((count) => count.consumer)).map((consumer) => {
    const own = counts.filter((count) => count.consumer === consumer);
    return { kind: "effects", consumer, sourceId: own[0]!.sourceId, ...summed(own) };
  });
}

/** What harms nobody, of the consumers and events where it is more than everyday among all that came to them: one anomaly. */
function unusual(kind: "duplicates" | "stale", met: readonly RecentCount[], counts: readonly RecentCount[]): Anomaly[] {
  const came = (of: readonly RecentCount[]) =>
    sumOf(
      counts.filter(
        ({ consumer, eventType, measure }) =>
          (measure === "processed" || measure === "duplicate_dropped") &&
          of.some((one) => one.consumer === consumer && one.eventType === eventType),
      ),
    );
  const striking = met.filter((one) => one.n >= limits.fewestN && one.n > came([one]) * limits.share);
  if (striking.length === 0) return [];
  return [{ kind, consumers: distinct(striking.map((one) => one.consumer)), ofN: came(striking), ...summed(striking) }];
}

function lostOf(counts: readonly RecentCount[]): Anomaly[] {
  return distinct(counts.map((count) => count.sourceId)).map((sourceId) => ({
    kind: "lost",
    sourceId,
    ...summed(counts.filter((count) => count.sourceId === sourceId)),
  }));
}

function schemasOf(counts: readonly RecentCount[], map: ContractMap): Anomaly[] {
  const sent = new Map(counts.map((count) => [`${count.sourceId}\n${count.eventType}`, count]));
  return [...sent.values()].map(({ sourceId, eventType }) => {
    const own = counts.filter((count) => count.sourceId === sourceId && count.eventType === eventType);
    const versions = distinct(own.map((count) => count.detail));
    return { kind: "schema", sourceId, versions, known: map.schemasOf(sourceId, eventType), ...summed(own) };
  });
}

function timesOf(counts: readonly RecentCount[], sources: readonly SourceStatus[], now: Instant): Anomaly[] {
  return sources.flatMap((status): Anomaly[] => {
    const own = counts.filter((count) => count.sourceId === status.sourceId);
    const off = timesOff(status, now);
    if (own.length === 0 || off === null) return [];
    return [{ kind: "times", sourceId: status.sourceId, offMs: off.ms, n: sumOf(own), lastAt: lastOf(own) }];
  });
}
