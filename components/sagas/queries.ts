import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson } from "@/components/fetch";
import type { SuccessSpan } from "@/lib/sagas/rules";
import type { SagasView, SagaView, SuccessView } from "@/lib/sagas/views";

const root = "/api/v1/sagas";

/** `search` is the query string of the filter, as made by filterSearch. */
export const sagasQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ["sagas", "list", search],
    queryFn: ({ signal, pageParam }) => {
      const after = pageParam === null ? "" : `after=${encodeURIComponent(pageParam)}`;
      const asked = [search, after].filter(Boolean).join("&");
      return getJson<SagasView>(`${root}${asked ? `?${asked}` : ""}`, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page: SagasView) => page.after,
    // Where sagas run, something of them changes in every round, and next to nothing in this list.
    refetchInterval: 15_000,
    refetchIntervalInBackground: false,
    placeholderData: keepPreviousData,
  });

export type SagaId = { sourceId: string; sagaId: string };

export const sagaQuery = ({ sourceId, sagaId }: SagaId) =>
  queryOptions({
    queryKey: ["sagas", "one", sourceId, sagaId],
    queryFn: ({ signal }) => getJson<SagaView>(`${root}/${encodeURIComponent(sourceId)}/${encodeURIComponent(sagaId)}`, signal),
    // An ended one is told of when any other changes.
    refetchInterval: ({ state }) => (state.data?.saga.endedAt == null ? 2_000 : 30_000),
    refetchIntervalInBackground: false,
  });

export const successQuery = (zone: string | null, span: SuccessSpan) =>
  queryOptions({
    queryKey: ["sagas", "success", zone, span],
    queryFn: ({ signal }) =>
      getJson<SuccessView>(`${root}/success?${new URLSearchParams({ span, ...(zone !== null && { zone }) })}`, signal),
    refetchInterval: span === "24h" ? 30_000 : 60_000,
    refetchIntervalInBackground: false,
    placeholderData: keepPreviousData,
  });
