import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson } from "@/components/fetch";
import type { CasesView, CaseView, WaitingView } from "@/lib/cases/views";

const root = "/api/v1/cases";
const live = { refetchInterval: 5_000, refetchIntervalInBackground: false } as const;

/** A list of cases; `search` is who, zone, state and kind as the address has them. */
export const casesQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ["cases", "list", search],
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams(search);
      if (pageParam !== null) query.set("after", pageParam);
      return getJson<CasesView>(`${root}?${query}`, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page: CasesView) => page.after,
    placeholderData: keepPreviousData,
    ...live,
  });

export const caseQuery = (caseId: string) =>
  queryOptions({
    queryKey: ["cases", "one", caseId],
    queryFn: ({ signal }) => getJson<CaseView>(`${root}/${encodeURIComponent(caseId)}`, signal),
    ...live,
  });

/** What waits for the person who looks. */
export const waitingQuery = () =>
  queryOptions({
    queryKey: ["cases", "waiting"],
    queryFn: ({ signal }) => getJson<WaitingView>("/api/v1/waiting", signal),
    ...live,
  });
