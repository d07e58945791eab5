"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Loaded } from "@/components/live/loaded";
import { EntryTable } from "@/components/timeline/entry-table";
import { Empty } from "@/components/ui/empty";
import { Panel, PanelHead } from "@/components/ui/panel";
import { ShowMore } from "@/components/ui/show-more";
import { SkeletonRows } from "@/components/ui/skeleton";
import { activityQuery } from "./queries";
import { ZoneFrame } from "./zone-frame";

/** What happened in a zone, and who did it. */
export function ZoneActivityScreen({ zoneId }: { zoneId: string }) {
  return (
    <ZoneFrame zoneId={zoneId} part="Activity">
      {() => <Activity zoneId={zoneId} />}
    </ZoneFrame>
  );
}

function Activity({ zoneId }: { zoneId: string }) {
  const query = useInfiniteQuery(activityQuery(zoneId));
  return (
    <Panel aria-label="Activity">
      <PanelHead title="Activity" note="acts, verdicts and deploys, newest first" />
      <Loaded
        query={query}
        what="The activity of this zone"
        waiting={<SkeletonRows />}
        empty={({ pages }) =>
          pages[0]?.entries.length === 0 ? (
            <Empty kind="first-use" title="Nothing happened yet">
              Acts of people, changes of the verdict and deploys of this zone's services will stand here.
            </Empty>
          ) : null
        }
      >
        {({ pages }) => (
          <>
            <EntryTable
              label="Activity of this zone"
              where="Who"
              now={pages[0]!.now}
              groups={[{ title: null, entries: pages.flatMap((page) => page.entries) }]}
            />
            <ShowMore query={query} words="Show older" />
          </>
        )}
      </Loaded>
    </Panel>
  );
}
