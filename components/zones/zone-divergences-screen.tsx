"use client";
import { DivergenceList } from "@/components/reconciliation/divergence-list";
import { RulesPanel } from "@/components/reconciliation/rules-panel";
import { ZoneFrame } from "./zone-frame";

/** What a zone's rules compare, how they go, and what they found. */
export function ZoneDivergencesScreen({ zoneId }: { zoneId: string }) {
  return (
    <ZoneFrame zoneId={zoneId} part="Divergences">
      {({ contract }) => (
        <>
          {contract.reconcile.length > 0 && <RulesPanel zoneId={zoneId} />}
          <DivergenceList zoneId={zoneId} />
        </>
      )}
    </ZoneFrame>
  );
}
