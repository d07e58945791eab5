import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson } from "@/components/fetch";
import type { DivergencesView, DivergenceView, RulesView } from "@/lib/reconciliation/views";

const live = { refetchInterval: 5_000, refetchIntervalInBackground: false } as const;
const root = "/api/v1/divergences";

/** `search` is what the filter says, as the API takes it. */
export const divergencesQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ["divergences", "list", search],
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams(search);
      if (pageParam !== null) query.set("after", pageParam);
      return getJson<DivergencesView>(`${root}?${query}`, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page: DivergencesView) => page.after,
    ...live,
    // While somebody types what a key begins with, the rows before stay, and so does the field.
    placeholderData: keepPreviousData,
  });

export const divergenceQuery = (divergenceId: string) =>
  queryOptions({
    queryKey: ["divergences", "one", divergenceId],
    queryFn: ({ signal }) => getJson<DivergenceView>(`${root}/${encodeURIComponent(divergenceId)}`, signal),
    ...live,
    refetchInterval: 2_000,
  });

/** The rules of a zone, or of all that one may see. */
export const rulesQuery = (zoneId: string | null) =>
  queryOptions({
    queryKey: ["divergences", "rules", zoneId],
    queryFn: ({ signal }) =>
      getJson<RulesView>(`${root}/rules${zoneId === null ? "" : `?zone=${encodeURIComponent(zoneId)}`}`, signal),
    ...live,
  });
