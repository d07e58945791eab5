"use client";
import { useQuery } from "@tanstack/react-query";
import { Loaded } from "@/components/live/loaded";
import { useFrozen } from "@/components/live/staleness";
import { Columns, Page } from "@/components/shell/page";
import { EventsPanel } from "@/components/ui/events";
import { Panel, PanelHead } from "@/components/ui/panel";
import { LeadSentence } from "@/components/ui/sentence";
import { Skeleton, SkeletonBlock, SkeletonRows } from "@/components/ui/skeleton";
import type { SourceView } from "@/lib/sources/views";
import { EventsByZone } from "./events-by-zone";
import { FailingPanel } from "./failing-panel";
import { FlowCards } from "./flow-cards";
import { FlowTable } from "./flow-table";
import { ordered } from "./order";
import { sourceQuery } from "./queries";
import { RecordsPanel } from "./records-panel";
import { SetUpPanel } from "./set-up";
import { SourceLag } from "./source-lag";
import { About, Access, Figures, Seen, Trouble } from "./source-parts";
import { useOrder } from "./use-order";
import { sourceRange, sourceSentence } from "./words";

/** One service's database: what goes through it and how, what fails there, how it is set up, which versions came. */
export function SourceScreen({ sourceId }: { sourceId: string }) {
  const query = useQuery(sourceQuery(sourceId));
  return (
    <Page crumbs={[{ label: "Sources", href: "/sources" }, { label: query.data?.source.service ?? sourceId }]}>
      <Loaded query={query} what="This source" headline waiting={<Waiting />}>
        {(view) => <Source view={view} />}
      </Loaded>
    </Page>
  );
}

function Source({ view }: { view: SourceView }) {
  const { source, now } = view;
  return (
    <>
      <LeadSentence parts={sourceSentence(view)} className="md:min-h-[2lh]" />
      <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <Seen source={source} now={now} />
        <Access source={source} />
      </div>
      <Trouble source={source} now={now} />
      <Columns
        sideWidth={340}
        side={
          <>
            <Panel>
              <PanelHead title="Open here" note="as of the last look" />
              <div className="px-3.5 py-2.5">
                <Figures source={source} now={now} />
              </div>
            </Panel>
            <Panel>
              <PanelHead title="Configuration" />
              <div className="px-3.5 py-2.5">
                <About source={source} now={now} />
              </div>
            </Panel>
            <EventsPanel
              title="Deploys seen"
              now={now}
              none="Only one version was ever seen."
              events={view.deploys.map(({ at, consumer, version, kind }) => ({
                at,
                text: kind === "rollback" ? `${consumer} rolled back to ${version}` : `${consumer} ${version}`,
              }))}
            />
          </>
        }
      >
        <Flows view={view} />
        <SourceLag sourceId={source.sourceId} fallback={sourceRange(source, now)} />
        <FailingPanel view={view} />
        <EventsByZone title="Consumes" rows={view.consumes} now={now} none="No contract obliges a consumer of this service." />
        <EventsByZone title="Publishes" rows={view.publishes} now={now} none="No contract names an event of this service." />
        <RecordsPanel source={source} />
        <SetUpPanel source={source} now={now} />
      </Columns>
    </>
  );
}

function Flows({ view: { source, now } }: { view: SourceView }) {
  const by = useOrder();
  const frozen = useFrozen();
  const { sourceId, service } = source;
  const lines = ordered(
    source.flows.map((flow) => ({ ...flow, sourceId, service })),
    by.order,
    by.turned,
    now,
  );
  return (
    <>
      <Panel aria-label="Consumers and outbox" className="overflow-hidden max-md:hidden">
        <FlowTable lines={lines} now={now} frozen={frozen} cursor={null} by={by} />
      </Panel>
      <div className="md:hidden">
        <FlowCards lines={lines} now={now} frozen={frozen} />
      </div>
    </>
  );
}

const Waiting = () => (
  <>
    <Skeleton className="h-6 w-2/5" />
    <Panel className="mt-8">
      <SkeletonRows rows={3} />
    </Panel>
    <Panel className="mt-4 h-56">
      <SkeletonBlock />
    </Panel>
  </>
);
