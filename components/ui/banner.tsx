import type { ReactNode } from "react";
import type { Verdict } from "@/lib/verdicts/rules";
import { cn } from "./cn";
import { VerdictGlyph } from "./glyph";
import { toneClass, verdictTone } from "./tone";

type Props = { look: Verdict; title: ReactNode; children?: ReactNode; actions?: ReactNode; className?: string };

/** What stands above the rest: stale, partial, ended, refused. `look` lends glyph and colour. */
export function Banner({ look, title, children, actions, className }: Props) {
  return (
    <div
      role="status"
      className={cn(
        "flex flex-wrap items-start gap-x-2.5 gap-y-2 rounded-panel border border-edge bg-tint px-3.5 py-2.5",
        toneClass[verdictTone[look]],
        className,
      )}
    >
      <VerdictGlyph verdict={look} className="mt-0.5" />
      <div className="min-w-0 flex-1 basis-60">
        <b>{title}</b>
        {children && <div className="text-12 text-ink-2">{children}</div>}
      </div>
      {actions && <div className="ml-auto flex items-center gap-2">{actions}</div>}
    </div>
  );
}
