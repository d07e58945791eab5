import { cn } from "@/components/ui/cn";

type LineProps = { points: (number | null)[]; windowMs: number; color: string; strong?: boolean; dotted?: boolean };

const WIDTH = 88;
const HEIGHT = 16;
const FLOOR_MS = 10;

/** A lag over half an hour, log-scaled against the window, so that rows compare; silence is a gap. */
export function Sparkline({ points, windowMs, color, strong = false, dotted = false }: LineProps) {
  const top = Math.log(Math.max(windowMs * 1.5, FLOOR_MS * 10) / FLOOR_MS);
  const y = (ms: number) => HEIGHT - 2 - Math.min(1, Math.log(Math.max(ms, FLOOR_MS) / FLOOR_MS) / top) * (HEIGHT - 4);
  const x = (i: number) => 1 + (i / Math.max(1, points.length - 1)) * (WIDTH - 4);
  let pen = false;
  const path = points
    .map((ms, i) => {
      if (ms === null) {
        pen = false;
        return "";
      }
      // A minute alone between gaps is a dot: a line of no length with round ends.
      const dot = !pen && typeof points[i + 1] !== "number" ? "h.01" : "";
      const step = `${pen ? "L" : "M"}${x(i).toFixed(1)},${y(ms).toFixed(1)}${dot}`;
      pen = true;
      return step;
    })
    .join("");
  const last = points.at(-1);
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" className="flex-none">
      <path
        d={path}
        fill="none"
        stroke={color}
        strokeWidth={strong ? 1.6 : 1.25}
        strokeLinejoin="round"
        strokeLinecap="round"
        strokeDasharray={dotted ? "1.5 2.5" : undefined}
      />
      {strong && typeof last === "number" && <circle cx={x(points.length - 1)} cy={y(last)} r="1.9" fill={color} />}
    </svg>
  );
}

/** Counts per minute as tiny bars on their own scale. */
export function Sparkbars({ values, className }: { values: number[]; className?: string }) {
  const most = Math.max(1, ...values);
  return (
    <svg width="72" height="24" viewBox="0 0 72 24" aria-hidden="true" className={cn("flex-none text-fill", className)}>
      <path d="M0 23.5h72" stroke="var(--line-strong)" strokeDasharray="1 1" />
      {values.map((n, i) => {
        const height = n === 0 ? 0 : Math.max(2, (n / most) * 21);
        return (
          <rect
            key={i}
            x={i * (72 / values.length)}
            y={23 - height}
            width={Math.max(0.9, 72 / values.length - 0.3)}
            height={height}
            fill="currentColor"
          />
        );
      })}
    </svg>
  );
}
