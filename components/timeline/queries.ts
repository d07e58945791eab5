import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson } from "@/components/fetch";
import type { FindView, KeyView } from "@/lib/timeline/views";

const live = { refetchInterval: 2_000, refetchIntervalInBackground: false } as const;

/** Everything known of a business key, a page of its list after another. */
export const keyQuery = (key: string) =>
  infiniteQueryOptions({
    queryKey: ["timeline", "key", key],
    queryFn: ({ signal, pageParam }) => {
      const search = new URLSearchParams({ key, ...(pageParam && { before: pageParam }) });
      return getJson<KeyView>(`/api/v1/keys?${search}`, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page: KeyView) => page.older,
    ...live,
  });

/** What a text names. An answer to an older text stays in sight until the new one is there. */
export const findQuery = (text: string) =>
  queryOptions({
    queryKey: ["timeline", "find", text],
    queryFn: ({ signal }) => getJson<FindView>(`/api/v1/find?${new URLSearchParams({ text })}`, signal),
    enabled: text !== "",
    staleTime: 5_000,
    placeholderData: keepPreviousData,
  });
