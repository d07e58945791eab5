"use client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useQueryState } from "nuqs";
import { useState } from "react";
import { Loaded } from "@/components/live/loaded";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { filterInUrl } from "@/components/ui/filter-in-url";
import { FilterInput } from "@/components/ui/filter-input";
import { Panel } from "@/components/ui/panel";
import { parseFilter } from "@/components/ui/query-filter";
import { LeadSentence, Sentence } from "@/components/ui/sentence";
import { ShowMore } from "@/components/ui/show-more";
import { Skeleton, SkeletonRows } from "@/components/ui/skeleton";
import { filterKeys, groupSearch, openKeys } from "./filter";
import { GroupList } from "./group-list";
import { groupHref } from "./group-row";
import { facetsQuery, groupsQuery } from "./queries";

/** Groups that a filter in the URL narrows, within what a screen is about (`zone:orders`). */
export function GroupsPanel({ within = "", lead = false }: { within?: string; lead?: boolean }) {
  const router = useRouter();
  const [filter, setFilter] = useQueryState("q", filterInUrl);
  const query = useInfiniteQuery(groupsQuery(groupSearch(filter, within)));
  const [filters, setFilters] = useState(false);
  const { data: facets } = useQuery({ ...facetsQuery(), enabled: filters });
  const first = query.data?.pages[0];
  const sentence = lead ? (
    <LeadSentence parts={first?.sentence ?? []} className="mb-3" />
  ) : (
    <p className="mb-3 text-18 text-ink-2 max-md:text-15">
      <Sentence parts={first?.sentence ?? []} />
    </p>
  );
  return (
    <>
      {first ? sentence : <Skeleton className="mb-4 h-6 w-3/5" />}
      <div className="mt-3.5 mb-3 flex">
        <FilterInput
          label="Filter groups"
          value={filter}
          keys={openKeys(within, facets)}
          onChange={(value) => setFilter(value || null)}
          onOpen={() => setFilters(true)}
        />
      </div>
      <Loaded
        query={query}
        what="Dead letters"
        headline={lead}
        waiting={
          <Panel>
            <SkeletonRows rows={6} />
          </Panel>
        }
        empty={(view) =>
          view.pages[0]?.groups.length === 0 ? <Nothing filter={filter} setFilter={(value) => setFilter(value || null)} /> : null
        }
      >
        {({ pages }) => (
          <>
            <GroupList
              view={{ ...pages[0]!, groups: pages.flatMap((page) => page.groups) }}
              open={(id) => router.push(groupHref(id))}
            />
            <ShowMore query={query} words="Show more groups" apart />
          </>
        )}
      </Loaded>
    </>
  );
}

function Nothing({ filter, setFilter }: { filter: string; setFilter: (value: string) => void }) {
  const tokens = parseFilter(filter, filterKeys(undefined));
  if (tokens.length === 0)
    return (
      <Panel>
        <Empty kind="good" title="Nothing is parked">
          Every message that Accord knows of was processed, resolved or discarded.
        </Empty>
      </Panel>
    );
  const rest = tokens.slice(0, -1).map((token) => token.raw);
  return (
    <Panel>
      <Empty
        kind="filtered"
        title={`No group matches ${tokens.length === 1 ? "this filter" : `these ${tokens.length} filters`}`}
        actions={
          <>
            <Button size="sm" onClick={() => setFilter(rest.join(" "))}>
              Remove {tokens.at(-1)!.raw}
            </Button>
            {tokens.length > 1 && (
              <Button size="sm" tone="ghost" onClick={() => setFilter("")}>
                Clear all
              </Button>
            )}
          </>
        }
      >
        What is parked lies outside of <span className="mono">{filter}</span>.
      </Empty>
    </Panel>
  );
}
