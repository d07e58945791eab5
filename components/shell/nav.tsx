"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useState } from "react";
import { groupsCountQuery } from "@/components/dead-letters/queries";
import { sagasCountQuery } from "@/components/sagas/queries";
import { cn } from "@/components/ui/cn";
import { countText } from "@/components/ui/format";
import { Icon } from "@/components/ui/icons";
import { zonesQuery } from "@/components/zones/queries";
import { MoreSheet } from "./more-sheet";
import { isAt, phonePlaces, places } from "./places";

export const navLook =
  "flex h-7 items-center gap-2 rounded-control px-2 text-ink-2 hover:bg-hover aria-[current]:bg-surface aria-[current]:font-medium aria-[current]:text-ink aria-[current]:ring-1 aria-[current]:ring-line";

/** How many stand behind a place: zones, groups of dead letters, sagas that need somebody, open cases. */
function useCounts(): Record<string, number | undefined> {
  const zones = useQuery({ ...zonesQuery(), select: (data) => data.zones.length });
  const groups = useQuery(groupsCountQuery());
  const sagas = useQuery(sagasCountQuery());
  const cases = useQuery({ ...zonesQuery(), select: (data) => data.zones.reduce((sum, zone) => sum + zone.casesN, 0) });
  return { "/zones": zones.data, "/dead-letters": groups.data, "/sagas": sagas.data, "/cases": cases.data };
}

/** The places, at the left. */
export function SideNav() {
  const path = usePathname();
  const counts = useCounts();
  return (
    <nav aria-label="Main" className="mt-2">
      {places.map((place) => (
        <Link key={place.href} href={place.href} aria-current={isAt(path, place.href) ? "page" : undefined} className={navLook}>
          <Icon name={place.icon} className={isAt(path, place.href) ? "text-ink" : "text-ink-3"} />
          {place.label}
          <span className="ml-auto text-11 font-normal text-ink-3">
            {counts[place.href] === undefined ? "" : countText(counts[place.href]!)}
          </span>
        </Link>
      ))}
    </nav>
  );
}

/** The places that one needs at night at the bottom of a phone, under the thumb; the rest is behind "More". */
export function BottomNav() {
  const path = usePathname();
  const counts = useCounts();
  const [more, setMore] = useState(false);
  const elsewhere = !phonePlaces.some((place) => isAt(path, place.href));
  const item = "relative flex h-14.5 flex-col items-center justify-center gap-0.5 text-11 text-ink-3";
  return (
    <nav aria-label="Main" className="sticky bottom-0 z-20 grid grid-cols-4 border-t bg-surface pb-safe md:hidden">
      {phonePlaces.map((place) => {
        const here = isAt(path, place.href);
        return (
          <Link
            key={place.href}
            href={place.href}
            aria-current={here ? "page" : undefined}
            className={cn(item, here && "font-semibold text-ink")}
          >
            <Icon name={place.icon} size={20} />
            {place.label}
            {place.href !== "/zones" && Boolean(counts[place.href]) && (
              <span className="absolute top-1.75 left-[calc(50%+8px)] text-10 leading-3.25 font-semibold text-breach-fg">
                {countText(counts[place.href]!)}
              </span>
            )}
          </Link>
        );
      })}
      <button type="button" onClick={() => setMore(true)} className={cn(item, elsewhere && "font-semibold text-ink")}>
        <Icon name="menu" size={20} />
        More
      </button>
      <MoreSheet open={more} onOpenChange={setMore} />
    </nav>
  );
}
