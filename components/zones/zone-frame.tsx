"use client";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Loaded } from "@/components/live/loaded";
import { Page } from "@/components/shell/page";
import { SkeletonBlock } from "@/components/ui/skeleton";
import { zoneHref } from "@/components/ui/zone-badges";
import type { ZoneView } from "@/lib/zones/views";
import { zoneAroundQuery } from "./queries";
import { ZoneTabs } from "./zone-tabs";
import { ZoneTitle } from "./zone-verdict";

type Props = {
  zoneId: string;
  part: string;
  actions?: (view: ZoneView) => ReactNode;
  children: (view: ZoneView) => ReactNode;
};

/** A part of a zone: its name, its tabs, and what the part shows. */
export function ZoneFrame({ zoneId, part, actions, children }: Props) {
  const query = useQuery(zoneAroundQuery(zoneId));
  const title = query.data?.zone.title ?? zoneId;
  return (
    <Page crumbs={[{ label: "Zones", href: "/zones" }, { label: title, href: zoneHref(zoneId) }, { label: part }]}>
      <Loaded query={query} what="This zone" headline waiting={<SkeletonBlock />}>
        {(view) => (
          <>
            <div className="mb-3 flex flex-wrap items-center gap-2">
              <ZoneTitle zoneId={zoneId} title={view.zone.title} />
              {actions && <span className="ml-auto">{actions(view)}</span>}
            </div>
            <ZoneTabs zoneId={zoneId} revision={view.contract.revision} />
            <div className="mt-4">{children(view)}</div>
          </>
        )}
      </Loaded>
    </Page>
  );
}
