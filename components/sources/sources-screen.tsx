"use client";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { Loaded } from "@/components/live/loaded";
import { useFrozen } from "@/components/live/staleness";
import { Columns, Page } from "@/components/shell/page";
import { useWhyNot } from "@/components/shell/use-why-not";
import { Button, ButtonLink } from "@/components/ui/button";
import { useRowCursor } from "@/components/ui/cursor";
import { Empty } from "@/components/ui/empty";
import { useHeldOrder } from "@/components/ui/held-order";
import { MovedNote } from "@/components/ui/moved-note";
import { Panel } from "@/components/ui/panel";
import { LeadSentence } from "@/components/ui/sentence";
import { Skeleton, SkeletonBlock, SkeletonRows } from "@/components/ui/skeleton";
import type { SourcesView } from "@/lib/sources/views";
import { ConfigurationPanel, WorkersPanel } from "./configuration-panel";
import { FlowCards } from "./flow-cards";
import { FlowTable, lineId } from "./flow-table";
import { ordered } from "./order";
import { sourcesQuery } from "./queries";
import { SourcesPanel } from "./sources-panel";
import { useOrder } from "./use-order";
import { linesOf, sourceHref, sourcesSentence } from "./words";

/** How messages go through every consumer and outbox, whether their databases are seen, and why not. */
export function SourcesScreen() {
  const query = useQuery(sourcesQuery());
  return (
    <Page crumbs={[{ label: "Sources" }]}>
      <Loaded query={query} what="Sources" headline waiting={<Waiting />}>
        {(view) => (
          <>
            <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2.5">
              <LeadSentence
                parts={
                  view.sources.length === 0 ? [{ text: "No source is configured yet.", strong: true }] : sourcesSentence(view)
                }
                className="min-w-0 flex-1 basis-80 md:min-h-[2lh]"
              />
              <AddSource />
            </div>
            {view.sources.length > 0 && <Flows view={view} />}
            <Columns
              side={
                <>
                  <ConfigurationPanel view={view} />
                  <WorkersPanel view={view} />
                </>
              }
            >
              {view.sources.length === 0 ? <NoSource /> : <SourcesPanel view={view} />}
            </Columns>
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** The way to the databases that are no source yet; it stays in sight of those who may not go it, and says who can. */
function AddSource() {
  const blocked = useWhyNot()("source.discover", []);
  if (blocked === null)
    return (
      <ButtonLink href="/discovery" icon="plus">
        Add a source
      </ButtonLink>
    );
  return (
    <Button icon="plus" blocked={blocked}>
      Add a source
    </Button>
  );
}

function Flows({ view }: { view: SourcesView }) {
  const router = useRouter();
  const by = useOrder();
  const frozen = useFrozen();
  const lines = ordered(linesOf(view), by.order, by.turned, view.now);
  const { rows, movedN, release, hover } = useHeldOrder(lines, lineId, `${by.order} ${by.turned}`);
  const cursor = useRowCursor(rows.map(lineId), (id) => router.push(sourceHref(id.split("/")[0]!)));
  return (
    <>
      <Panel aria-label="Consumers and outboxes" className="relative mt-3.5 overflow-hidden max-md:hidden" {...hover}>
        <MovedNote movedN={movedN} what={movedN === 1 ? "row" : "rows"} release={release} />
        <FlowTable lines={rows} now={view.now} frozen={frozen} cursor={cursor.id} by={by} />
      </Panel>
      <div className="md:hidden">
        <FlowCards lines={lines} now={view.now} frozen={frozen} />
      </div>
    </>
  );
}

const NoSource = () => (
  <Panel>
    <Empty kind="first-use" icon="source" title="Nothing to look at yet">
      A source is the database of a service. &ldquo;Add a source&rdquo; looks at one and writes its lines of accord.yaml; named
      there with its service, preset and url it appears here within seconds.
    </Empty>
  </Panel>
);

const Waiting = () => (
  <>
    <Skeleton className="h-6 w-2/5" />
    <Panel className="mt-3.5">
      <SkeletonRows rows={5} />
    </Panel>
    <Panel className="mt-4 h-44">
      <SkeletonBlock />
    </Panel>
  </>
);
