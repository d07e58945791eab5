import { queryOptions } from "@tanstack/react-query";
import { getJson } from "@/components/fetch";
import type { ZoneContractTab } from "@/lib/zones/views";

export const contractQuery = (zoneId: string) =>
  queryOptions({
    queryKey: ["contracts", "one", zoneId],
    queryFn: ({ signal }) => getJson<ZoneContractTab>(`/api/v1/zones/${encodeURIComponent(zoneId)}/contract`, signal),
    refetchInterval: 15_000,
    refetchIntervalInBackground: false,
  });

/** The text of one revision; it never changes. */
export const revisionQuery = (zoneId: string, revision: number) =>
  queryOptions({
    queryKey: ["contracts", "revision", zoneId, revision],
    queryFn: ({ signal }) =>
      getJson<{ revision: number; yaml: string }>(
        `/api/v1/zones/${encodeURIComponent(zoneId)}/contract/revisions/${revision}`,
        signal,
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
