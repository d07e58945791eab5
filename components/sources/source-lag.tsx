"use client";
import { useQuery } from "@tanstack/react-query";
import { SharedCursor } from "@/components/charts/cursor";
import { rangeTitle, zoomedText } from "@/components/charts/range";
import { RangePicker } from "@/components/charts/range-picker";
import { logScale } from "@/components/charts/scale";
import { extent, type Row, type Series, withGaps } from "@/components/charts/series";
import { TimeChart } from "@/components/charts/time-chart";
import { useRange } from "@/components/charts/use-range";
import { Loaded } from "@/components/live/loaded";
import { Panel } from "@/components/ui/panel";
import { SkeletonBlock } from "@/components/ui/skeleton";
import { durationWords } from "@/lib/time";
import { counted } from "@/lib/words";
import type { SourceLagView } from "@/lib/zones/views";
import { sourceLagQuery } from "./queries";

/** How far behind its consumers and its outbox were, a line each. */
export function SourceLag({ sourceId, fallback }: { sourceId: string; fallback: string }) {
  const range = useRange(fallback);
  const query = useQuery(sourceLagQuery(sourceId, range.text));
  const { data } = query;
  return (
    <section aria-label="Lag">
      <SharedCursor
        from={data?.from ?? 0}
        to={data?.to ?? 0}
        stepMs={data?.stepMs ?? 1}
        zoom={(from, to) => range.set(zoomedText(from, to))}
      >
        <div className="mb-2.5 flex flex-wrap items-center gap-2.5">
          <h2 className="font-semibold">{rangeTitle(range.range, data?.to ?? 0)}</h2>
          <div className="ml-auto">
            <RangePicker of={range} now={data?.to ?? 0} />
          </div>
        </div>
        <Loaded query={query} what="The chart" waiting={<Waiting />}>
          {(view) => <Chart view={view} ends={range.range.to === null ? "now" : null} />}
        </Loaded>
      </SharedCursor>
    </section>
  );
}

const colors = ["var(--c-1)", "var(--c-2)", "var(--c-3)", "var(--c-4)"];

function Chart({ view, ends }: { view: SourceLagView; ends: string | null }) {
  const series: Series[] = view.lines.map(({ kind, name }, i) => ({
    key: `p95_${i}`,
    label: kind === "outbox" ? `${name}, published` : name,
    color: colors[i]!,
    shape: "line",
  }));
  const rows = withGaps(
    (view.lines[0]?.points ?? []).map(({ at }, step): Row => {
      const row: Row = { at };
      for (const [i, { points }] of view.lines.entries()) row[`p95_${i}`] = points[step]?.p95 ?? null;
      return row;
    }),
    view.stepMs,
  );
  const range = extent(
    rows,
    series.map(({ key }) => key),
  );
  const summary =
    range === null ? "Lag: nothing was measured" : `Lag: from ${durationWords(range.least)} to ${durationWords(range.greatest)}`;
  return (
    <TimeChart
      title="Lag, p95"
      note={
        view.moreN > 0
          ? `log scale; ${counted(view.moreN, "consumer")} more not drawn`
          : "counts messages still waiting, log scale"
      }
      summary={summary}
      unit="duration"
      from={view.from}
      to={view.to}
      stepMs={view.stepMs}
      rows={rows}
      drawn={series}
      scale={logScale(range?.least ?? 100, Math.max(range?.greatest ?? 0, view.windowMs ?? 0))}
      marks={view.marks}
      ends={ends}
      {...(view.windowMs !== null && { window: view.windowMs })}
    />
  );
}

const Waiting = () => (
  <Panel className="h-56.5">
    <SkeletonBlock />
  </Panel>
);
