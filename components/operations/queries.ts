import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson } from "@/components/fetch";
import type { ItemState } from "@/lib/operations/rules";
import type { EditedView, ItemsView, OperationsView, OperationView } from "@/lib/operations/views";
import { isProofOver, type ProofState } from "@/lib/proofs/rules";
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
    refetchInterval: (query) => {
      const view = query.state.data;
      // Thousands of keys are counted less often.
      if (!view || view.operation.endedAt === null) return view?.grid === null ? 2_000 : 1_000;
      // What ended does not change any more, once its keys and its zones have come to rest.
      return (view.proof === null || isProofOver(view.proof, true)) && view.effect.over ? 30_000 : 5_000;
    },
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

/** Whether the operation's keys converged: looked at again until each is settled; `ended` says that no further one is delivered. */
export const proofQuery = (operationId: string, state: ProofState | null, ended = false) =>
  infiniteQueryOptions({
    queryKey: ["operations", "proof", operationId, state],
    queryFn: ({ signal, pageParam }) =>
      getJson<ProofView>(
        `${root}/${encodeURIComponent(operationId)}/proof?${state === null ? "" : `state=${state}`}${after("&", pageParam)}`,
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page: ProofView) => page.after,
    // As often as the operation itself, which says the same numbers.
    refetchInterval: (query) => {
      const view = query.state.data?.pages[0];
      if (view && isProofOver(view.counts, ended)) return 30_000;
      const still = ended && view?.counts.checking === 0;
      return still || (view && view.grid === null) ? 5_000 : 2_000;
    },
    refetchIntervalInBackground: false,
  });
