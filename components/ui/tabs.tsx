import { cn } from "./cn";
import { Link } from "./link";

/** `note` is short, as a rule a number; `noteTitle` says of what. */
export type Tab = { href: string; label: string; note?: string; noteTitle?: string; current: boolean };

/** Places of one noun, as links. */
export function Tabs({ tabs, label }: { tabs: Tab[]; label: string }) {
  return (
    <nav aria-label={label} className="flex gap-0.5 overflow-x-auto overflow-y-hidden border-b">
      {tabs.map((tab) => (
        <Link
          key={tab.href}
          href={tab.href}
          aria-current={tab.current ? "page" : undefined}
          className={cn(
            "-mb-px inline-flex h-9 flex-none items-center gap-1.5 border-b-2 border-transparent px-2.5 text-ink-2 -outline-offset-2 hover:text-ink max-md:h-11",
            tab.current && "border-ink font-medium text-ink",
          )}
        >
          {tab.label}
          {tab.note && (
            <span className="text-11 font-normal text-ink-3" title={tab.noteTitle}>
              {tab.note}
            </span>
          )}
        </Link>
      ))}
    </nav>
  );
}
