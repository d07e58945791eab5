import { type Need, one } from "@/app/_server/needs";
import { zoneQuery } from "@/components/zones/queries";
import { parseZoneId } from "@/lib/zones/input";
import { readZone } from "@/lib/zones/service";
import type { ZoneView } from "@/lib/zones/views";

/** What every part of a zone has above it: the zone's name, and how much stands in its other parts. */
export const zoneNeed = (names: { zoneId: string }, then?: (view: ZoneView) => Need[]): Need =>
  one(zoneQuery(names.zoneId), parseZoneId, readZone, names, then);
