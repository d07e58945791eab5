import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { hydrate } from "@/app/_server/page";
import { filterSearch } from "@/components/dead-letters/filter";
import { GroupsScreen } from "@/components/dead-letters/groups-screen";
import { groupsQuery } from "@/components/dead-letters/queries";
import { parseGroupFilter } from "@/lib/dead-letters/input";
import { listGroups } from "@/lib/dead-letters/service";

export const metadata: Metadata = { title: "Dead letters" };

type Props = { searchParams: Promise<{ q?: string | string[] }> };

export default async function DeadLettersPage({ searchParams }: Props) {
  const { q } = await searchParams;
  const search = filterSearch(typeof q === "string" ? q : "");
  const state = await hydrate([
    {
      queryKey: groupsQuery(search).queryKey,
      run: async (ctx) => ({ pages: [await listGroups(ctx, parseGroupFilter(valuesOf(search)))], pageParams: [null] }),
    },
  ]);
  return (
    <HydrationBoundary state={state}>
      <GroupsScreen />
    </HydrationBoundary>
  );
}

/** A query string as the door reads it: a name that is given twice is a list. */
function valuesOf(search: string): Record<string, string | string[]> {
  const params = new URLSearchParams(search);
  return Object.fromEntries(
    [...new Set(params.keys())].map((name) => {
      const values = params.getAll(name);
      return [name, values.length > 1 ? values : values[0]!];
    }),
  );
}
