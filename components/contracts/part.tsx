import type { ReactNode } from "react";
import { Panel, PanelHead } from "@/components/ui/panel";

/** One of the five parts of a contract. */
export function Part({ title, note, children }: { title: string; note: string; children: ReactNode }) {
  return (
    <Panel>
      <PanelHead title={title} note={note} />
      {children}
    </Panel>
  );
}

/** Marks what a contract says and Accord does not do yet: nobody may count on it. */
export const NotInForce = ({ children }: { children: string | null }) =>
  children && <span className="block text-12 text-risk-fg">Not in force yet: {children}</span>;

/** Marks a path of masking that led to nothing: whoever wrote it counts on it. */
export const Unmatched = ({ children }: { children: string | null }) =>
  children && <span className="block text-12 text-risk-fg">{children}</span>;

/** Several things in the place of one value. */
export const List = ({ items }: { items: ReactNode[] }) => (
  <ul className="space-y-1">
    {items.map((item, i) => (
      <li key={i}>{item}</li>
    ))}
  </ul>
);
