import type { ReactNode } from "react";
import type { Verdict } from "@/lib/verdicts/rules";
import { cn } from "./cn";
import { toneClass, verdictTone, verdictWord } from "./tone";

const line = { fill: "none", stroke: "currentColor", strokeLinecap: "round", strokeLinejoin: "round" } as const;

// Five silhouettes that read without colour: octagon, triangle, half disc, ring with tick, dashed ring.
const shapes: Record<Verdict, ReactNode> = {
  breached: (
    <>
      <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" fill="currentColor" />
      <path d="M8 4.2v4.6" stroke="var(--surface)" strokeWidth="1.9" strokeLinecap="round" />
      <circle cx="8" cy="11.5" r="1.1" fill="var(--surface)" />
    </>
  ),
  at_risk: (
    <>
      <path d="M8 2.2 14.6 13.6H1.4z" {...line} strokeWidth="1.7" />
      <path d="M8 6.4v3.2" {...line} strokeWidth="1.7" />
      <circle cx="8" cy="11.6" r=".95" fill="currentColor" />
    </>
  ),
  converging: (
    <>
      <circle cx="8" cy="8" r="6.2" {...line} strokeWidth="1.6" />
      <path d="M8 4a4 4 0 0 1 0 8z" fill="currentColor" />
    </>
  ),
  healthy: (
    <>
      <circle cx="8" cy="8" r="6.2" {...line} strokeWidth="1.5" />
      <path d="m5.3 8.2 1.9 1.9 3.6-4" {...line} strokeWidth="1.6" />
    </>
  ),
  unknown: (
    <>
      <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" strokeWidth="1.6" strokeDasharray="2.4 2.5" />
      <path d="M6 8h4" {...line} strokeWidth="1.6" />
    </>
  ),
};

type Props = { verdict: Verdict; size?: 14 | 16 | 20; was?: boolean; labelled?: boolean; className?: string };

/** The verdict as a silhouette. `was` greys it: what it showed before silence. Labelled when no word stands beside it. */
export function VerdictGlyph({ verdict, size = 16, was = false, labelled = false, className }: Props) {
  const name = was ? `Was ${verdictWord[verdict].toLowerCase()}` : verdictWord[verdict];
  const grey = was && verdict !== "breached";
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      className={cn("flex-none text-fg", grey ? "v-none" : toneClass[verdictTone[verdict]], className)}
      role="img"
      aria-label={name}
      aria-hidden={!labelled}
    >
      {shapes[verdict]}
    </svg>
  );
}
