import { queryOptions } from "@tanstack/react-query";
import { getJson } from "@/components/fetch";
import type { TokensView } from "@/lib/tokens/views";

export const tokensQuery = () =>
  queryOptions({
    queryKey: ["tokens", "list"],
    queryFn: ({ signal }) => getJson<TokensView>("/api/v1/tokens", signal),
    // "Last used" is written once a minute.
    refetchInterval: 30_000,
    refetchIntervalInBackground: false,
  });
