"use client";
import { SagasPanels } from "@/components/sagas/sagas-panels";
import { ZoneFrame } from "./zone-frame";

/** A zone's sagas: which need somebody, the list, and how its compensations end, step by step. */
export const ZoneSagasScreen = ({ zoneId }: { zoneId: string }) => (
  <ZoneFrame zoneId={zoneId} part="Sagas">
    {() => <SagasPanels zone={zoneId} />}
  </ZoneFrame>
);
