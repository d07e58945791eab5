import { days, durationShort, hours, type Instant, minutes, seconds } from "@/lib/time";

/** The room around the plot, shared by the drawn chart and what lies over it (pixels). */
export const room = { left: 40, right: 12, top: 24, bottom: 20 } as const;

export type Unit = "duration" | "count";
export type YScale = { kind: "linear" | "log"; min: number; max: number; ticks: number[] };

const durationSteps = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  ...[1, 2, 5, 10, 15, 30].map(seconds),
  ...[1, 2, 5, 10, 15, 30].map(minutes),
  ...[1, 2, 4, 6, 12, 24, 48, 96, 240, 480].map(hours),
];
const decades = [1, 10, 100, seconds(1), seconds(10), minutes(1), minutes(10), hours(1), hours(10), hours(100)];

const niceCount = (raw: number): number => {
  const power = 10 ** Math.floor(Math.log10(Math.max(raw, 1)));
  return ([1, 2, 5, 10].find((step) => step * power >= raw) ?? 10) * power;
};

/** A linear scale from zero (or below, for bars that hang) with at most four steps above. */
export function linearScale(unit: Unit, max: number, min = 0): YScale {
  const reach = Math.max(max, -min, 1);
  const step =
    unit === "duration" ? (durationSteps.find((each) => reach / each <= 4) ?? niceCount(reach / 4)) : niceCount(reach / 4);
  const top = Math.max(step, Math.ceil(max / step) * step);
  const bottom = min < 0 ? Math.floor(min / step) * step : 0;
  const ticks: number[] = [];
  for (let tick = bottom; tick <= top; tick += step) ticks.push(tick);
  return { kind: "linear", min: bottom, max: top, ticks };
}

/** A log scale over durations: from the decade under the least value to a little above the greatest. */
export function logScale(least: number, greatest: number): YScale {
  const min = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  const max = Math.max(greatest * 1.5, min * 100);
  return { kind: "log", min, max, ticks: decades.filter((tick) => tick > min && tick < max) };
}

/** Where a value lies: 0 at the bottom, 1 at the top. */
export function yFraction(scale: YScale, value: number): number {
  if (scale.kind === "linear") return (value - scale.min) / (scale.max - scale.min);
  return Math.log(Math.max(value, scale.min) / scale.min) / Math.log(scale.max / scale.min);
}

/** A tick in one unit, in two where one would round it: `10ms`, `0.1s`, `5m`, `1h30`; counts with their sign. */
export function tickText(unit: Unit, value: number): string {
  if (unit === "count") return value.toLocaleString("en-US").replace("-", "−");
  if (value === 0) return "0";
  const [whole, part] =
    value >= days(1) ? [days(1), hours(1)] : value >= hours(1) ? [hours(1), minutes(1)] : [minutes(1), seconds(1)];
  const rest = Math.floor((value % whole) / part);
  if (value >= whole && rest > 0) return `${durationShort(value)}${String(rest).padStart(2, "0")}`;
  if (value >= 1_000) return durationShort(value);
  return value >= 100 ? `${value / 1_000}s` : `${value}ms`;
}

const timeSteps = [
  ...[1, 2, 5, 10, 15, 30].map(minutes),
  ...[1, 2, 3, 6, 12].map(hours),
  ...[1, 2, 7, 14, 30, 60, 100].map(days),
];

/** Round times between from and to with room for their labels, and for "now" at the end. */
export function timeTicks(from: Instant, to: Instant, offsetMs: number, widthPx: number): Instant[] {
  const span = to - from;
  const most = Math.max(2, Math.min(6, Math.floor(widthPx / 58)));
  const step = timeSteps.find((each) => span / each <= most) ?? days(100);
  const endMs = (span * 46) / Math.max(1, widthPx);
  const ticks: Instant[] = [];
  for (let tick = Math.ceil((from + offsetMs) / step) * step - offsetMs; tick < to - endMs; tick += step)
    if (tick > from + endMs / 3) ticks.push(tick);
  return ticks;
}

export const xFraction = (from: Instant, to: Instant, at: Instant): number => (at - from) / Math.max(1, to - from);

/** A CSS length inside the plot for a fraction of its width. */
export const plotLeft = (fraction: number): string =>
  `calc(${room.left}px + (100% - ${room.left + room.right}px) * ${Math.max(0, Math.min(1, fraction)).toFixed(4)})`;
