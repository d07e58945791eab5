import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { chartIntervalMs } from "@/components/charts/range";
import { getJson } from "@/components/fetch";
import type { UnresolvedReason } from "@/lib/facts/rules";
import { chartPoints } from "@/lib/zones/charts.rules";
import type { ZoneActivityView, ZoneChartsView, ZoneKeysView, ZonesView, ZoneTrendsView, ZoneView } from "@/lib/zones/views";

/** Every two seconds while the tab is in sight: the interval at which sources are looked at. */
const live = { refetchInterval: 2_000, refetchIntervalInBackground: false, placeholderData: keepPreviousData } as const;

const path = (zoneId: string, rest = "") => `/api/v1/zones/${encodeURIComponent(zoneId)}${rest}`;

export const zonesQuery = () =>
  queryOptions({
    queryKey: ["zones", "list"],
    queryFn: ({ signal }) => getJson<ZonesView>("/api/v1/zones", signal),
    ...live,
  });

export const zoneQuery = (zoneId: string) =>
  queryOptions({
    queryKey: ["zones", "one", zoneId],
    queryFn: ({ signal }) => getJson<ZoneView>(path(zoneId), signal),
    refetchInterval: 2_000,
    refetchIntervalInBackground: false,
  });

/** A zone for what stands around one of its parts: of all that it answers only the contract is shown there, and that changes by hand. */
export const zoneAroundQuery = (zoneId: string) => queryOptions({ ...zoneQuery(zoneId), refetchInterval: 60_000 });

export const keysQuery = (zoneId: string, reason: UnresolvedReason | null) =>
  infiniteQueryOptions({
    queryKey: ["zones", "keys", zoneId, reason],
    queryFn: ({ signal, pageParam }) => {
      const search = new URLSearchParams({ ...(reason && { reason }), ...(pageParam && { after: pageParam }) });
      return getJson<ZoneKeysView>(path(zoneId, `/keys?${search}`), signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page: ZoneKeysView) => page.after,
    ...live,
  });

export const activityQuery = (zoneId: string) =>
  infiniteQueryOptions({
    queryKey: ["zones", "activity", zoneId],
    queryFn: ({ signal, pageParam }) =>
      getJson<ZoneActivityView>(
        path(zoneId, `/activity${pageParam ? `?${new URLSearchParams({ before: pageParam })}` : ""}`),
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page: ZoneActivityView) => page.older,
    ...live,
    refetchInterval: 5_000,
  });

const chartInterval = (range: string) => () => chartIntervalMs(range, Date.now());

export const zoneChartsQuery = (zoneId: string, range: string) =>
  queryOptions({
    queryKey: ["zones", "charts", zoneId, range],
    queryFn: ({ signal }) => getJson<ZoneChartsView>(path(zoneId, `/charts?range=${range}`), signal),
    select: chartPoints,
    ...live,
    refetchInterval: chartInterval(range),
  });

/** All zones in one answer. */
export const zoneTrendsQuery = (range: string) =>
  queryOptions({
    queryKey: ["zones", "trends", range],
    queryFn: ({ signal }) => getJson<ZoneTrendsView>(`/api/v1/zone-trends?range=${range}`, signal),
    ...live,
    refetchInterval: () => {
      const ms = chartIntervalMs(range, Date.now());
      return ms && Math.max(30_000, ms);
    },
  });
