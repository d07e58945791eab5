import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson } from "@/components/fetch";
import type { SourceCheckView, SourcesView } from "@/lib/sources/views";

export const sourcesQuery = () =>
  queryOptions({
    queryKey: ["sources", "list"],
    queryFn: ({ signal }) => getJson<SourcesView>("/api/v1/sources", signal),
    meta: { looks: ({ now, sources }: SourcesView) => ({ now, observedAts: sources.map(({ observedAt }) => observedAt) }) },
    refetchInterval: 2_000,
    refetchIntervalInBackground: false,
    placeholderData: keepPreviousData,
  });

/** Asked when somebody unfolds it; a worker checks every few minutes. */
export const setUpQuery = (sourceId: string) =>
  queryOptions({
    queryKey: ["sources", "check", sourceId],
    queryFn: ({ signal }) => getJson<SourceCheckView>(`/api/v1/sources/${encodeURIComponent(sourceId)}/check`, signal),
    refetchInterval: 60_000,
    refetchIntervalInBackground: false,
  });
