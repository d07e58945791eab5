import type { Ctx } from "../context";
import { readSuccess } from "../sagas/service";
import { limits } from "../sources/rules";
import type { Instant } from "../time";
import { ageMs, verdicts } from "../verdicts/rules";
import { countDivergences } from "./metrics.sql";
import { readZones } from "./service";
import { readSources } from "./sources";
import type { ZoneRow } from "./views";

/** Figures of one name: what they mean, and each with what it is a figure of. */
export type Family = { name: string; help: string; type: "gauge" | "counter"; samples: Sample[] };
export type Sample = { labels: Record<string, string>; value: number };

const kinds = ["missing", "unexpected", "mismatch", "duplicate"];

/** The figures of zones, sources and workers for a monitoring system, of the zones that the actor may see. What is not known is absent, never zero. */
export async function readMetrics(ctx: Ctx): Promise<Family[]> {
  const [overview, view, success, divergences] = await Promise.all([
    readZones(ctx),
    readSources(ctx),
    readSuccess(ctx, { zone: null, span: "24h" }),
    countDivergences(ctx.db),
  ]);
  const { zones } = overview;
  const known = zones.filter((zone) => !zone.silent);
  const isKnown = (zoneId: string) => known.some((zone) => zone.zoneId === zoneId);
  const compensations = success.zones.filter(({ zone }) => isKnown(zone.zoneId));
  const openOf = (zoneId: string, kind: string) =>
    divergences.find((count) => count.zoneId === zoneId && count.kind === kind)?.n ?? 0;
  return [
    perZone("accord_zone_verdict", "1 for the verdict that holds, 0 for the others.", zones, (zone) =>
      verdicts.map((verdict) => [{ verdict }, Number(zone.verdict === verdict)]),
    ),
    perZone("accord_zone_window_seconds", "The contract's window.", zones, (zone) => [[{}, zone.windowMs / 1_000]]),
    perZone("accord_zone_alerts", "Alerts that call for somebody: raised, not acknowledged, not silenced.", zones, (zone) =>
      one(zone.alertsN),
    ),
    ...promiseFamilies(zones),
    perZone("accord_zone_open_cases", "Cases that nobody has resolved.", zones, (zone) => one(zone.casesN)),
    perZone(
      "accord_zone_oldest_unresolved_seconds",
      "Age of the oldest unresolved key; 0 when nothing is unresolved, absent while it is not known.",
      known,
      (zone) => [[{}, zone.oldest === null ? 0 : seconds(ageMs(zone.oldest.since, ctx.now))]],
    ),
    perZone("accord_zone_open_keys", "Business keys with anything unresolved.", known, (zone) => one(zone.keysN)),
    perZone("accord_zone_dead_letters", "Messages that are parked or being redelivered.", known, (zone) => one(zone.parkedN)),
    perZone(
      "accord_zone_lag_p95_seconds",
      "95th percentile of the lag over the last minutes, waiting messages included.",
      known,
      (zone) => [
        ...one(zone.publishLagMsP95, { stage: "publish" }, 1_000),
        ...one(zone.processingLagMsP95, { stage: "processing" }, 1_000),
      ],
    ),
    perZone(
      "accord_zone_open_divergences",
      "Keys of which an authority and its projection do not say the same.",
      known,
      ({ zoneId }) => kinds.map((kind) => [{ kind }, openOf(zoneId, kind)]),
    ),
    perZone("accord_zone_sagas_stuck", "Sagas past their deadline, and those whose compensation failed.", known, (zone) =>
      one(zone.sagasStuckN),
    ),
    gauge(
      "accord_zone_compensations_open",
      "Compensations that have not ended; late ones are past the time that the contract gives them.",
      compensations.flatMap(({ zone, openN, lateN }) => [
        { labels: { zone: zone.zoneId, state: "open" }, value: openN },
        { labels: { zone: zone.zoneId, state: "late" }, value: lateN },
      ]),
    ),
    gauge(
      "accord_zone_compensations_ended_24h",
      "Compensations that ended in the last 24 hours, by outcome.",
      compensations.flatMap(({ zone, ok, failed }) => [
        { labels: { zone: zone.zoneId, outcome: "done" }, value: ok },
        { labels: { zone: zone.zoneId, outcome: "failed" }, value: failed },
      ]),
    ),
    ...sourceFamilies(view, ctx.now),
    gauge("accord_configuration_problems", "Problems in the configuration that workers read.", [
      { labels: {}, value: overview.freshness.configurationProblemsN },
    ]),
  ];
}

function promiseFamilies(zones: readonly ZoneRow[]): Family[] {
  return [
    perZone(
      "accord_zone_converged_ratio",
      "Share that converged within the window over the contract's period, from deliveries or from reconciliation; absent where nothing was judged.",
      zones,
      ({ objective: { converged, basis } }) => one(converged, { basis }),
    ),
    perZone("accord_zone_promised_ratio", "Share that the contract promises; absent where it promises none.", zones, (zone) =>
      one(zone.objective.target),
    ),
    perZone(
      "accord_zone_error_budget_left_ratio",
      "What is left of the error budget of the period; below 0 when more was used than there was.",
      zones,
      (zone) => one(zone.objective.budgetLeft),
    ),
    perZone(
      "accord_zone_judged_deliveries",
      "Deliveries of the period, or compared rows, by whether they converged within the window.",
      zones,
      ({ objective: { keptN, missedN } }) =>
        keptN + missedN === 0 ? [] : [...one(keptN, { outcome: "kept" }), ...one(missedN, { outcome: "missed" })],
    ),
  ];
}

function sourceFamilies({ sources, workers }: Awaited<ReturnType<typeof readSources>>, now: Instant): Family[] {
  return [
    gauge(
      "accord_source_up",
      "1 while the source is looked at and answers.",
      sources.map(({ sourceId, service, state }) => ({ labels: { source: sourceId, service }, value: Number(state === "live") })),
    ),
    gauge(
      "accord_source_age_seconds",
      "Time since the last good poll; absent before the first.",
      sources.flatMap(({ sourceId, observedAt }) =>
        observedAt === null ? [] : [{ labels: { source: sourceId }, value: seconds(ageMs(observedAt, now)) }],
      ),
    ),
    gauge(
      "accord_source_clock_offset_seconds",
      "The source's clock less the store's.",
      sources.flatMap(({ sourceId, clockOffsetMs }) =>
        clockOffsetMs === null ? [] : [{ labels: { source: sourceId }, value: seconds(clockOffsetMs) }],
      ),
    ),
    gauge(
      "accord_worker_beat_age_seconds",
      "Time since a worker's last heartbeat.",
      workers.map(({ workerId, heartbeatAt }) => ({ labels: { worker: workerId }, value: seconds(ageMs(heartbeatAt, now)) })),
    ),
    gauge("accord_workers", "Workers that live.", [
      // Rows of the dead are swept by the living: where none lives, they stay.
      { labels: {}, value: workers.filter(({ heartbeatAt }) => ageMs(heartbeatAt, now) <= limits.workerAgeMsMax).length },
    ]),
  ];
}

type Part = [labels: Record<string, string>, value: number];

const gauge = (name: string, help: string, samples: Sample[]): Family => ({ name, help, type: "gauge", samples });
const perZone = (name: string, help: string, zones: readonly ZoneRow[], of: (zone: ZoneRow) => Part[]): Family =>
  gauge(
    name,
    help,
    zones.flatMap((zone) => of(zone).map(([labels, value]) => ({ labels: { zone: zone.zoneId, ...labels }, value }))),
  );
const one = (value: number | null, labels: Record<string, string> = {}, per = 1): Part[] =>
  value === null ? [] : [[labels, value / per]];
const seconds = (ms: number): number => ms / 1_000;
