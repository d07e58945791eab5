import { VerdictGlyph } from "@/components/ui/glyph";
import { Link } from "@/components/ui/link";
import type { ZoneTag } from "@/lib/verdicts/views";

/** The zones that a key stands in, each with how it is doing. */
export function ZoneLinks({ zones }: { zones: ZoneTag[] }) {
  return zones.map((zone) => (
    <Link
      key={zone.zoneId}
      href={`/zones/${encodeURIComponent(zone.zoneId)}`}
      className="inline-flex items-center gap-1 text-ink-2 hover:underline"
    >
      <VerdictGlyph verdict={zone.verdict} size={14} labelled />
      {zone.title}
    </Link>
  ));
}
