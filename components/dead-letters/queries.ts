import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson } from "@/components/fetch";
import type { Facets, Grouping } from "@/lib/dead-letters/rules";
import type {
  GroupedView,
  GroupsView,
  GroupView,
  LettersView,
  MessagesView,
  MessageView,
  SavedViews,
} from "@/lib/dead-letters/views";
import type { ForecastView, GroupReadinessView } from "@/lib/operations/views";

const live = { refetchInterval: 2_000, refetchIntervalInBackground: false } as const;
const root = "/api/v1/dead-letters";

/** What a worker foretells for a preview: asked for often until it is there, and then for what arrives. Under a noun of its own, since no event tells of it. */
export const forecastQuery = (forecastId: string | null) =>
  queryOptions({
    queryKey: ["forecast", forecastId],
    queryFn: ({ signal }) => getJson<ForecastView>(`${root}/forecasts/${forecastId}`, signal),
    enabled: forecastId !== null,
    refetchInterval: ({ state }) => (state.data === undefined || state.data.state === "waiting" ? 400 : 5_000),
    refetchIntervalInBackground: false,
  });

/** `search` is the query string of the filter, as made by filterSearch. */
export const groupsQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ["dead-letters", "list", search],
    queryFn: ({ signal, pageParam }) => {
      const after = pageParam === null ? "" : `after=${encodeURIComponent(pageParam)}`;
      const asked = [search, after].filter(Boolean).join("&");
      return getJson<GroupsView>(`${root}/groups${asked ? `?${asked}` : ""}`, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page: GroupsView) => page.after,
    ...live,
    placeholderData: keepPreviousData,
  });

/** Single letters, open or closed. */
export const lettersQuery = (search: string, side: "open" | "closed") =>
  infiniteQueryOptions({
    queryKey: ["dead-letters", "letters", side, search],
    queryFn: ({ signal, pageParam }) => {
      const asked = new URLSearchParams({ side, ...(pageParam !== null && { after: pageParam }) });
      return getJson<LettersView>(`${root}/messages?${[search, asked].filter(Boolean).join("&")}`, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page: LettersView) => page.after,
    refetchInterval: 10_000,
    refetchIntervalInBackground: false,
    placeholderData: keepPreviousData,
  });

/** What the messages that match are summed by. */
export const groupedQuery = (search: string, by: Grouping) =>
  queryOptions({
    queryKey: ["dead-letters", "grouped", by, search],
    queryFn: ({ signal }) => getJson<GroupedView>(`${root}/grouped?${[search, `by=${by}`].filter(Boolean).join("&")}`, signal),
    refetchInterval: 10_000,
    refetchIntervalInBackground: false,
    placeholderData: keepPreviousData,
  });

/** Views that somebody kept. */
export const savedQuery = () =>
  queryOptions({
    queryKey: ["dead-letters", "views"],
    queryFn: ({ signal }) => getJson<SavedViews>(`${root}/views`, signal),
    staleTime: 60_000,
  });

/** What the filter may suggest: asked for when somebody begins to filter. */
export const facetsQuery = () =>
  queryOptions({
    queryKey: ["dead-letters", "facets"],
    queryFn: ({ signal }) => getJson<Facets>(`${root}/facets`, signal),
    staleTime: 30_000,
  });

export const groupQuery = (groupId: string) =>
  queryOptions({
    queryKey: ["dead-letters", "group", groupId],
    queryFn: ({ signal }) => getJson<GroupView>(`${root}/groups/${encodeURIComponent(groupId)}`, signal),
    ...live,
  });

export const messagesQuery = (groupId: string) =>
  infiniteQueryOptions({
    queryKey: ["dead-letters", "messages", groupId],
    queryFn: ({ signal, pageParam }) =>
      getJson<MessagesView>(
        `${root}/groups/${encodeURIComponent(groupId)}/messages${pageParam === null ? "" : `?after=${encodeURIComponent(pageParam)}`}`,
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page: MessagesView) => page.after,
    refetchInterval: 10_000,
    refetchIntervalInBackground: false,
  });

export const readinessQuery = (groupId: string) =>
  queryOptions({
    queryKey: ["dead-letters", "readiness", groupId],
    queryFn: ({ signal }) => getJson<GroupReadinessView>(`${root}/groups/${encodeURIComponent(groupId)}/readiness`, signal),
    refetchInterval: 10_000,
    refetchIntervalInBackground: false,
  });

export const messageQuery = (id: string) =>
  queryOptions({
    queryKey: ["dead-letters", "message", id],
    queryFn: ({ signal }) => getJson<MessageView>(`${root}/messages/${encodeURIComponent(id)}`, signal),
    refetchInterval: 10_000,
    refetchIntervalInBackground: false,
    placeholderData: keepPreviousData,
  });
