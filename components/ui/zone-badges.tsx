import type { ZoneView } from "@/lib/zones/views";
import { VerdictBadge } from "./badge";
import { Link } from "./link";

/** The page of a zone. */
export const zoneHref = (zoneId: string): string => `/zones/${encodeURIComponent(zoneId)}`;

type Named = Pick<ZoneView["zone"], "zoneId" | "title" | "verdict">;

/** The zones that something touches, as ways to them. */
export function ZoneBadges({ zones }: { zones: readonly Named[] }) {
  if (zones.length === 0) return <span className="text-ink-3">No contract names this event</span>;
  return zones.map((zone) => (
    <Link key={zone.zoneId} href={zoneHref(zone.zoneId)}>
      <VerdictBadge verdict={zone.verdict}>{zone.title}</VerdictBadge>
    </Link>
  ));
}
