"use client";
import { GroupsPanel } from "@/components/dead-letters/groups-panel";
import { ZoneFrame } from "./zone-frame";

/** What is parked in one zone. */
export function ZoneLettersScreen({ zoneId }: { zoneId: string }) {
  return (
    <ZoneFrame zoneId={zoneId} part="Dead letters">
      {() => <GroupsPanel within={`zone:${zoneId}`} />}
    </ZoneFrame>
  );
}
