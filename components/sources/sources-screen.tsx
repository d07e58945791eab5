"use client";
import { useQuery } from "@tanstack/react-query";
import { Loaded } from "@/components/live/loaded";
import { Columns, Page } from "@/components/shell/page";
import { Empty } from "@/components/ui/empty";
import { useHeldOrder } from "@/components/ui/held-order";
import { MovedNote } from "@/components/ui/moved-note";
import { Panel } from "@/components/ui/panel";
import { LeadSentence } from "@/components/ui/sentence";
import { Skeleton, SkeletonBlock } from "@/components/ui/skeleton";
import type { SourcesView } from "@/lib/sources/views";
import { ConfigurationPanel, WorkersPanel } from "./configuration-panel";
import { sourcesQuery } from "./queries";
import { SourceCard } from "./source-card";
import { sourcesSentence } from "./words";

/** What Accord looks at, how fresh it is, and why not. */
export function SourcesScreen() {
  const query = useQuery(sourcesQuery());
  return (
    <Page crumbs={[{ label: "Sources" }]}>
      <Loaded query={query} what="Sources" headline waiting={<Waiting />}>
        {(view) => (
          <>
            <LeadSentence
              parts={view.sources.length === 0 ? [{ text: "No source is configured yet.", strong: true }] : sourcesSentence(view)}
            />
            <Columns
              side={
                <>
                  <ConfigurationPanel view={view} />
                  <WorkersPanel view={view} />
                </>
              }
            >
              {view.sources.length === 0 ? <NoSource /> : <List view={view} />}
            </Columns>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function List({ view }: { view: SourcesView }) {
  const { rows, movedN, release, hover } = useHeldOrder(view.sources, (source) => source.sourceId);
  return (
    <div className="relative space-y-4" {...hover}>
      <MovedNote movedN={movedN} what={movedN === 1 ? "source" : "sources"} release={release} />
      {rows.map((source) => (
        <SourceCard key={source.sourceId} source={source} now={view.now} />
      ))}
    </div>
  );
}

const NoSource = () => (
  <Panel>
    <Empty kind="first-use" icon="source" title="Nothing to look at yet">
      A source is the database of a service. Name one in accord.yaml with its service, preset and url; it appears here within
      seconds.
    </Empty>
  </Panel>
);

const Waiting = () => (
  <>
    <Skeleton className="h-6 w-2/5" />
    <div className="mt-4 space-y-4">
      {[0, 1, 2].map((i) => (
        <Panel key={i} className="h-44">
          <SkeletonBlock />
        </Panel>
      ))}
    </div>
  </>
);
