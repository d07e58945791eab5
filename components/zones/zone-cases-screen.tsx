"use client";
import { useCaseFilter } from "@/components/cases/case-filter";
import { CaseList } from "@/components/cases/case-list";
import { OpenCaseButton } from "@/components/cases/open-case";
import { ZoneFrame } from "./zone-frame";

/** A zone's cases, what is due first. */
export function ZoneCasesScreen({ zoneId }: { zoneId: string }) {
  const of = useCaseFilter(zoneId);
  return (
    <ZoneFrame
      zoneId={zoneId}
      part="Cases"
      actions={({ zone, contract }) => <OpenCaseButton zoneId={zoneId} title={zone.title} keyName={contract.keyName} />}
    >
      {() => <CaseList of={of} withZone={false} />}
    </ZoneFrame>
  );
}
