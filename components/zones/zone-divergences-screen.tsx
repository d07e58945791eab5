"use client";
import { useQuery } from "@tanstack/react-query";
import { DivergenceList } from "@/components/reconciliation/divergence-list";
import { RulesPanel } from "@/components/reconciliation/rules-panel";
import { Page } from "@/components/shell/page";
import { Loaded } from "@/components/ui/loaded";
import { SkeletonBlock } from "@/components/ui/skeleton";
import { zoneQuery } from "./queries";
import { zoneHref } from "./zone-table-row";
import { ZoneTabs } from "./zone-tabs";

/** What a zone's rules compare, how they go, and what they found. */
export function ZoneDivergencesScreen({ zoneId }: { zoneId: string }) {
  const query = useQuery(zoneQuery(zoneId));
  const title = query.data?.zone.title ?? zoneId;
  return (
    <Page crumbs={[{ label: "Zones", href: "/zones" }, { label: title, href: zoneHref(zoneId) }, { label: "Divergences" }]}>
      <Loaded query={query} what="This zone" headline waiting={<SkeletonBlock />}>
        {({ zone, contract }) => (
          <>
            <h1 className="mb-3 text-22 font-semibold tracking-[-0.015em]">{zone.title}</h1>
            <ZoneTabs
              zoneId={zoneId}
              revision={contract.revision}
              parkedN={zone.parkedN}
              keysN={zone.keysN}
              divergencesN={zone.divergencesN}
              casesN={zone.casesN}
            />
            <div className="mt-4">
              {contract.reconcile.length > 0 && <RulesPanel zoneId={zoneId} />}
              <DivergenceList zoneId={zoneId} />
            </div>
          </>
        )}
      </Loaded>
    </Page>
  );
}
