"use client";
import { useQuery } from "@tanstack/react-query";
import { usePathname } from "next/navigation";
import { cn } from "@/components/ui/cn";
import { VerdictGlyph } from "@/components/ui/glyph";
import { useHeldOrder } from "@/components/ui/held-order";
import { Link } from "@/components/ui/link";
import { LiveAge } from "@/components/ui/live-age";
import { zonesQuery } from "@/components/zones/queries";
import type { ZoneRow } from "@/lib/zones/views";
import { navLook } from "./nav";
import { isAt } from "./places";

/** All zones, worst first, everywhere. */
export function ZoneList() {
  const path = usePathname();
  const { data } = useQuery(zonesQuery());
  const { rows, hover } = useHeldOrder(data?.zones ?? [], (zone) => zone.zoneId);
  return (
    <nav aria-label="Zones, worst first" className="min-h-0 overflow-y-auto" {...hover}>
      <h2 className="px-2 pt-3.5 pb-1 text-11 text-ink-3">Zones, worst first</h2>
      {rows.map((zone) => {
        const href = `/zones/${encodeURIComponent(zone.zoneId)}`;
        return (
          <Link key={zone.zoneId} href={href} aria-current={isAt(path, href) ? "page" : undefined} className={navLook}>
            <VerdictGlyph verdict={zone.verdict} size={14} labelled />
            <span className="truncate">{zone.title}</span>
            <Age zone={zone} now={data!.now} />
          </Link>
        );
      })}
    </nav>
  );
}

function Age({ zone, now }: { zone: ZoneRow; now: number }) {
  const calm = zone.verdict === "healthy" || zone.oldest === null;
  const age = calm ? null : <LiveAge since={zone.oldest!.since} asOf={now} short />;
  const text = zone.verdict !== "unknown" ? age : zone.silent ? "silent" : "unvouched";
  return (
    <span
      className={cn(
        "ml-auto whitespace-nowrap text-11 font-normal text-ink-3",
        zone.verdict === "breached" && "font-semibold text-breach-fg",
      )}
    >
      {text}
    </span>
  );
}
