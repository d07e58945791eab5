import type { ReactNode } from "react";
import { LiveNote } from "@/components/live/live-note";
import { cn } from "@/components/ui/cn";
import { StaleBanner } from "./stale-banner";
import { type Crumb, TopBar } from "./top-bar";
import { TroubleBanner } from "./trouble-banner";

/** A screen: where it is, then what it says. */
export function Page({ crumbs, children, className }: { crumbs: Crumb[]; children: ReactNode; className?: string }) {
  return (
    <>
      <TopBar crumbs={crumbs} />
      <div className={cn("min-w-0 flex-1 px-6 pt-5 pb-8 max-md:px-4 max-md:pt-3.5", className)}>
        <StaleBanner />
        <TroubleBanner />
        <LiveNote />
        {children}
      </div>
    </>
  );
}

/** A main column with a side column that moves under it when there is no room. */
export function Columns({ children, side, sideWidth = 384 }: { children: ReactNode; side: ReactNode; sideWidth?: number }) {
  return (
    <div
      className="mt-4 grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_var(--side)]"
      style={{ "--side": `${sideWidth}px` } as React.CSSProperties}
    >
      <div className="min-w-0 space-y-4">{children}</div>
      <aside aria-label="More about this" className="min-w-0 space-y-3">
        {side}
      </aside>
    </div>
  );
}
