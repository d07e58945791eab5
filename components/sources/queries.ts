import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { chartIntervalMs } from "@/components/charts/range";
import { getJson } from "@/components/fetch";
import { isUnderWay } from "@/lib/sources/discovery.rules";
import type { DiscoveryView, SourceCheckView, SourcesView, SourceView } from "@/lib/sources/views";
import type { SourceLagView } from "@/lib/zones/views";

export const sourcesQuery = () =>
  queryOptions({
    queryKey: ["sources", "list"],
    queryFn: ({ signal }) => getJson<SourcesView>("/api/v1/sources", signal),
    refetchInterval: 2_000,
    refetchIntervalInBackground: false,
    placeholderData: keepPreviousData,
  });

const path = (sourceId: string, rest = "") => `/api/v1/sources/${encodeURIComponent(sourceId)}${rest}`;

export const sourceQuery = (sourceId: string) =>
  queryOptions({
    queryKey: ["sources", "one", sourceId],
    queryFn: ({ signal }) => getJson<SourceView>(path(sourceId), signal),
    refetchInterval: 2_000,
    refetchIntervalInBackground: false,
  });

export const sourceLagQuery = (sourceId: string, range: string) =>
  queryOptions({
    queryKey: ["sources", "lag", sourceId, range],
    queryFn: ({ signal }) => getJson<SourceLagView>(path(sourceId, `/lag?range=${range}`), signal),
    refetchInterval: () => chartIntervalMs(range, Date.now()),
    refetchIntervalInBackground: false,
    placeholderData: keepPreviousData,
  });

/** Asked when somebody unfolds it; a worker checks every few minutes. */
export const setUpQuery = (sourceId: string) =>
  queryOptions({
    queryKey: ["sources", "check", sourceId],
    queryFn: ({ signal }) => getJson<SourceCheckView>(path(sourceId, "/check"), signal),
    refetchInterval: 60_000,
    refetchIntervalInBackground: false,
  });

/** A look is asked after while it is under way; what it found stays until the next. Under a noun of its own, since no event tells of it. */
export const discoveryQuery = () =>
  queryOptions({
    queryKey: ["discovery"],
    queryFn: ({ signal }) => getJson<DiscoveryView>("/api/v1/discovery", signal),
    refetchInterval: ({ state: { data } }) => (data?.look && isUnderWay(data.look) ? 1_000 : 30_000),
    refetchIntervalInBackground: false,
  });
