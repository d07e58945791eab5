import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson } from "@/components/fetch";
import type { ItemState } from "@/lib/operations/rules";
import type { EditedView, ItemsView, OperationsView, OperationView } from "@/lib/operations/views";
import type { ProofState } from "@/lib/proofs/rules";
import type { ProofView } from "@/lib/proofs/views";

const live = { refetchInterval: 2_000, refetchIntervalInBackground: false } as const;
const root = "/api/v1/operations";
const after = (sign: "?" | "&", cursor: string | null) => (cursor === null ? "" : `${sign}after=${encodeURIComponent(cursor)}`);

export const operationsQuery = () =>
  infiniteQueryOptions({
    queryKey: ["operations", "list"],
    queryFn: ({ signal, pageParam }) => getJson<OperationsView>(`${root}${after("?", pageParam)}`, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page: OperationsView) => page.after,
    ...live,
  });

/** The newest few, for panels. */
export const recentOperationsQuery = () =>
  queryOptions({
    queryKey: ["operations", "recent"],
    queryFn: ({ signal }) => getJson<OperationsView>(root, signal),
    ...live,
    placeholderData: keepPreviousData,
  });

export const operationQuery = (operationId: string) =>
  queryOptions({
    queryKey: ["operations", "one", operationId],
    queryFn: ({ signal }) => getJson<OperationView>(`${root}/${encodeURIComponent(operationId)}`, signal),
    // What ended does not change any more.
    refetchInterval: (query) => (["done", "cancelled"].includes(query.state.data?.operation.state ?? "") ? 30_000 : 1_000),
    refetchIntervalInBackground: false,
  });

export const itemsQuery = (operationId: string, outcome: ItemState | null) =>
  infiniteQueryOptions({
    queryKey: ["operations", "items", operationId, outcome],
    queryFn: ({ signal, pageParam }) =>
      getJson<ItemsView>(
        `${root}/${encodeURIComponent(operationId)}/items?${outcome === null ? "" : `outcome=${outcome}`}${after("&", pageParam)}`,
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page: ItemsView) => page.after,
    refetchInterval: 5_000,
    refetchIntervalInBackground: false,
  });

/** What was changed in the messages, from an item on: neither the patch nor what it was made of changes any more. */
export const editedQuery = (operationId: string, item: number) =>
  queryOptions({
    queryKey: ["operations", "edited", operationId, item],
    queryFn: ({ signal }) => getJson<EditedView>(`${root}/${encodeURIComponent(operationId)}/edited?item=${item}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });

/** Whether the operation's keys converged: looked at again until each is settled. */
export const proofQuery = (operationId: string, state: ProofState | null) =>
  infiniteQueryOptions({
    queryKey: ["operations", "proof", operationId, state],
    queryFn: ({ signal, pageParam }) =>
      getJson<ProofView>(
        `${root}/${encodeURIComponent(operationId)}/proof?${state === null ? "" : `state=${state}`}${after("&", pageParam)}`,
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page: ProofView) => page.after,
    refetchInterval: 5_000,
    refetchIntervalInBackground: false,
  });
