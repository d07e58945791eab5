"use client";
import { AlertList, useAlertFilter } from "@/components/alerts/alert-list";
import { ZoneFrame } from "./zone-frame";

/** A zone's alerts, what calls for somebody first. */
export function ZoneAlertsScreen({ zoneId }: { zoneId: string }) {
  const of = useAlertFilter(zoneId);
  return (
    <ZoneFrame zoneId={zoneId} part="Alerts">
      {() => <AlertList of={of} zoneId={zoneId} />}
    </ZoneFrame>
  );
}
