import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { type Tone, toneClass } from "@/components/ui/tone";
import type { CheckState } from "@/lib/sources/views";

const line = { fill: "none", stroke: "currentColor", strokeLinecap: "round", strokeLinejoin: "round", strokeWidth: 1.9 } as const;
const shapes: Record<CheckState, ReactNode> = {
  ok: <path d="m3 8.6 3.2 3.200L13 4.6" {...line} />,
  warn: <path d="M8 3.500v5.500M8 12.500v.01" {...line} />,
  fail: <path d="m4 4 8 8M12 4l-8 8" {...line} />,
  unknown: <path d="M3.500 8h9" {...line} />,
};

/** How a check ended: by shape as well as by colour, with its word for those who see neither. */
export function CheckGlyph({ state, tone, label }: { state: CheckState; tone: Tone; label: string }) {
  return (
    <svg viewBox="0 0 16 16" className={cn("mt-0.5 size-3.5 flex-none text-fg", toneClass[tone])} role="img" aria-label={label}>
      {shapes[state]}
    </svg>
  );
}
