"use client";
import { useQuery } from "@tanstack/react-query";
import { AgeHistogram } from "@/components/charts/age-histogram";
import { Loaded } from "@/components/live/loaded";
import { PromisePanel } from "@/components/objectives/promise-panel";
import { Columns, Page } from "@/components/shell/page";
import { Empty } from "@/components/ui/empty";
import { EventsPanel } from "@/components/ui/events";
import { durationText } from "@/components/ui/format";
import { Panel, PanelHead } from "@/components/ui/panel";
import { Skeleton, SkeletonBlock } from "@/components/ui/skeleton";
import type { KeysByAge, ZoneView } from "@/lib/zones/views";
import { AnomaliesPanel } from "./anomalies-panel";
import { CausesPanel } from "./causes-panel";
import { ContractPanel, PeoplePanel, RunbooksPanel } from "./contract-panel";
import { zoneQuery } from "./queries";
import { usualRange } from "./words";
import { ZoneCharts } from "./zone-charts";
import { ZoneHead } from "./zone-head";
import { ZoneTabs } from "./zone-tabs";

/** One zone: what is true, why, what is in the way, and what was promised. */
export function ZoneScreen({ zoneId }: { zoneId: string }) {
  const query = useQuery(zoneQuery(zoneId));
  return (
    <Page crumbs={[{ label: "Zones", href: "/zones" }, { label: query.data?.zone.title ?? zoneId }]}>
      <Loaded query={query} what="This zone" headline waiting={<Waiting />}>
        {(view) => <Health view={view} />}
      </Loaded>
    </Page>
  );
}

function Health({ view }: { view: ZoneView }) {
  const { zone, now } = view;
  return (
    <>
      <ZoneHead view={view} />
      <ZoneTabs zoneId={zone.zoneId} revision={view.contract.revision} />
      <Columns
        sideWidth={300}
        side={
          <>
            <ContractPanel view={view} />
            <PeoplePanel people={view.people} />
            <AnomaliesPanel lastHour={zone.lastHour} />
            <RunbooksPanel runbooks={view.runbooks} />
            <EventsPanel title="What happened" events={view.happened} now={now} none="Nothing was recorded in the last days." />
          </>
        }
      >
        <KeysPanel keys={view.keysByAge} />
        <CausesPanel causes={view.causes} now={now} />
        <PromisePanel zoneId={zone.zoneId} />
        <ZoneCharts zoneId={zone.zoneId} fallback={usualRange(zone, now)} />
      </Columns>
    </>
  );
}

function KeysPanel({ keys }: { keys: KeysByAge | null }) {
  const none = keys !== null && keys.insideN + keys.passingN + keys.pastN === 0;
  return (
    <Panel>
      <PanelHead
        title="Unresolved keys by age"
        note={keys === null || none ? undefined : `one bar is ${durationText(keys.barMs)}; keys move right until they converge`}
      />
      {keys === null ? (
        <p className="px-3.5 py-6 text-ink-3">Not known: not every source of this zone has been seen lately.</p>
      ) : none ? (
        <Empty kind="good" title="Nothing is waiting">
          Every business key of this zone that Accord knows of has converged.
        </Empty>
      ) : (
        <div className="px-3.5 py-3">
          <AgeHistogram keys={keys} />
        </div>
      )}
    </Panel>
  );
}

function Waiting() {
  return (
    <>
      <Skeleton className="h-6 w-72" />
      <Skeleton className="mt-3 h-5 w-3/4" />
      <Panel className="mt-16 h-40">
        <SkeletonBlock />
      </Panel>
    </>
  );
}
