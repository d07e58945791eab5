import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";

/** A surface with a border: the unit a screen is made of. */
export function Panel({ className, ...rest }: ComponentProps<"section">) {
  return <section {...rest} className={cn("min-w-0 rounded-panel border bg-surface shadow-panel", className)} />;
}

type HeadProps = { title: string; note?: ReactNode; children?: ReactNode; level?: 2 | 3; className?: string };

/** A panel's title, what it counts, and its controls at the end. */
export function PanelHead({ title, note, children, level = 2, className }: HeadProps) {
  const Title = level === 2 ? "h2" : "h3";
  return (
    <div className={cn("flex min-h-10.25 flex-wrap items-center gap-x-2.5 gap-y-1 border-b px-3.5 py-2", className)}>
      <Title className="font-semibold">{title}</Title>
      {note && <span className="min-w-0 text-12 text-ink-3">{note}</span>}
      {children && <div className="ml-auto flex flex-wrap items-center justify-end gap-2">{children}</div>}
    </div>
  );
}

/** Facts as term and value. */
export function Facts({ rows, className }: { rows: [term: string, value: ReactNode][]; className?: string }) {
  return (
    <dl className={cn("grid content-start grid-cols-[auto_minmax(0,1fr)] gap-x-3.5 gap-y-1.25 text-12", className)}>
      {rows.map(([term, value]) => (
        <div key={term} className="contents">
          <dt className="text-ink-3">{term}</dt>
          <dd className="min-w-0 [overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
