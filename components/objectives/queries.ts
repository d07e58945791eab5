import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson } from "@/components/fetch";
import type { ObjectiveView, ReportView } from "@/lib/objectives/views";

/** A zone's promise as a figure; deliveries are judged all the time, a figure of days and months needs no more than this. */
export const objectiveQuery = (zoneId: string) =>
  queryOptions({
    queryKey: ["objectives", "one", zoneId],
    queryFn: ({ signal }) => getJson<ObjectiveView>(`/api/v1/zones/${encodeURIComponent(zoneId)}/objective`, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
    refetchIntervalInBackground: false,
  });

/** A month's report as its address names it. */
export const reportSearch = ({ month, owner }: { month?: string | null; owner?: string | null }): string =>
  new URLSearchParams({ ...(month && { month }), ...(owner && { owner }) }).toString();

export const reportQuery = (search: string) =>
  queryOptions({
    queryKey: ["objectives", "report", search],
    queryFn: ({ signal }) => getJson<ReportView>(`/api/v1/promises?${search}`, signal),
    refetchInterval: 60_000,
    refetchIntervalInBackground: false,
  });
