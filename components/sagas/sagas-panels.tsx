"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useQueryState } from "nuqs";
import { Loaded } from "@/components/live/loaded";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { filterInUrl } from "@/components/ui/filter-in-url";
import { FilterInput } from "@/components/ui/filter-input";
import { Panel } from "@/components/ui/panel";
import { parseFilter } from "@/components/ui/query-filter";
import { LeadSentence } from "@/components/ui/sentence";
import { ShowMore } from "@/components/ui/show-more";
import { Skeleton, SkeletonRows } from "@/components/ui/skeleton";
import type { SagasView } from "@/lib/sagas/views";
import { filterKeys, filterSearch } from "./filter";
import { GroupList } from "./group-list";
import { sagasQuery } from "./queries";
import { SagaList } from "./saga-list";
import { SuccessPanel } from "./success-panel";

/** Sagas of all zones, or of one: what needs somebody by type and step, the list with its filter, and how compensations end. */
export function SagasPanels({ zone = null }: { zone?: string | null }) {
  const [filter, setFilter] = useQueryState("q", filterInUrl);
  const search = filterSearch(filter, zone);
  const query = useInfiniteQuery(sagasQuery(search));
  const first = query.data?.pages[0];
  const groups = first?.groups.filter((group) => zone === null || group.zone.zoneId === zone) ?? [];
  return (
    <div className="space-y-4">
      {zone === null && (first ? <LeadSentence parts={first.sentence} /> : <Skeleton className="h-6 w-3/5" />)}
      {first && <GroupList groups={groups} now={first.now} onShow={(text) => setFilter(text)} />}
      <div className="flex">
        <FilterInput
          label="Filter sagas"
          value={filter}
          keys={filterKeys(first?.facets)}
          onChange={(value) => setFilter(value || null)}
        />
      </div>
      <Loaded
        query={query}
        what="Sagas"
        headline={zone === null}
        waiting={
          <Panel>
            <SkeletonRows rows={6} />
          </Panel>
        }
        empty={(data) => (data.pages[0]?.sagas.length === 0 ? <Nothing filter={filter} clear={() => setFilter(null)} /> : null)}
      >
        {({ pages }) => (
          <>
            <SagaList sagas={pages.flatMap((page: SagasView) => page.sagas)} now={pages[0]!.now} />
            <ShowMore query={query} words="Show more sagas" apart />
          </>
        )}
      </Loaded>
      <SuccessPanel zone={zone} />
    </div>
  );
}

function Nothing({ filter, clear }: { filter: string; clear: () => void }) {
  return (
    <Panel>
      {parseFilter(filter, filterKeys(undefined)).length === 0 ? (
        <Empty kind="good" title="Nothing is stuck, held or being undone">
          Sagas that go well are not listed; <span className="mono">state:running</span> shows them.
        </Empty>
      ) : (
        <Empty
          kind="filtered"
          title="No saga matches this filter"
          actions={
            <Button size="sm" onClick={clear}>
              Clear all
            </Button>
          }
        >
          There is none within <span className="mono">{filter}</span>.
        </Empty>
      )}
    </Panel>
  );
}
