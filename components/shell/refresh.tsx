"use client";
import type { ReactNode } from "react";
import { type RefreshInterval, refreshIntervals } from "@/components/live/refresh-interval";
import { refreshInterval, refreshNow } from "@/components/live/tab";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem, MenuNote } from "@/components/ui/menu";

const words: Record<RefreshInterval, string> = { live: "Live", "5s": "Every 5 s", "30s": "Every 30 s", off: "Off" };

/** How fresh the screen is, and under it how it is to be refreshed; kept per browser. */
export function Refresh({ children }: { children: ReactNode }) {
  const chosen = refreshInterval.use();
  return (
    <span className="flex items-center gap-2">
      <Menu
        trigger={
          <button
            type="button"
            title="How this screen is refreshed"
            className="rounded-control px-1 py-1 hover:bg-hover max-md:min-h-11"
          >
            {children}
          </button>
        }
      >
        <MenuNote>Refresh</MenuNote>
        {refreshIntervals.map((one) => (
          <MenuItem key={one} chosen={one === chosen} onSelect={() => refreshInterval.choose(one)}>
            {words[one]}
            {one === chosen && <span className="sr-only"> (chosen)</span>}
          </MenuItem>
        ))}
        {chosen === "off" && <MenuItem onSelect={refreshNow}>Refresh now</MenuItem>}
      </Menu>
      {chosen === "off" && (
        <Button size="sm" className="max-md:hidden" onClick={refreshNow}>
          Refresh
        </Button>
      )}
    </span>
  );
}
