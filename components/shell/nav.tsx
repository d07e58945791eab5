"use client";
import { useQuery } from "@tanstack/react-query";
import { usePathname } from "next/navigation";
import { useState } from "react";
import { cn } from "@/components/ui/cn";
import { countText } from "@/components/ui/format";
import { Icon } from "@/components/ui/icons";
import { Link } from "@/components/ui/link";
import { onDemand } from "@/components/ui/on-demand";
import { zonesQuery } from "@/components/zones/queries";
import type { Sum } from "@/lib/zones/views";
import { isAt, phonePlaces, placesOf } from "./places";
import { meQuery } from "./queries";

const MoreSheet = onDemand(() => import("./more-sheet").then((loaded) => loaded.MoreSheet));

export const navLook =
  "flex h-7 items-center gap-2 rounded-control px-2 text-ink-2 hover:bg-hover aria-[current]:bg-surface aria-[current]:font-medium aria-[current]:text-ink aria-[current]:ring-1 aria-[current]:ring-line";

type Asking = Sum & { one: string; many: string };

/** How many ask for somebody behind a place, from the one answer that the shell has anyway. */
function useCounts(): Record<string, Asking | undefined> {
  const { data } = useQuery(zonesQuery());
  if (!data) return {};
  const { alertsN, groupsN, casesN, sagas, divergences } = data.asking;
  const { breached, at_risk, unknown } = data.counts;
  const exactly = (n: number): Sum => ({ n, atLeast: false });
  return {
    "/zones": { ...exactly(breached + at_risk + unknown), one: "zone", many: "zones" },
    "/alerts": { ...exactly(alertsN), one: "alert", many: "alerts" },
    "/dead-letters": { ...exactly(groupsN), one: "group of messages", many: "groups of messages" },
    "/sagas": { ...sagas, one: "saga", many: "sagas" },
    "/divergences": { ...divergences, one: "divergence", many: "divergences" },
    "/cases": { ...exactly(casesN), one: "case", many: "cases" },
  };
}

/** What the number counts, in words: one meaning everywhere, and the noun of each place. */
const askingWords = ({ n, atLeast, one, many }: Asking): string =>
  `${atLeast ? "At least " : ""}${countText(n)} ${n === 1 ? `${one} asks` : `${many} ask`} for somebody${atLeast ? "; a zone is unknown" : ""}`;

function Count({ sum, className }: { sum: Asking | undefined; className: string }) {
  if (!sum) return null;
  return (
    <span className={className} title={askingWords(sum)}>
      {countText(sum.n)}
      {sum.atLeast && "+"}
    </span>
  );
}

// One zone has an entry of its own in the list below.
const isHere = (path: string, href: string): boolean => (href === "/zones" ? path === href : isAt(path, href));

/** The places, at the left. */
export function SideNav() {
  const path = usePathname();
  const counts = useCounts();
  const { data: me } = useQuery(meQuery());
  return (
    <nav aria-label="Main" className="mt-2">
      {placesOf(me?.actor).map((place) => (
        <Link key={place.href} href={place.href} aria-current={isHere(path, place.href) ? "page" : undefined} className={navLook}>
          <Icon name={place.icon} className={isHere(path, place.href) ? "text-ink" : "text-ink-3"} />
          {place.label}
          <Count sum={counts[place.href]} className="ml-auto text-11 font-normal text-ink-3" />
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
    <nav aria-label="Main" className="sticky bottom-0 z-20 grid grid-cols-4 border-t bg-surface pb-safe md:hidden print:hidden">
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
            {Boolean(counts[place.href]?.n) && (
              <Count
                sum={counts[place.href]}
                className="absolute top-1.75 left-[calc(50%+8px)] text-10 leading-3.25 font-semibold text-breach-fg"
              />
            )}
          </Link>
        );
      })}
      <button type="button" onClick={() => setMore(true)} className={cn(item, elsewhere && "font-semibold text-ink")}>
        <Icon name="menu" size={20} />
        More
      </button>
      {more && <MoreSheet onClose={() => setMore(false)} />}
    </nav>
  );
}
