import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson } from "@/components/fetch";
import type { SourcesView } from "@/lib/sources/views";

export const sourcesQuery = () =>
  queryOptions({
    queryKey: ["sources", "list"],
    queryFn: ({ signal }) => getJson<SourcesView>("/api/v1/sources", signal),
    refetchInterval: 2_000,
    refetchIntervalInBackground: false,
    placeholderData: keepPreviousData,
  });
