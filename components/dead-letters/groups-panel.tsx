"use client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useQueryState } from "nuqs";
import { useState } from "react";
import { Loaded } from "@/components/live/loaded";
import { filterInUrl } from "@/components/ui/filter-in-url";
import { FilterInput } from "@/components/ui/filter-input";
import { Panel } from "@/components/ui/panel";
import { Segmented } from "@/components/ui/segmented";
import { LeadSentence, Sentence } from "@/components/ui/sentence";
import { ShowMore } from "@/components/ui/show-more";
import { Skeleton, SkeletonRows } from "@/components/ui/skeleton";
import { groupSearch, openKeys, pastedText, queriesOf, readFilter } from "./filter";
import { GroupList } from "./group-list";
import { groupHref } from "./group-row";
import { GroupedPanel } from "./grouped-panel";
import { LettersPanel } from "./letters-panel";
import { groupingInUrl, listInUrl } from "./lists";
import { Nothing } from "./nothing";
import { facetsQuery, groupsQuery } from "./queries";
import { SavedViews } from "./saved-views";
import { TriageChips } from "./triage-chips";
import { useJump } from "./use-jump";

/** Dead letters that a query in the URL narrows, within what a screen is about (`zone:orders`): groups, sums of groups, or single messages. */
export function GroupsPanel({ within = "", lead = false }: { within?: string; lead?: boolean }) {
  const [filter, setFilterInUrl] = useQueryState("q", filterInUrl);
  const [list, setList] = useQueryState("list", listInUrl);
  const [by, setBy] = useQueryState("by", groupingInUrl);
  // What was closed stays readable, whatever is muted now.
  const closed = list === "closed";
  const search = groupSearch(filter, within, closed);
  const first = useInfiniteQuery(groupsQuery(search)).data?.pages[0];
  const jump = useJump();
  const [filters, setFilters] = useState(false);
  const { data: facets } = useQuery({ ...facetsQuery(), enabled: filters });
  const setFilter = (value: string) => void setFilterInUrl(value || null);
  const narrow = (token: string) => {
    setFilter([filter, token].filter(Boolean).join(" "));
    void setBy(null);
  };
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
      {lead && <SavedViews />}
      <div className="mt-3.5 mb-3 flex flex-wrap items-start gap-2.5">
        <FilterInput
          label="Filter groups"
          value={filter}
          keys={openKeys(within, facets)}
          read={(text) => readFilter(text, within)}
          pasted={pastedText}
          jump={jump}
          onChange={setFilter}
          onOpen={() => setFilters(true)}
        />
        <Segmented label="Show" value={list} options={listOptions} onChange={(value) => void setList(value)} />
        {list === "groups" && (
          <Segmented label="Group by" value={by} options={byOptions} onChange={(value) => void setBy(value)} />
        )}
      </div>
      {list === "groups" && <TriageChips filter={filter} setFilter={setFilter} mutedN={first?.mutedN ?? 0} />}
      {list !== "groups" ? (
        <LettersPanel
          search={search}
          queries={queriesOf(filter, within, closed)}
          side={closed ? "closed" : "open"}
          filter={filter}
          setFilter={setFilter}
        />
      ) : by !== "fingerprint" ? (
        <GroupedPanel search={search} by={by} filter={filter} setFilter={setFilter} pick={narrow} />
      ) : (
        <Groups search={search} queries={queriesOf(filter, within)} lead={lead} filter={filter} setFilter={setFilter} />
      )}
    </>
  );
}

const listOptions = [
  { value: "groups", label: "Groups" },
  { value: "messages", label: "Messages" },
  { value: "closed", label: "Closed" },
] as const satisfies { value: string; label: string }[];
const byOptions = [
  { value: "fingerprint", label: "Failure" },
  { value: "consumer", label: "Consumer" },
  { value: "event", label: "Event" },
  { value: "version", label: "Version" },
  { value: "zone", label: "Zone" },
] as const satisfies { value: string; label: string }[];

type Props = { search: string; queries: string[]; lead: boolean; filter: string; setFilter: (value: string) => void };

function Groups({ search, queries, lead, filter, setFilter }: Props) {
  const router = useRouter();
  const query = useInfiniteQuery(groupsQuery(search));
  return (
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
        view.pages[0]?.groups.length === 0 ? (
          <Nothing filter={filter} setFilter={setFilter} what="group" mutedN={view.pages[0].mutedN ?? 0} />
        ) : null
      }
    >
      {({ pages }) => (
        <>
          <GroupList
            view={{ ...pages[0]!, groups: pages.flatMap((page) => page.groups) }}
            queries={queries}
            open={(id) => router.push(groupHref(id))}
          />
          <ShowMore query={query} words="Show more groups" apart />
        </>
      )}
    </Loaded>
  );
}
