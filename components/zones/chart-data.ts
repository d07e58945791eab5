import { linearScale, logScale, type YScale } from "@/components/charts/scale";
import { extent, type Row, type Series, splitAtWindow, withBefore, withGaps } from "@/components/charts/series";
import type { Kind } from "@/lib/facts/rules";
import { durationWords, type Instant } from "@/lib/time";
import type { ZoneChartPoints } from "@/lib/zones/views";

type Prepared = { rows: Row[]; drawn: Series[]; shown?: Series[]; scale: YScale; summary: string };

const beforeLine: Series = { key: "before", label: "period before", color: "var(--ink-3)", shape: "line", dashed: true };

/** The same figure of the period before, put beside; `scaled` draws the scale anew where that was higher. */
export function comparedWith(
  prepared: Prepared,
  before: readonly { at: Instant; value: number | null }[],
  { shiftMs, stepMs }: { shiftMs: number; stepMs: number },
  scaled: (least: number, greatest: number) => YScale,
): Prepared {
  const rows = withBefore(prepared.rows, before, shiftMs, stepMs);
  const { least, greatest } = extent(rows, ["before"]) ?? { least: prepared.scale.max, greatest: 0 };
  const shown = [...(prepared.shown ?? prepared.drawn), beforeLine];
  const scale =
    greatest > prepared.scale.max || least < prepared.scale.min
      ? scaled(Math.min(least, Math.max(prepared.scale.min, 1)), Math.max(greatest, prepared.scale.max / 1.5))
      : prepared.scale;
  return { ...prepared, rows, drawn: [...prepared.drawn, beforeLine], shown, scale };
}

const quantiles: Series[] = [
  { key: "p50", label: "p50", color: "var(--c-seq-1)", shape: "line" },
  { key: "p95", label: "p95", color: "var(--c-seq-2)", shape: "line" },
  { key: "p99", label: "p99", color: "var(--c-seq-3)", shape: "line" },
];

/** Lag as three quantiles over a log scale, since a breach is a hundred times the usual. */
export function lagChart(what: string, points: ZoneChartPoints["processing"], view: ZoneChartPoints): Prepared {
  const rows = withGaps(points, view.stepMs);
  const range = extent(
    rows,
    quantiles.map((each) => each.key),
  );
  const scale = logScale(range?.least ?? 100, Math.max(range?.greatest ?? 0, view.windowMs));
  const summary =
    range === null
      ? `${what}: nothing was measured`
      : `${what}: from ${durationWords(range.least)} to ${durationWords(range.greatest)}, window ${durationWords(view.windowMs)}`;
  return { rows, drawn: quantiles, scale, summary };
}

/** The age of the oldest open key, hatched where it is past the window. */
export function oldestChart(view: ZoneChartPoints): Prepared {
  const rows = splitAtWindow(
    withGaps(
      view.oldest.map(({ at, ageMs }) => ({ at, age: ageMs })),
      view.stepMs,
    ),
    "age",
    view.windowMs,
  );
  const line: Series = { key: "age", label: "age", color: "var(--ink)", shape: "line" };
  const range = extent(rows, ["age"]);
  return {
    rows,
    drawn: [
      { key: "in", label: "inside the window", color: "var(--conv-fill)", shape: "area" },
      { key: "over", label: "past window", color: "var(--breach-fill)", shape: "area", hatched: true },
      line,
    ],
    shown: [line],
    scale: linearScale("duration", Math.max(range?.greatest ?? 0, view.windowMs * 1.2)),
    summary:
      range === null
        ? "Oldest unresolved key: nothing was measured"
        : `Oldest unresolved key: at most ${durationWords(range.greatest)}, window ${durationWords(view.windowMs)}`,
  };
}

export function parkedChart(view: ZoneChartPoints): Prepared {
  const rows = withGaps(view.parked, view.stepMs);
  const range = extent(rows, ["n"]);
  return {
    rows,
    drawn: [{ key: "n", label: "parked", color: "var(--c-1)", shape: "step" }],
    scale: linearScale("count", range?.greatest ?? 0),
    summary:
      range === null
        ? "Parked messages: nothing was measured"
        : `Parked messages: at most ${range.greatest.toLocaleString("en-US")}`,
  };
}

const diverged: { key: Kind; color: string; hatched?: true }[] = [
  { key: "missing", color: "var(--c-1)" },
  { key: "mismatch", color: "var(--c-2)" },
  { key: "unexpected", color: "var(--c-3)" },
  { key: "duplicate", color: "var(--c-4)", hatched: true },
];

/** Open divergences by kind, each stacked on those before it. */
export function divergencesChart(view: ZoneChartPoints): Prepared {
  const rows = withGaps(view.divergences, view.stepMs).map((row) => {
    const bands: Row = { ...row };
    let under = 0;
    for (const { key } of diverged) {
      const n = row[key];
      bands[`${key}_band`] = typeof n === "number" ? [under, under + n] : null;
      under += typeof n === "number" ? n : 0;
    }
    return diverged.some(({ key }) => typeof row[key] === "number") ? { ...bands, all: under } : bands;
  });
  const range = extent(rows, ["all"]);
  return {
    rows,
    drawn: diverged.map(({ key, ...look }) => ({ key: `${key}_band`, label: key, shape: "area", solid: true, ...look })),
    shown: diverged.map(({ key, ...look }) => ({ key, label: key, shape: "area", ...look })),
    scale: linearScale("count", range?.greatest ?? 0),
    summary:
      range === null
        ? "Open divergences: nothing was compared"
        : `Open divergences: at most ${range.greatest.toLocaleString("en-US")}`,
  };
}

/** Succeeded upwards, failed downwards and hatched. */
export function compensationsChart(view: ZoneChartPoints): Prepared {
  const rows: Row[] = view.compensations.map(({ at, ok, failed }) => ({ at, ok, failed: -failed }));
  const sum = (key: "ok" | "failed") => view.compensations.reduce((all, each) => all + each[key], 0);
  return {
    rows,
    drawn: [
      { key: "ok", label: "succeeded", color: "var(--c-3)", shape: "bar" },
      { key: "failed", label: "failed", color: "var(--breach-fill)", shape: "bar", hatched: true, down: true },
    ],
    scale: linearScale(
      "count",
      Math.max(0, ...view.compensations.map((each) => each.ok)),
      -Math.max(0, ...view.compensations.map((each) => each.failed)),
    ),
    summary: `Compensations: ${sum("ok").toLocaleString("en-US")} succeeded, ${sum("failed").toLocaleString("en-US")} failed`,
  };
}
