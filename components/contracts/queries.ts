import { queryOptions } from "@tanstack/react-query";
import { getJson } from "@/components/fetch";
import type { ContractTab } from "@/lib/contracts/views";

export const contractQuery = (zoneId: string) =>
  queryOptions({
    queryKey: ["contracts", "one", zoneId],
    queryFn: ({ signal }) => getJson<ContractTab>(`/api/v1/zones/${encodeURIComponent(zoneId)}/contract`, signal),
    refetchInterval: 15_000,
    refetchIntervalInBackground: false,
  });
