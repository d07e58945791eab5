"use client";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { SharedCursor, useCursor } from "@/components/charts/cursor";
import { rangeTitle, zoomedText } from "@/components/charts/range";
import { RangePicker } from "@/components/charts/range-picker";
import { TimeChart } from "@/components/charts/time-chart";
import { useRange } from "@/components/charts/use-range";
import { Loaded } from "@/components/live/loaded";
import { clockText } from "@/components/ui/format";
import { Kbd } from "@/components/ui/kbd";
import { Panel } from "@/components/ui/panel";
import { SkeletonBlock } from "@/components/ui/skeleton";
import { betweenText, rangeLimits } from "@/lib/range";
import { minutes, windowWords } from "@/lib/time";
import type { ZoneChartPoints } from "@/lib/zones/views";
import { chartsOf } from "./charts-of";
import { zoneChartsQuery } from "./queries";

/** Four charts with one range and one crosshair. */
export function ZoneCharts({ zoneId, fallback }: { zoneId: string; fallback: string }) {
  const range = useRange(fallback);
  const query = useQuery(zoneChartsQuery(zoneId, range.text));
  const { data } = query;
  const before = useQuery({
    ...zoneChartsQuery(zoneId, data ? beforeOf(data) : ""),
    enabled: range.compare && data !== undefined,
  });
  const zoom = (from: number, to: number) => range.set(zoomedText(from, to));
  return (
    <section aria-label="Charts">
      <SharedCursor from={data?.from ?? 0} to={data?.to ?? 0} stepMs={data?.stepMs ?? 1} zoom={zoom}>
        <div className="mb-2.5 flex flex-wrap items-center gap-x-2.5 gap-y-2">
          <h2 className="font-semibold">{rangeTitle(range.range, data?.to ?? 0)}</h2>
          <CursorTime stepMs={data?.stepMs ?? 0} />
          <div className="ml-auto flex flex-wrap items-center gap-3">
            <MarkKey />
            <RangePicker of={range} now={data?.to ?? 0} comparable />
          </div>
        </div>
        <Loaded query={query} what="Charts" waiting={<WaitingCharts />}>
          {(view) => (
            <Charts
              view={view}
              before={range.compare ? (before.data ?? null) : null}
              ends={range.range.to === null ? "now" : null}
            />
          )}
        </Loaded>
      </SharedCursor>
    </section>
  );
}

/** The period before what is shown, on whole minutes and more, so that it is not asked for with every refresh. */
function beforeOf({ from, to }: ZoneChartPoints): string {
  const whole = Math.max(minutes(1), Math.floor((to - from) / 30 / minutes(1)) * minutes(1));
  const end = Math.floor(from / whole) * whole;
  // Steps begin on whole days: the longest of all is a little longer than may be asked for.
  return betweenText(end - Math.min(to - from, rangeLimits.mostMs), end);
}

type ChartsProps = { view: ZoneChartPoints; before: ZoneChartPoints | null; ends: string | null };

function Charts({ view, before, ends }: ChartsProps) {
  const prepared = useMemo(() => chartsOf(view, before), [view, before]);
  const shared = { from: view.from, to: view.to, stepMs: view.stepMs, marks: view.marks, ends };
  return (
    <>
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <TimeChart
          title="Processing lag"
          note="counts messages still waiting, log scale"
          unit="duration"
          window={view.windowMs}
          {...prepared.lag}
          {...shared}
        />
        <TimeChart title="Oldest unresolved key" unit="duration" window={view.windowMs} {...prepared.oldest} {...shared} />
        <TimeChart title="Open divergences" unit="count" {...prepared.divergences} {...shared} />
        <TimeChart
          title="Compensations"
          note={`per ${windowWords(view.compensationStepMs)}`}
          unit="count"
          {...prepared.compensations}
          {...shared}
          stepMs={view.compensationStepMs}
        />
      </div>
      <details className="mt-3">
        <summary className="w-fit cursor-pointer text-12 text-ink-2">Parked messages and publish lag</summary>
        <div className="mt-3 grid grid-cols-1 gap-4 sm:grid-cols-2">
          <TimeChart title="Parked messages" unit="count" {...prepared.parked} {...shared} />
          <TimeChart title="Publish lag" note="log scale" unit="duration" {...prepared.publish} {...shared} />
        </div>
      </details>
    </>
  );
}

/** What the legends' values are of: the crosshair's step, or the last one, which on a long range is no moment. */
function CursorTime({ stepMs }: { stepMs: number }) {
  const { at } = useCursor();
  return (
    <span className="inline-flex items-center gap-1 text-12 text-ink-3 max-lg:hidden">
      {at === null ? (
        stepMs < minutes(1) ? (
          "latest values"
        ) : (
          `values of the last ${windowWords(stepMs)}`
        )
      ) : (
        <>
          values at <b className="text-ink">{clockText(at)}</b>
        </>
      )}
      ; <Kbd>←</Kbd> <Kbd>→</Kbd> move, drag or <Kbd>z</Kbd> to zoom
    </span>
  );
}

function MarkKey() {
  return (
    <ul className="flex gap-3 text-11 text-ink-2 max-sm:hidden">
      <li className="inline-flex items-center gap-1.25">
        <svg width="10" height="8" viewBox="0 0 10 8" aria-hidden="true" className="fill-ink-2">
          <path d="M0 7 5 0l5 7z" />
        </svg>
        deploy
      </li>
      <li className="inline-flex items-center gap-1.25">
        <span className="size-1.75 rounded-full bg-accent" />
        operator
      </li>
    </ul>
  );
}

function WaitingCharts() {
  return (
    <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
      {[0, 1, 2, 3].map((i) => (
        <Panel key={i} className="h-56.5">
          <SkeletonBlock />
        </Panel>
      ))}
    </div>
  );
}
