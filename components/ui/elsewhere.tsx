import type { ReactNode } from "react";

/** A link to another tool, which is told nothing of where one came from. */
export function Elsewhere({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer" className="link [overflow-wrap:anywhere]">
      {children}
      <span className="sr-only"> (another tool)</span>
    </a>
  );
}
