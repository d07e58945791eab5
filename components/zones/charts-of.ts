import { linearScale, logScale } from "@/components/charts/scale";
import type { ZoneChartPoints } from "@/lib/zones/views";
import { comparedWith, compensationsChart, divergencesChart, lagChart, oldestChart, parkedChart } from "./chart-data";

/** All charts of a zone, ready to be drawn; with the period before beside what they show, where it was asked for. */
export function chartsOf(view: ZoneChartPoints, before: ZoneChartPoints | null) {
  const charts = {
    lag: lagChart("Processing lag", view.processing, view),
    oldest: oldestChart(view),
    divergences: divergencesChart(view),
    parked: parkedChart(view),
    publish: lagChart("Publish lag", view.publish, view),
    compensations: compensationsChart(view),
  };
  if (before === null) return charts;
  const by = { shiftMs: view.from - before.from, stepMs: Math.max(view.stepMs, before.stepMs) };
  const bars = { ...by, stepMs: Math.max(view.compensationStepMs, before.compensationStepMs) };
  const counts = (_: number, greatest: number) => linearScale("count", greatest);
  const lags = (of: ZoneChartPoints["processing"]) => of.map(({ at, p95 }) => ({ at, value: p95 }));
  return {
    lag: comparedWith(charts.lag, lags(before.processing), by, logScale),
    publish: comparedWith(charts.publish, lags(before.publish), by, logScale),
    oldest: comparedWith(
      charts.oldest,
      before.oldest.map(({ at, ageMs }) => ({ at, value: ageMs })),
      by,
      (_, greatest) => linearScale("duration", greatest),
    ),
    divergences: comparedWith(charts.divergences, before.divergences.map(allOf), by, counts),
    parked: comparedWith(
      charts.parked,
      before.parked.map(({ at, n }) => ({ at, value: n })),
      by,
      counts,
    ),
    compensations: comparedWith(
      charts.compensations,
      before.compensations.map(({ at, ok }) => ({ at, value: ok })),
      bars,
      (_, greatest) => linearScale("count", greatest, charts.compensations.scale.min),
    ),
  };
}

/** All kinds of a step together; null where nothing was compared. */
function allOf({ at, missing, unexpected, mismatch, duplicate }: ZoneChartPoints["divergences"][number]) {
  const known = [missing, unexpected, mismatch, duplicate].filter((n) => n !== null);
  return { at, value: known.length === 0 ? null : known.reduce((sum, n) => sum + n, 0) };
}
