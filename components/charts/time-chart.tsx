"use client";
import { type FC, lazy, Suspense, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { useHydrated } from "@/components/ui/clock";
import { useWidth } from "@/components/ui/media";
import { Panel } from "@/components/ui/panel";
import type { Instant } from "@/lib/time";
import type { Mark } from "@/lib/zones/views";
import { useCursor } from "./cursor";
import { DataTable } from "./data-table";
import { Legend } from "./legend";
import { Marks } from "./marks";
import type { PlotProps } from "./plot";
import { plotLeft, room, tickText, type Unit, xFraction, type YScale, yFraction } from "./scale";
import { lastMeasured, type Row, rowAt, type Series } from "./series";
import { useDrag } from "./use-drag";

// Loaded where a chart is open: the library is a third of what a page of lists weighs. A page that outlives its release finds no part any more.
const Plot = lazy(() =>
  import("./plot").then(
    (loaded): { default: FC<PlotProps> } => ({ default: loaded.Plot }),
    () => ({ default: NoPlot }),
  ),
);

function NoPlot() {
  return (
    <p className="px-3.5 py-6 text-12 text-ink-2">
      The chart could not be loaded. Its figures are in the table; reloading the page may bring it back.
    </p>
  );
}

type TimeChartProps = {
  title: string;
  note?: string;
  /** What the chart says, for those who do not see it. */
  summary: string;
  from: Instant;
  to: Instant;
  stepMs: number;
  rows: Row[];
  /** What is drawn; `shown` is what the legend and the table name (default: all). */
  drawn: Series[];
  shown?: Series[];
  scale: YScale;
  unit: Unit;
  window?: number;
  marks: Mark[];
  /** What stands at the right end of the axis; null writes the time. */
  ends?: string | null;
  height?: number;
  framed?: boolean;
  level?: 2 | 3;
};

/** A chart over time: legend with the values at the shared crosshair, window line, marks, and its figures as a table. */
export function TimeChart(props: TimeChartProps) {
  const { title, note, summary, rows, drawn, shown = drawn, unit, to, height = 172, framed = true, level = 3 } = props;
  const [asTable, setAsTable] = useState(false);
  const cursor = useCursor();
  const Title = level === 2 ? "h2" : "h3";
  const named = shown.map((each) => each.key);
  const row = cursor.at === null ? lastMeasured(rows, named) : rowAt(rows, cursor.at);
  const figures = rows.filter((each) => named.some((key) => each[key] !== undefined));
  const body = (
    <figure>
      <figcaption className="px-3.5 pt-2.5">
        <div className="flex items-baseline gap-2">
          <Title className="whitespace-nowrap font-semibold">{title}</Title>
          {note && <span className="min-w-0 truncate text-11 text-ink-3 max-sm:hidden">{note}</span>}
          <Button
            tone="ghost"
            size="sm"
            className="-my-1 -mr-2 ml-auto h-6 px-2 text-11 font-normal"
            aria-pressed={asTable}
            aria-label={`${title} as ${asTable ? "chart" : "table"}`}
            onClick={() => setAsTable(!asTable)}
          >
            {asTable ? "Chart" : "Table"}
          </Button>
        </div>
        <p className="sr-only">{summary}</p>
        <Legend series={shown} row={row} unit={unit} />
      </figcaption>
      {asTable ? (
        <DataTable label={title} rows={figures} series={shown} unit={unit} now={to} height={height + 8} />
      ) : (
        <div className="mb-2">
          <Canvas {...props} height={height} row={cursor.at === null ? null : row} />
        </div>
      )}
    </figure>
  );
  return framed ? <Panel>{body}</Panel> : body;
}

function Canvas({
  rows,
  drawn,
  from,
  to,
  stepMs,
  scale,
  unit,
  height = 172,
  window,
  marks,
  ends = "now",
  row,
}: TimeChartProps & { row: Row | null }) {
  const hydrated = useHydrated();
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const plotWidth = Math.max(1, width - room.left - room.right);
  const { handlers, span } = useDrag(from, to, plotWidth);
  const plotHeight = height - room.top - room.bottom;
  const bottomOf = (value: number) => room.bottom + Math.max(0, Math.min(1, yFraction(scale, value))) * plotHeight;
  const inRange = window !== undefined && window <= scale.max;
  const hidden = inRange ? (scale.ticks.find((tick) => Math.abs(bottomOf(tick) - bottomOf(window)) < 13) ?? null) : null;
  return (
    <div ref={frame} className="relative select-none" style={{ height }} {...handlers}>
      {hydrated && (
        <Suspense fallback={null}>
          <Plot
            {...{ rows, from, to, stepMs, scale, unit, height }}
            widthPx={plotWidth}
            series={drawn}
            hideTickAt={hidden}
            ends={ends}
          />
        </Suspense>
      )}
      <div className="pointer-events-none absolute inset-0">
        {span && <Drawn {...{ from, to, span }} />}
        {inRange && <WindowLine window={window} bottom={bottomOf(window)} unit={unit} />}
        {hydrated && <Marks marks={marks} from={from} to={to} widthPx={plotWidth} bottom={room.bottom} />}
        {row && <Crosshair row={row} drawn={drawn} left={plotLeft(xFraction(from, to, row.at))} bottomOf={bottomOf} />}
      </div>
    </div>
  );
}

/** The span that is being drawn with the pointer. */
function Drawn({ from, to, span }: { from: Instant; to: Instant; span: { from: Instant; to: Instant } }) {
  const [left, right] = [xFraction(from, to, span.from), xFraction(from, to, span.to)];
  return (
    <span
      className="absolute border-accent border-x bg-accent opacity-20"
      style={{
        left: plotLeft(left),
        width: `calc((100% - ${room.left + room.right}px) * ${(right - left).toFixed(4)})`,
        top: room.top,
        bottom: room.bottom,
      }}
    />
  );
}

type CrosshairProps = { row: Row; drawn: Series[]; left: string; bottomOf: (value: number) => number };

function Crosshair({ row, drawn, left, bottomOf }: CrosshairProps) {
  return (
    <>
      <span className="absolute border-l border-ink-3" style={{ left, top: room.top - 4, bottom: room.bottom }} />
      {drawn.map((each) => {
        const value = row[each.key];
        if (typeof value !== "number" || each.shape !== "line") return null;
        return (
          <span
            key={each.key}
            className="absolute -mb-1 -ml-1 size-2 rounded-full border-[1.5px] border-surface"
            style={{ left, bottom: bottomOf(value), background: each.color }}
          />
        );
      })}
    </>
  );
}

function WindowLine({ window, bottom, unit }: { window: number; bottom: number; unit: Unit }) {
  return (
    <>
      <span
        className="absolute border-t-[1.5px] border-dashed border-ink"
        style={{ left: room.left, right: room.right, bottom }}
      />
      <span
        className="absolute bg-surface px-0.5 text-11 leading-3 font-medium"
        style={{ left: room.left + 4, bottom: bottom + 2 }}
      >
        window
      </span>
      <span
        className="absolute text-right text-11 leading-3.5 font-medium"
        style={{ width: room.left - 6, left: 0, bottom: bottom - 7 }}
      >
        {tickText(unit, window)}
      </span>
    </>
  );
}
