"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { groupsCountQuery } from "@/components/dead-letters/queries";
import { cn } from "@/components/ui/cn";
import { countText } from "@/components/ui/format";
import { Icon } from "@/components/ui/icons";
import { zonesQuery } from "@/components/zones/queries";
import { isAt, places } from "./places";

export const navLook =
  "flex h-7 items-center gap-2 rounded-control px-2 text-ink-2 hover:bg-hover aria-[current]:bg-surface aria-[current]:font-medium aria-[current]:text-ink aria-[current]:ring-1 aria-[current]:ring-line";

/** How many stand behind a place: zones, and groups of dead letters. */
function useCounts(): Record<string, number | undefined> {
  const zones = useQuery({ ...zonesQuery(), select: (data) => data.zones.length });
  const groups = useQuery(groupsCountQuery());
  return { "/zones": zones.data, "/dead-letters": groups.data };
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

/** The same places at the bottom of a phone, under the thumb. */
export function BottomNav() {
  const path = usePathname();
  const counts = useCounts();
  return (
    <nav
      aria-label="Main"
      className="sticky bottom-0 z-20 grid grid-cols-6 border-t bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {places.map((place) => {
        const here = isAt(path, place.href);
        return (
          <Link
            key={place.href}
            href={place.href}
            aria-current={here ? "page" : undefined}
            className={cn(
              "relative flex h-[58px] flex-col items-center justify-center gap-0.5 text-11 text-ink-3",
              here && "font-semibold text-ink",
            )}
          >
            <Icon name={place.icon} size={20} />
            {place.label}
            {place.href === "/dead-letters" && Boolean(counts[place.href]) && (
              <span className="absolute top-[7px] left-[calc(50%+8px)] text-[10px] leading-[13px] font-semibold text-breach-fg">
                {countText(counts[place.href]!)}
              </span>
            )}
          </Link>
        );
      })}
    </nav>
  );
}
