import { cn } from "./cn";
import { type Tone, toneClass } from "./tone";

/** Where the window stands in every bar, so that breaches line up down the page; past 166 % the bar is cut. */
const WINDOW_AT = 60;

type Props = { share: number | null; tone: Tone; quiet?: boolean; tall?: boolean; className?: string };

/** Age against the contract's window. `share` null is unknown: hatched, never empty. `quiet` keeps healthy bars grey. */
export function WindowBar({ share, tone, quiet = false, tall = false, className }: Props) {
  const label = share === null ? "Share of the window unknown" : `${Math.round(share * 100)} % of the window used`;
  return (
    <div
      role="img"
      aria-label={label}
      className={cn("relative w-full", tall ? "h-3" : "h-2", toneClass[quiet ? "none" : tone], className)}
    >
      <span className={cn("absolute inset-y-0 left-0 w-3/5 rounded-square", share === null ? "hatch-track" : "bg-track")} />
      {share !== null && (
        <span
          className="absolute inset-y-0 left-0 rounded-l-square bg-fill"
          style={{ width: `${Math.min(share, 1) * WINDOW_AT}%` }}
        />
      )}
      {share !== null && share > 1 && (
        <span
          className="absolute inset-y-0 left-3/5 rounded-r-square hatch-fill"
          style={{ width: `${Math.min((share - 1) * WINDOW_AT, 100 - WINDOW_AT)}%` }}
        />
      )}
      <span className="absolute -inset-y-1 left-3/5 -ml-px w-0.5 bg-ink" />
    </div>
  );
}
