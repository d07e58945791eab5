import type { ReactNode } from "react";
import type { ItemState } from "@/lib/operations/rules";
import { cn } from "./cn";
import { type Tone, toneClass } from "./tone";

const line = { fill: "none", stroke: "currentColor", strokeLinecap: "round", strokeLinejoin: "round" } as const;

const tick = <path d="m3 8.6 3.2 3.200L13 4.6" {...line} strokeWidth="1.9" />;
const cross = <path d="m4 4 8 8M12 4l-8 8" {...line} strokeWidth="1.9" />;

const shapes: Record<ItemState, ReactNode> = {
  succeeded: tick,
  failed_again: cross,
  duplicate: (
    <>
      <rect x="2" y="2" width="8.5" height="8.5" rx="1.5" {...line} strokeWidth="1.5" />
      <path d="M13.8 5.800v6.500a1.5 1.5 0 0 1-1.5 1.500H5.8" {...line} strokeWidth="1.5" />
    </>
  ),
  stale: <path d="M3 4v8l5.5-4zM12.5 4v8" {...line} strokeWidth="1.6" />,
  held: <path d="M5.5 4v8M10.5 4v8" {...line} strokeWidth="2" />,
  uncertain: (
    <>
      <path d="M5.4 6a2.6 2.6 0 1 1 3.7 2.400c-.8.4-1.1.8-1.1 1.6" {...line} strokeWidth="1.7" />
      <circle cx="8" cy="12.9" r="1" fill="currentColor" />
    </>
  ),
  waiting: <path d="M2.5 8h10M8.5 4l4 4-4 4" {...line} strokeWidth="1.6" />,
  discarded: <path d="M3.5 5h9M6.5 5V3.500h3V5M4.7 5l.6 8.500h5.400L11.3 5" {...line} strokeWidth="1.5" />,
  by_hand: (
    <>
      {tick}
      <path d="M2.5 14h11" {...line} strokeWidth="1.5" />
    </>
  ),
  taken_back: <path d="M6 3.500 2.800 6.700 6 9.900M3 6.700h6.200a3.600 3.600 0 0 1 0 7.200H6" {...line} strokeWidth="1.6" />,
  behind: <path d="M2.5 8h5M10.5 4v8M13.5 4v8" {...line} strokeWidth="1.7" />,
  cancelled: <path d="M12.2 3.8 3.8 12.200M13.8 8A5.8 5.8 0 1 1 2.2 8a5.8 5.8 0 0 1 11.6 0z" {...line} strokeWidth="1.5" />,
};

export const outcomeTone: Record<ItemState, Tone> = {
  succeeded: "ok",
  failed_again: "breach",
  duplicate: "none",
  stale: "none",
  held: "risk",
  uncertain: "risk",
  waiting: "none",
  discarded: "none",
  by_hand: "ok",
  taken_back: "none",
  cancelled: "none",
  behind: "risk",
};

export const outcomeWord: Record<ItemState, string> = {
  succeeded: "Succeeded",
  failed_again: "Failed again",
  duplicate: "Duplicate",
  stale: "Skipped, stale",
  held: "Waits for order",
  uncertain: "Uncertain",
  waiting: "Still to deliver",
  discarded: "Discarded",
  by_hand: "By hand",
  taken_back: "Taken back",
  cancelled: "Cancelled",
  behind: "Behind a failure",
};

/** How an item ended or where it stands; a word always stands beside it. */
export function OutcomeGlyph({ state, size = 16, className }: { state: ItemState; size?: 12 | 14 | 16; className?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      aria-hidden="true"
      className={cn("flex-none text-fg", toneClass[outcomeTone[state]], className)}
    >
      {shapes[state]}
    </svg>
  );
}
