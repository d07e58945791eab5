import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson } from "@/components/fetch";
import type { AlertsView, AlertView, BellView, ReplayView } from "@/lib/alerts/views";
import type { PagedView } from "@/lib/notifications/views";

const root = "/api/v1/alerts";
const live = { refetchInterval: 5_000, refetchIntervalInBackground: false } as const;

/** A list of alerts; `search` is state and zone as the address has them. */
export const alertsQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ["alerts", "list", search],
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams(search);
      if (pageParam !== null) query.set("after", pageParam);
      return getJson<AlertsView>(`${root}?${query}`, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page: AlertsView) => page.after,
    placeholderData: keepPreviousData,
    ...live,
  });

export const alertQuery = (alertId: string) =>
  queryOptions({
    queryKey: ["alerts", "one", alertId],
    queryFn: ({ signal }) => getJson<AlertView>(`${root}/${encodeURIComponent(alertId)}`, signal),
    ...live,
  });

/** What the bell shows when it is opened; its number comes with the zones. */
export const bellQuery = () =>
  queryOptions({ queryKey: ["alerts", "bell"], queryFn: ({ signal }) => getJson<BellView>(`${root}/bell`, signal) });

/** What somebody was paged for; asked for again where `enabled`. */
export const pagedQuery = (enabled: boolean) =>
  queryOptions({
    queryKey: ["alerts", "paged"],
    queryFn: ({ signal }) => getJson<PagedView>(`${root}/paged`, signal),
    ...live,
    enabled,
  });

/** A condition tried out; asked once for what was typed. */
export const replayQuery = (zone: string, when: string) =>
  queryOptions({
    queryKey: ["alerts", "replay", zone, when],
    queryFn: ({ signal }) => getJson<ReplayView>(`${root}/replay?${new URLSearchParams({ zone, when })}`, signal),
    retry: false,
    staleTime: 60_000,
  });
