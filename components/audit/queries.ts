import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson } from "@/components/fetch";
import type { AuditPage } from "@/lib/audit/views";

/** The audit, narrowed as auditNarrowing says, a page after another. */
export const auditQuery = (narrowing: Record<string, string>) =>
  infiniteQueryOptions({
    queryKey: ["audit", "list", narrowing],
    queryFn: ({ signal, pageParam }) =>
      getJson<AuditPage>(
        `/api/v1/audit?${new URLSearchParams({ ...narrowing, ...(pageParam && { before: pageParam }) })}`,
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page: AuditPage) => page.next,
    refetchInterval: 5_000,
    refetchIntervalInBackground: false,
    placeholderData: keepPreviousData,
  });

/** People by name, to filter by. */
export const namesQuery = () =>
  queryOptions({
    queryKey: ["operators", "names"],
    queryFn: ({ signal }) => getJson<{ id: string; name: string }[]>("/api/v1/operators/names", signal),
    staleTime: 60_000,
  });
