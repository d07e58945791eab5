import type { ReactNode } from "react";
import type { Verdict } from "@/lib/verdicts/rules";
import { cn } from "./cn";
import { VerdictGlyph } from "./glyph";
import { type Tone, toneClass, verdictTone } from "./tone";

/** A verdict in a tinted box. */
export function VerdictBadge({ verdict, children }: { verdict: Verdict; children: ReactNode }) {
  return (
    <span
      className={cn(
        "inline-flex h-5.5 flex-none items-center gap-1.25 whitespace-nowrap rounded-bar bg-tint pr-2 pl-1.5 text-12 font-semibold text-fg ring-1 ring-edge ring-inset",
        toneClass[verdictTone[verdict]],
      )}
    >
      <VerdictGlyph verdict={verdict} size={14} />
      {children}
    </span>
  );
}

type TagProps = { children: ReactNode; tone?: Tone; solid?: boolean; code?: boolean; className?: string };

/** A small fact in a box: a version, an id, a countdown. */
export function Tag({ children, tone, solid = false, code = false, className }: TagProps) {
  return (
    <span
      className={cn(
        "inline-flex h-4.5 flex-none items-center gap-1 whitespace-nowrap rounded-bar px-1.25 text-11",
        code && "mono",
        solid ? "bg-sunken text-ink-2" : "text-ink-2 ring-1 ring-line-strong ring-inset",
        tone && ["bg-tint font-medium text-fg ring-edge", toneClass[tone]],
        className,
      )}
    >
      {children}
    </span>
  );
}

/** Something that is going on, with a small diamond: "growing, 39 a minute". */
export function Flag({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span
      className={cn(
        "inline-flex flex-none items-center gap-1.25 whitespace-nowrap text-12 font-semibold text-fg",
        toneClass[tone],
      )}
    >
      <span className="size-1.25 rotate-45 bg-fill" />
      {children}
    </span>
  );
}

/** Initials in a disc. */
export function Avatar({ text, quiet = false, small = false }: { text: string; quiet?: boolean; small?: boolean }) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "inline-grid flex-none place-items-center rounded-full font-semibold tracking-initials",
        small ? "size-4.5 text-initials-sm" : "size-5.5 text-initials",
        quiet ? "bg-sunken text-ink-2 ring-1 ring-line-strong ring-inset" : "bg-ink text-canvas",
      )}
    >
      {text}
    </span>
  );
}
