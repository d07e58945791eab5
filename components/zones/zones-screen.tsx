"use client";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { WaitingPanel } from "@/components/cases/waiting-panel";
import { Loaded } from "@/components/live/loaded";
import { useFrozen } from "@/components/live/staleness";
import { RecentOperations } from "@/components/operations/recent-operations";
import { Page } from "@/components/shell/page";
import { Button, ButtonLink } from "@/components/ui/button";
import { useRowCursor } from "@/components/ui/cursor";
import { Empty } from "@/components/ui/empty";
import { useHeldOrder } from "@/components/ui/held-order";
import { MovedNote } from "@/components/ui/moved-note";
import { Panel } from "@/components/ui/panel";
import { LeadSentence } from "@/components/ui/sentence";
import { Skeleton, SkeletonRows } from "@/components/ui/skeleton";
import { zoneHref } from "@/components/ui/zone-badges";
import type { ZonesView } from "@/lib/zones/views";
import { HistoryPanel } from "./history-panel";
import { PagedPanel } from "./paged-panel";
import { zonesQuery } from "./queries";
import { TrendsPanel } from "./trends-panel";
import { useVerdictFilter, VerdictFilter } from "./verdict-filter";
import { ZoneCards } from "./zone-cards";
import { ZoneTable } from "./zone-table";

/** Which promise is broken, how badly, why, what do I do? */
export function ZonesScreen() {
  const query = useQuery(zonesQuery());
  return (
    <Page crumbs={[{ label: "Zones" }]}>
      <Loaded
        query={query}
        what="Zones"
        headline
        waiting={<Waiting />}
        empty={(data) => (data.zones.length === 0 ? <NoContract /> : null)}
      >
        {(data) => <Zones data={data} />}
      </Loaded>
    </Page>
  );
}

function Zones({ data }: { data: ZonesView }) {
  const router = useRouter();
  const frozen = useFrozen();
  const [chosen, setChosen] = useVerdictFilter();
  const matching = chosen.length === 0 ? data.zones : data.zones.filter((zone) => chosen.includes(zone.verdict));
  const { rows, movedN, release, hover } = useHeldOrder(matching, (zone) => zone.zoneId);
  const cursor = useRowCursor(
    rows.map((zone) => zone.zoneId),
    (id) => router.push(zoneHref(id)),
  );
  return (
    <>
      {/* Room for two lines: a sentence that grows by a word moves nothing below it. */}
      <LeadSentence parts={data.sentence} className="md:min-h-[2lh]" />
      <PagedPanel callingN={data.asking.alertsN} />
      <div className="flex items-end justify-between gap-3">
        <VerdictFilter counts={data.counts} was={frozen} />
        <ButtonLink href="/wall" size="sm" className="max-lg:hidden">
          Wall view
        </ButtonLink>
      </div>
      {rows.length === 0 ? (
        <Panel className="mt-3.5">
          <Empty
            kind="filtered"
            title={`None of the ${data.zones.length} zones is in this state now`}
            actions={
              <Button size="sm" onClick={() => setChosen(null)}>
                Show all
              </Button>
            }
          />
        </Panel>
      ) : (
        <>
          <Panel aria-label="Zones" className="relative mt-3.5 overflow-hidden max-md:hidden" {...hover}>
            <MovedNote movedN={movedN} what={movedN === 1 ? "zone" : "zones"} release={release} />
            <ZoneTable zones={rows} now={data.now} frozen={frozen} cursor={cursor.id} />
          </Panel>
          <div className="md:hidden">
            <ZoneCards zones={matching} now={data.now} frozen={frozen} />
          </div>
        </>
      )}
      {data.noContractN > 0 && (
        <p className="mt-2 text-12 text-ink-2">
          {data.noContractN.toLocaleString("en-US")} parked {data.noContractN === 1 ? "message belongs" : "messages belong"} to an
          event that no contract names.
        </p>
      )}
      <div className="mt-4 grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_392px]">
        <div className="min-w-0 space-y-4">
          <HistoryPanel history={data.history} />
          <TrendsPanel zoneIds={data.zones.map(({ zoneId }) => zoneId)} now={data.now} />
        </div>
        <div className="min-w-0 space-y-4">
          <WaitingPanel />
          <RecentOperations />
        </div>
      </div>
    </>
  );
}

function NoContract() {
  return (
    <Panel>
      <Empty
        kind="first-use"
        headline
        title="No contract yet"
        actions={
          <ButtonLink href="/sources" size="sm">
            See the sources
          </ButtonLink>
        }
      >
        A zone starts with a promise between services, such as “an accepted order is paid for and reserved within 5 min”. Write it
        as a file in the contracts folder; it appears here within seconds.
      </Empty>
    </Panel>
  );
}

function Waiting() {
  return (
    <>
      <Skeleton className="h-6 w-3/4" />
      <Skeleton className="mt-4 h-6 w-72" />
      <Panel className="mt-3.5">
        <SkeletonRows rows={5} />
      </Panel>
    </>
  );
}
