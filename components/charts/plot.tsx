"use client";
import { memo, useId } from "react";
import { Area, Bar, CartesianGrid, ComposedChart, Line, XAxis, YAxis } from "recharts";
import { clockText, dayText, minuteText } from "@/components/ui/format";
import { hours, type Instant } from "@/lib/time";
import { room, tickText, timeTicks, type Unit, type YScale } from "./scale";
import type { Row, Series } from "./series";

export type PlotProps = {
  rows: Row[];
  series: Series[];
  from: Instant;
  to: Instant;
  stepMs: number;
  scale: YScale;
  unit: Unit;
  height: number;
  hideTickAt: number | null;
  widthPx: number;
  ends: string | null;
};

const still = { isAnimationActive: false, dot: false, activeDot: false, connectNulls: false, tooltipType: "none" } as const;

const timeLabel = (at: Instant, spanMs: number): string =>
  spanMs > hours(36) ? dayText(at) : spanMs < 120_000 ? clockText(at) : minuteText(at);

function TimeTick({
  x,
  y,
  at,
  from,
  to,
  ends,
}: { x: number | string; y: number; at: Instant } & Pick<PlotProps, "from" | "to" | "ends">) {
  return (
    <text x={x} y={y + 6} textAnchor={at === to ? "end" : "middle"} className="fill-ink-3 text-11">
      {at === to && ends !== null ? ends : timeLabel(at, to - from)}
    </text>
  );
}

function ValueTick({ x, y, text }: { x: number; y: number; text: string }) {
  return (
    <text x={x + 2} y={y + 4} textAnchor="end" className="fill-ink-3 text-11">
      {text}
    </text>
  );
}

/** The drawn part of a chart. Crosshair and marks lie over it, so that moving them draws nothing anew. */
export const Plot = memo(function Plot({
  rows,
  series,
  from,
  to,
  stepMs,
  scale,
  unit,
  height,
  hideTickAt,
  ends,
  widthPx,
}: PlotProps) {
  const id = useId();
  const zone = -new Date(to).getTimezoneOffset() * 60_000;
  const ticks = [...timeTicks(from, to, zone, widthPx), to];
  return (
    <ComposedChart
      responsive
      accessibilityLayer={false}
      data={rows}
      stackOffset="sign"
      barCategoryGap={1}
      margin={{ top: room.top, right: room.right, bottom: 0, left: 0 }}
      style={{ width: "100%", height }}
    >
      <defs>
        {series
          .filter((each) => each.hatched)
          .map((each) => (
            <Hatch key={each.key} id={`${id}${each.key}`} color={each.color} />
          ))}
      </defs>
      <CartesianGrid vertical={false} stroke="var(--grid)" shapeRendering="crispEdges" />
      <XAxis
        dataKey="at"
        type="number"
        scale="time"
        domain={[from, to]}
        ticks={ticks}
        interval={0}
        height={room.bottom}
        tickLine={false}
        axisLine={{ stroke: "var(--line-strong)" }}
        tick={({ x, y, payload }) => <TimeTick x={x} y={Number(y)} at={payload.value} {...{ from, to, ends }} />}
      />
      <YAxis
        width={room.left}
        scale={scale.kind}
        domain={[scale.min, scale.max]}
        ticks={scale.ticks}
        interval={0}
        allowDataOverflow
        tickLine={false}
        axisLine={false}
        tick={({ x, y, payload }) =>
          payload.value === hideTickAt ? <g /> : <ValueTick x={Number(x)} y={Number(y)} text={tickText(unit, payload.value)} />
        }
      />
      {series.map((each) => {
        const fill = each.hatched ? `url(#${id}${each.key})` : each.color;
        const common = { ...still, dataKey: each.key };
        if (each.shape === "bar")
          return <Bar key={each.key} {...common} stackId="bars" fill={fill} barSize={barWidth(from, to, stepMs, widthPx)} />;
        if (each.shape === "line")
          return (
            <Line
              key={each.key}
              {...common}
              type="linear"
              stroke={each.color}
              strokeWidth={each.dashed ? 1.25 : 1.75}
              strokeDasharray={each.dashed ? "3 3" : undefined}
              strokeLinejoin="round"
            />
          );
        const step = each.shape === "step";
        return (
          <Area
            key={each.key}
            {...common}
            type={step ? "stepAfter" : "linear"}
            stroke={step ? each.color : "none"}
            strokeWidth={1.5}
            fill={fill}
            fillOpacity={each.hatched || each.solid ? 1 : 0.22}
          />
        );
      })}
    </ComposedChart>
  );
});

// A bar takes its step less two pixels of air.
const barWidth = (from: Instant, to: Instant, stepMs: number, widthPx: number): number =>
  Math.max(2, Math.min(22, (widthPx * stepMs) / (to - from) - 2));

function Hatch({ id, color }: { id: string; color: string }) {
  return (
    <pattern id={id} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(35)">
      <rect width="5" height="5" fill={color} opacity=".42" />
      <rect width="2.6" height="5" fill={color} />
    </pattern>
  );
}
