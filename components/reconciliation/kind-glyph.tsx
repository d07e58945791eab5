import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import type { Kind } from "@/lib/facts/rules";
import { kindWords } from "@/lib/reconciliation/words";

// The colours are those of the chart; the silhouettes tell without them.
const looks: Record<Kind, { color: string; drawing: ReactNode }> = {
  missing: { color: "var(--c-1)", drawing: <path d="M3 3h10v10H3z" strokeDasharray="2.2 2" /> },
  unexpected: { color: "var(--c-3)", drawing: <path d="M8 2.500v11M2.5 8h11" /> },
  mismatch: { color: "var(--c-2)", drawing: <path d="M3 6h10M3 10h10M10.5 2.800l-5 10.400" /> },
  duplicate: { color: "var(--c-4)", drawing: <path d="M2.5 2.500h8v8h-8zM5.5 13.500h8v-8" /> },
};

/** How a key differs, as a silhouette with its word. */
export function KindGlyph({ kind, detail, className }: { kind: Kind; detail?: ReactNode; className?: string }) {
  const { color, drawing } = looks[kind];
  return (
    <span className={cn("inline-flex items-center gap-1.5 whitespace-nowrap", className)}>
      <svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke={color} strokeWidth="1.8">
        {drawing}
      </svg>
      <span>
        {kindWords[kind]}
        {detail && <span className="text-ink-3">, {detail}</span>}
      </span>
    </span>
  );
}
