import { queryOptions } from "@tanstack/react-query";
import { getJson } from "@/components/fetch";
import type { OwnTokensView } from "@/lib/operators/views";

export const tokensQuery = () =>
  queryOptions({
    queryKey: ["tokens", "list"],
    queryFn: ({ signal }) => getJson<OwnTokensView>("/api/v1/tokens", signal),
    // "Last used" is written once a minute.
    refetchInterval: 30_000,
    refetchIntervalInBackground: false,
  });
