"use client";
import { useQuery } from "@tanstack/react-query";
import { useCaseFilter } from "@/components/cases/case-filter";
import { CaseList } from "@/components/cases/case-list";
import { OpenCaseButton } from "@/components/cases/open-case";
import { Page } from "@/components/shell/page";
import { Loaded } from "@/components/ui/loaded";
import { SkeletonBlock } from "@/components/ui/skeleton";
import { zoneQuery } from "./queries";
import { zoneHref } from "./zone-table-row";
import { ZoneTabs } from "./zone-tabs";

/** A zone's cases, what is due first. */
export function ZoneCasesScreen({ zoneId }: { zoneId: string }) {
  const query = useQuery(zoneQuery(zoneId));
  const of = useCaseFilter(zoneId);
  const title = query.data?.zone.title ?? zoneId;
  return (
    <Page crumbs={[{ label: "Zones", href: "/zones" }, { label: title, href: zoneHref(zoneId) }, { label: "Cases" }]}>
      <Loaded query={query} what="This zone" headline waiting={<SkeletonBlock />}>
        {({ zone, contract }) => (
          <>
            <div className="mb-3 flex flex-wrap items-center gap-2">
              <h1 className="text-22 font-semibold tracking-[-0.015em]">{zone.title}</h1>
              <span className="ml-auto">
                <OpenCaseButton zoneId={zoneId} title={zone.title} keyName={contract.keyName} />
              </span>
            </div>
            <ZoneTabs
              zoneId={zoneId}
              revision={contract.revision}
              parkedN={zone.parkedN}
              keysN={zone.keysN}
              divergencesN={zone.divergencesN}
              casesN={zone.casesN}
            />
            <div className="mt-4">
              <CaseList of={of} withZone={false} />
            </div>
          </>
        )}
      </Loaded>
    </Page>
  );
}
