import type { Instant } from "@/lib/time";
import { linearScale, tickText, xFraction, yFraction } from "./scale";

type Props = {
  /** What it says, for those who do not see it. */
  label: string;
  from: Instant;
  to: Instant;
  stepMs: number;
  /** One a step; null where nothing was measured. */
  values: readonly (number | null)[];
  /** What is known of the end beyond the steps. */
  last: { at: Instant; value: number } | null;
  /** When what is looked at began. */
  markAt: Instant;
};

const [WIDTH, HEIGHT] = [352, 116];
const plot = { left: 34, right: 40, top: 12, bottom: 5 };

/** A count over a short time as an area, with the instant that it is looked at from. Silence is a gap. */
export function CountChart({ label, from, to, stepMs, values, last, markAt }: Props) {
  const scale = linearScale("count", Math.max(1, last?.value ?? 0, ...values.map((value) => value ?? 0)));
  const x = (at: Instant) => plot.left + Math.min(1, xFraction(from, to, at)) * (WIDTH - plot.left - plot.right);
  const y = (value: number) => HEIGHT - plot.bottom - yFraction(scale, value) * (HEIGHT - plot.top - plot.bottom);
  const steps = values.map((value, i) => (value === null ? null : { at: from + i * stepMs, value }));
  // What was judged last is of its moment: nothing stands behind it, and the step after it that has no value yet is no gap.
  const runs = runsOf(last === null ? steps : [...steps.filter((_, i) => from + i * stepMs < last.at), last]);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} className="block w-full max-w-105">
      {scale.ticks
        .filter((tick) => Number.isInteger(tick))
        .map((tick) => (
          <g key={tick}>
            <line
              x1={plot.left}
              x2={WIDTH - plot.right + 4}
              y1={y(tick)}
              y2={y(tick)}
              className={tick === 0 ? "stroke-line-strong" : "stroke-grid"}
            />
            <text x={plot.left - 6} y={y(tick) + 3.5} textAnchor="end" className="fill-ink-3 text-11">
              {tickText("count", tick)}
            </text>
          </g>
        ))}
      {runs.map((run) => {
        const line = run.map(({ at, value }) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
        return (
          <g key={run[0]!.at}>
            <path
              d={`M${x(run[0]!.at)},${y(0)}L${line}L${x(run.at(-1)!.at)},${y(0)}z`}
              className="fill-conv-fill"
              opacity=".22"
            />
            <path
              d={`M${line}${run.length === 1 ? "h.01" : ""}`}
              fill="none"
              strokeWidth="1.75"
              strokeLinejoin="round"
              strokeLinecap="round"
              className="stroke-ink"
            />
          </g>
        );
      })}
      <line x1={x(markAt)} x2={x(markAt)} y1={plot.top} y2={y(0)} strokeDasharray="2 2" className="stroke-accent" />
      <circle cx={x(markAt)} cy={plot.top - 4} r="3.5" className="fill-accent" />
      {last !== null && (
        <>
          <circle cx={x(last.at)} cy={y(last.value)} r="3.2" strokeWidth="1.5" className="fill-ink stroke-surface" />
          <text x={x(last.at) + 6} y={y(last.value) - 3} className="fill-ink text-11 font-semibold">
            {tickText("count", last.value)}
          </text>
        </>
      )}
    </svg>
  );
}

type Point = { at: Instant; value: number };

/** Points that follow each other without a gap. */
function runsOf(points: readonly (Point | null)[]): Point[][] {
  const runs: Point[][] = [[]];
  for (const point of points) {
    if (point === null) runs.push([]);
    else runs.at(-1)!.push(point);
  }
  return runs.filter((run) => run.length > 0);
}
