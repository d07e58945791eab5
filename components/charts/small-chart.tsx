import { memo, type ReactNode, useId } from "react";
import { barsPath, linePath, type SmallScale } from "./small-scale";

type LineProps = { label: string; values: readonly (number | null)[]; scale: SmallScale; window: number };

/** A line in a small space, with the window dashed; what is past it is in the colour of a breach. Silence is a gap. */
export const SmallLine = memo(function SmallLine({ label, values, scale, window }: LineProps) {
  const path = linePath(values, scale);
  const at = scale(window);
  const id = useId();
  return (
    <Frame label={label}>
      <line x1="0" x2="100" y1={at} y2={at} className="stroke-ink-mute" strokeDasharray="3 3" vectorEffect="non-scaling-stroke" />
      <path d={path} fill="none" className="stroke-ink-2" strokeWidth="1.4" vectorEffect="non-scaling-stroke" />
      <clipPath id={id}>
        <rect x="0" y="0" width="100" height={Math.max(0, at)} />
      </clipPath>
      <path
        d={path}
        fill="none"
        clipPath={`url(#${id})`}
        className="stroke-breach-fill"
        strokeWidth="2"
        vectorEffect="non-scaling-stroke"
      />
    </Frame>
  );
});

type BarsProps = { label: string; up: readonly number[]; down: readonly number[] };

/** Counts as bars: what went well upwards, what failed downwards. */
export const SmallBars = memo(function SmallBars({ label, up, down }: BarsProps) {
  const { zero, upPath, downPath } = barsPath(up, down);
  return (
    <Frame label={label}>
      <line x1="0" x2="100" y1={zero} y2={zero} className="stroke-line-strong" vectorEffect="non-scaling-stroke" />
      <path d={upPath} style={{ fill: "var(--c-3)" }} />
      <path d={downPath} className="fill-breach-fill" />
    </Frame>
  );
});

const Frame = ({ label, children }: { label: string; children: ReactNode }) => (
  <svg
    role="img"
    aria-label={label}
    viewBox="0 0 100 32"
    preserveAspectRatio="none"
    className="block h-8 w-full overflow-hidden border-b border-line-strong"
  >
    {children}
  </svg>
);
